"""What the values of these tools are worth, and when they were measured, is told with them."""

import pytest

from tests.readers.tools.reading import FIXTURES, recorded

ROUNDS, REPETITIONS, ONE = "rounds of one process", "repetitions within one", "no raw values"


@pytest.mark.parametrize(
    ("file", "name", "key", "worth"),
    [
        ("benchmark_js/text.txt", "", "default/slow:throughput", ONE),
        ("benchmark_js/suite.json", "", "default/slow:latency", ROUNDS),
        ("console_time/node.txt", "console-time", "default/sort:latency", ONE),
        ("console_time/node.txt", "console-time", "default/loop: inner:latency", ROUNDS),
        ("vitest/summary.json", "", "default/math.bench.js > math > add:latency", ONE),
        ("tinybench/v3.json", "", "default/sort:latency", ROUNDS),
        ("tinybench/v6.json", "", "default/sort:latency", ONE),
        ("tinybench/table.txt", "", "default/sort:latency", ONE),
        ("mitata/samples.json", "", "default/wait[ms=60]:latency", ROUNDS),
        ("mitata/samples.json", "", "default/wait[ms=60]:allocated", ONE),
        ("lighthouse/run-1.json", "", "default/http://localhost/[device=mobile]:speed_index", ""),
        ("junit/pytest.xml", "", "default/test_a.test_wait[case=1]:latency", ONE),
        ("mocha/mocha.json", "", "default/array waits:latency", ONE),
        (
            "playwright/repeated.json",
            "",
            "default/a.spec.ts > fast[project=plain]:latency",
            REPETITIONS,
        ),
        ("linetimer/text.txt", "", "default/loop:latency", ROUNDS),
        ("linetimer/text.txt", "", "default/slow:latency", ONE),
    ],
)
def test_it_is_told_what_values_are(file: str, name: str, key: str, worth: str) -> None:
    run = recorded(FIXTURES / file, as_=name).run
    details = next(it.details for it in run.measurements if it.key == key)
    assert worth in " ".join(details)
    assert bool(details) == bool(worth)


def test_a_sample_of_benchmark_js_is_of_many_executions() -> None:
    run = recorded(FIXTURES / "benchmark_js/suite.json").run
    assert {str(it.id): it.iterations for it in run.measurements} == {
        "default/RegExp#test": 1976310,
        "default/String#indexOf x 2": 41622095,
        "default/slow": 3,
    }


@pytest.mark.parametrize(
    ("file", "time"),
    [
        ("lighthouse/run-1.json", "2026-11-26 17:17:28"),
        ("junit/pytest.xml", "2026-11-26 17:19:28"),
        ("mocha/mocha.json", "2026-11-26 17:07:35"),
        ("playwright/repeated.json", "2026-11-26 17:18:23"),
    ],
)
def test_the_time_is_that_of_the_file(file: str, time: str) -> None:
    assert f"{recorded(FIXTURES / file).run.started_at:%Y-%m-%d %H:%M:%S}" == time
