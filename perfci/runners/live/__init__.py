"""Python callables of perfci's own process: what the Python API is given."""
