"""The comprehensive suite: what is enabled and there, measured for real."""
