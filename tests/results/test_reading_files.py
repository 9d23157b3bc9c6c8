"""A file is read whole, whatever it says of its own size."""

import os
import threading
from pathlib import Path

from perfci.results.files import read_source


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    for size in (0, 1, 70_000):
        (tmp_path / "a").write_bytes(b"x" * size)
        assert read_source(str(tmp_path / "a")).data == b"x" * size


def test_a_pipe_that_says_that_it_is_empty_is_read_whole(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"x" * 200_000,))
    writer.start()
    found = read_source(str(pipe))
    writer.join()
    assert len(found.data) == 200_000
    assert found.modified is None
