"""Whole outputs beside their golden files.

`PERFCI_RENEW_GOLDEN=1 pytest tests/reports` writes them anew; look at the difference in git.
"""

import os
from pathlib import Path

from perfci import __version__

_FOLDER = Path(__file__).parent / "golden"


def assert_golden(name: str, content: bytes) -> None:
    """Compare with the golden file; the version of perfci does not count."""
    content = content.replace(f">{__version__}<".encode(), b">VERSION<")
    path = _FOLDER / name
    if os.environ.get("PERFCI_RENEW_GOLDEN"):
        path.write_bytes(content)
    # as text, so that a difference can be read
    assert content.decode() == path.read_bytes().decode(), f"{path} differs"
