"""Evaluations drawn for people and machines. Rendering never decides."""
