"""What went wrong, told once: a job that tries again need not complain again."""

from collections.abc import Iterator
from contextlib import contextmanager

from perfci.errors import DeliveryError


class Once:
    """Remembers what a sink has complained of, for as long as the sink lives."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._told: set[str] = set()

    @contextmanager
    def complaining(self) -> Iterator[None]:
        """Let what the body raises through, unless the same was told before.

        Raises:
            OSError: it could not be written, and that is news.
            DeliveryError: a server did not take it, and that is news.
        """
        try:
            yield
        except (OSError, DeliveryError) as error:
            if str(error) in self._told:
                return
            self._told.add(str(error))
            raise
