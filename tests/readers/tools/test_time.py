"""GNU time and the shell's: names, launches, failures, damage."""

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import FIXTURES, read, told

VERBOSE = (FIXTURES / "time/verbose.txt").read_text()
SHORT = (FIXTURES / "time/short.txt").read_text()
SHELL = "real\t0m0.026s\nuser\t0m0.001s\nsys\t0m0.000s\n"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (VERBOSE.replace("0:00.15", "1:02:03"), 3723.0),
        (VERBOSE.replace("0:00.15", "2:03.50"), 123.5),
        (SHELL.replace("0m0.026s", "2m3.500s"), 123.5),
        (SHELL.replace("0m0.026s", "2m3,500s"), 123.5),
        ("real 123.50\nuser 0.00\nsys 0.00\n", 123.5),
        (SHORT.replace("0:00.02elapsed", "1:02:03elapsed"), 3723.0),
    ],
)
def test_a_time_is_read_however_it_is_written(text: str, seconds: float) -> None:
    series = told(read(text.replace("\n", "\r\n").encode(), "time"))["series"]
    [latency] = [it for key, it in series.items() if key.endswith(":latency")]
    assert latency[4] == pytest.approx(seconds)


def test_executions_under_one_heading_are_launches_and_others_are_numbered() -> None:
    text = f"{SHELL}{SHELL}=== parse ===\n{SHELL}{SHELL}{SHELL}=== end parse ===\n"
    series = told(read(text.encode(), "time"))["series"]
    assert {key: it[2] for key, it in series.items() if "latency" in key} == {
        "default/time:latency": 1,
        "default/time #2:latency": 1,
        "default/parse:latency": 3,
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"Command exited with non-zero status 3\n{SHORT}", "status 3"),
        (f"Command terminated by signal 9\n{VERBOSE}", "signal 9"),
        (VERBOSE.replace("Exit status: 0", "Exit status: 7"), "status 7"),
        (VERBOSE[: VERBOSE.index("Exit status")], "its output ends before the results"),
        (f"{SHELL[:15]}\n", "its output ends before the results"),
    ],
)
def test_what_failed_or_was_cut_off_is_a_failure(text: str, reason: str) -> None:
    assert set(told(read(text.encode(), "time"))["failed"].values()) == {reason}


def test_cpu_time_too_short_to_print_is_left_out_and_said() -> None:
    recording = read(SHORT.encode(), "time")
    assert "default/time:cpu_time" not in told(recording)["series"]
    assert "CPU time of 0.00 s, too short to compare, is left out: time" in recording.run.warnings


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("\n", "holds no times"),
        (VERBOSE.replace("0:00.15", "0:0x.15"), "line 28: '0x.15' is no number"),
        (SHELL.replace("0m0.026s", "0m0.02"), "line 1: '0m0.02' is no number"),
    ],
)
def test_a_damaged_time_is_refused_with_its_line(text: str, error: str) -> None:
    with pytest.raises(FormatError, match=error):
        read(text.encode(), "time")
