"""perf stat: launches, events that are left out, versions, damage."""

import pytest

from perfci.errors import FormatError
from perfci.model.metric import Assumption
from tests.readers.tools.reading import FIXTURES, read, told

TEXT = (FIXTURES / "perf-stat/text.txt").read_text()
CSV = (FIXTURES / "perf-stat/commas.csv").read_text()
JSON = (FIXTURES / "perf-stat/json.json").read_text()


def test_runs_of_one_command_are_launches() -> None:
    series = told(read((TEXT * 3).encode(), "perf-stat"))["series"]
    assert {it[2] for it in series.values()} == {3}


@pytest.mark.parametrize(
    ("as_", "file", "once"),
    [("perf-stat", "repeated.txt", TEXT), ("perf-stat-csv", "repeated.csv", CSV)],
)
def test_a_mean_of_runs_says_that_it_has_no_raw_values(as_: str, file: str, once: str) -> None:
    repeated = (FIXTURES / "perf-stat" / file).read_bytes()
    assert "no raw values" in read(repeated, as_).run.warnings[-1]
    assert not any("no raw values" in each for each in read(once.encode(), as_).run.warnings)


@pytest.mark.parametrize(
    ("as_", "text"),
    [
        (
            "perf-stat",
            TEXT.replace("<not supported>      instructions", "1,234,567 instructions:u"),
        ),
        ("perf-stat-csv", CSV.replace("<not supported>,,instructions", "1234567,,instructions:u")),
        (
            "perf-stat-json",
            JSON.replace(
                '"<not supported>", "unit" : "", "event" : "instructions"',
                '"1234567", "unit" : "", "event" : "instructions:u"',
            ),
        ),
    ],
)
def test_a_counter_is_a_metric_that_may_differ_from_run_to_run(as_: str, text: str) -> None:
    recording = read(text.encode(), as_)
    [counted] = [it for it in recording.run.measurements if "instructions" in it.metric.name]
    assert told(recording)["series"][counted.key][4] == 1234570
    assert counted.metric.assumption is Assumption.NOTHING
    assert "events that were not counted are left out: cycles and 2 more" in recording.run.warnings


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("970000      task-clock", 0.00097),
        ("0.97 msec task-clock:u", 0.00097),
        ("0.970000      task-clock (msec)", 0.00097),
        ("<not supported>  task-clock", 0.001767),
    ],
)
def test_cpu_time_is_the_task_clock_or_else_what_the_system_tells(
    line: str, seconds: float
) -> None:
    text = TEXT.replace("0.97 msec task-clock", line)
    series = told(read(text.encode(), "perf-stat"))["series"]
    assert series["default/sleep 0.02:cpu_time"][4] == pytest.approx(seconds)


def test_a_run_that_was_cut_off_has_failed() -> None:
    found = told(read(TEXT[: TEXT.index("seconds time")].encode(), "perf-stat"))
    assert found["failed"] == {"default/sleep 0.02": "its output ends before the results"}


@pytest.mark.parametrize(
    ("as_", "text", "error"),
    [
        ("perf-stat", TEXT.replace("0.021712544", "0.02.1"), "'0.02.1' is no number"),
        ("perf-stat-csv", CSV.replace("\n77,", "\n7.7.7,"), "line 6: '7.7.7' is no number"),
        ("perf-stat-csv", "# started on\n", "holds no events that were counted"),
        ("perf-stat-json", JSON.replace('"75.000000"', '"x"'), "line 6: counter-value is the text"),
        (
            "perf-stat-json",
            JSON.replace('{"counter', '{"interval" : 1.0, "counter'),
            "many moments",
        ),
    ],
)
def test_a_damaged_file_is_refused(as_: str, text: str, error: str) -> None:
    with pytest.raises(FormatError, match=error):
        read(text.encode(), as_)
