"""console.time: what is a timer and what is not, and long times."""

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import read, told


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("x: 850.25ms", 0.85025),
        ("x: 1.208s", 1.208),
        ("x: 1:02.500 (m:ss.mmm)", 62.5),
        ("x: 2:01:02.500 (h:mm:ss.mmm)", 7262.5),
        ("[12.5ms] x", 0.0125),
        ("x: 12 ms - timer ended", 0.012),
    ],
)
def test_times_are_read_in_every_way_that_they_are_printed(line: str, seconds: float) -> None:
    data = f"version: 1.2.3s\nready\n{line}\n".encode()
    assert told(read(data, "console-time"))["series"] == {
        "default/x:latency": ["s", "lower", 1, 1, seconds]
    }


def test_a_file_without_timers_is_refused() -> None:
    with pytest.raises(FormatError, match="holds no timers"):
        read(b"x: 12\nnothing took 5ms\n", "console-time")
