"""No CI system: somebody's own machine."""

from perfci.model.context import Context


def detect() -> Context:
    """Return an empty context: the repository says the rest."""
    return Context(platform="local")
