"""One file, as whoever reads it gets it."""

from dataclasses import dataclass, replace
from datetime import datetime

from perfci.schema.packed import unpack


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file."""

    name: str
    """For messages, and for formats that go by it: a path in a folder, with forward slashes."""
    data: bytes
    modified: datetime | None = None
    """Aware; None where it is not known."""

    def unpacked(self) -> "Source":
        """Return it as plain data, where it is gzip.

        Raises:
            FormatError: too large, too tightly packed, or damaged.
        """
        data = unpack(self.data, self.name)
        return self if data is self.data else replace(self, data=data)
