"""The Python API: what the framework's guide describes, on top of the same line as the command."""
