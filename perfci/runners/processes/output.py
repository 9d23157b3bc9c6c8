"""What a program prints: bounded while it runs, and made a checksum of where one is asked for.

Part of the spawner, whose size is the floor of every peak of memory: nothing big is imported.
"""

import os

_MOST = 16 * 2**20
"""Bytes beyond which all but the end is thrown away while the program runs."""
MOST_FOR_CHECKSUM = 64 * 2**20
"""Bytes that are kept for a checksum."""
_END = 4096
_PART = 65536
"""Bytes that are read at a time."""


class Output:
    """The files that a program prints to.

    Args:
        both: handle of the file for both outputs; for errors alone where the other has its own.
        own: handle of the file for standard output alone; -1 where there is none.
    """

    def __init__(self, both: int, own: int = -1) -> None:
        self._both = both
        self._own = own
        self._cut = b""

    def bound(self) -> None:
        """Throw all but the end of a long output away; never what a checksum is made of."""
        size = os.fstat(self._both).st_size
        if size > _MOST:
            self._cut = os.pread(self._both, _END, size - _END)
            os.ftruncate(self._both, 0)

    def is_too_much(self) -> bool:
        """Return whether more was printed than is kept for a checksum."""
        return self._own >= 0 and os.fstat(self._own).st_size > MOST_FOR_CHECKSUM

    def close(self) -> None:
        """Bound the output for good, once nothing writes to it any more.

        Where standard output has a file of its own, its end is put before that of the errors:
        that is what is told where something goes wrong.
        """
        self.bound()
        size = os.fstat(self._both).st_size
        printed = b""
        if self._own >= 0:
            printed = os.pread(self._own, _END, max(0, os.fstat(self._own).st_size - _END))
        if printed or (self._cut and size < _END):
            begin = self._cut if size < _END else b""
            end = printed + begin + os.pread(self._both, _END, max(0, size - _END))
            os.ftruncate(self._both, 0)
            os.write(self._both, end)

    def checksum(self, beginning: bytes) -> str:
        """Return the checksum of standard output, once nothing writes to it any more.

        Args:
            beginning: of the lines that count; empty for everything.

        Returns:
            Hexadecimal; empty where nothing counts.
        """
        if self._own < 0:
            return ""
        # hashlib would make it large; this part of it is in every Python
        from _blake2 import blake2b

        made = blake2b(digest_size=32)
        found = counts = False
        begins = True
        os.lseek(self._own, 0, os.SEEK_SET)
        with open(self._own, "rb", closefd=False) as file:
            # a line may be longer than what is read at a time
            while part := file.readline(_PART) if beginning else file.read(_PART):
                counts = part.startswith(beginning) if begins else counts
                begins = part.endswith(b"\n")
                if counts or not beginning:
                    made.update(part)
                    found = True
        if beginning and counts and not begins:  # the last line need not have an end
            made.update(b"\n")
        return str(made.hexdigest()) if found else ""
