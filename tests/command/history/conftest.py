"""`perfci history` called in this process, as the verbs of `perfci baseline` are."""

from tests.command.baseline.conftest import inside

__all__ = ["inside"]
