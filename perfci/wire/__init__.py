"""Servers as perfci asks them over HTTP: bounded in time, in size and in patience."""
