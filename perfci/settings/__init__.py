"""Inputs to one model that knows where each value came from."""
