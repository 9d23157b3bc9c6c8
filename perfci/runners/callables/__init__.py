"""Python callables: called in a worker of the project's own interpreter."""
