"""go test -bench: what fails, what it says of units, and which benchmarks are the same one."""

import pytest

from perfci.errors import FormatError
from perfci.model.metric import Assumption, Better
from tests.readers.tools.reading import read, told

FINE = "BenchmarkFine-8   \t100\t 12.0 ns/op\n"
EVENT = '{"Time":"x","Action":"output","Package":"p","Output":"%s"}\n'


@pytest.mark.parametrize(
    ("text", "failed"),
    [
        ("BenchmarkX-8 \t100\t 12,3x ns/op\nok\n", "default/BenchmarkX: its line is damaged"),
        ("BenchmarkX-8 \t100\t 1", "default/BenchmarkX: the output ends before its result"),
        ("BenchmarkX-8 \t100\t NaN ns/op\n", "default/BenchmarkX: its latency has the value nan"),
        ("BenchmarkX/n=1-8 \tFAIL\tp\t1s\nFAIL\tp\t1s\n", "default/BenchmarkX[n=1]: its process"),
        ("--- FAIL: BenchmarkX/n=1\nFAIL\np\nFAIL\tp\t1s\n", "default/BenchmarkX[n=1]: it failed"),
        ("PASS\nFAIL\tp [setup failed]\n", "default/p: setup failed"),
        ("--- FAIL: TestOther\nFAIL\tp\t1s\n", "default/p: the package failed"),
    ],
)
def test_what_has_no_result_has_failed(text: str, failed: str) -> None:
    found = told(read((FINE + text).encode(), "go"))
    [(id_, reason)] = found["failed"].items()
    assert f"{id_}: {reason}".startswith(failed)
    assert list(found["series"]) == ["default/BenchmarkFine:latency"]


def test_an_ending_that_is_the_same_everywhere_is_no_parameter() -> None:
    text = FINE + FINE.replace("-8", "-16").replace("Fine", "Other")
    series = told(read(text.encode(), "go"))["series"]
    assert set(series) == {"default/BenchmarkFine:latency", "default/BenchmarkOther:latency"}


def test_packages_keep_their_benchmarks_apart() -> None:
    text = f"pkg: a/b\n{FINE}PASS\nok  \ta/b\t1s\npkg: c\n{FINE}"
    series = told(read(text.encode(), "go"))["series"]
    assert set(series) == {"default/a/b.BenchmarkFine:latency", "default/c.BenchmarkFine:latency"}


def test_what_a_benchmark_prints_is_no_setting() -> None:
    loud = "BenchmarkFine-8 \tnote: %d\nnote: %d\n100\t 12.0 ns/op\n"
    found = told(read("".join(loud % (at, at) for at in range(3)).encode(), "go"))
    assert found["series"] == {"default/BenchmarkFine:latency": ["s", Better.LOWER, 3, 3, 1.2e-8]}


def test_unit_lines_tell_what_is_better_and_what_is_exact() -> None:
    text = "Unit hits better=higher\nUnit steps assume=exact\nBenchmarkX 1 5 hits 7 steps 9 MB/s\n"
    metrics = {it.metric.name: it.metric for it in read(text.encode(), "go").run.measurements}
    assert metrics["hits"].better is Better.HIGHER
    assert metrics["steps"].assumption is Assumption.EXACT
    assert metrics["bandwidth"].unit == "B/s"


@pytest.mark.parametrize(
    ("as_", "text"),
    [
        ("go", "PASS\nok  \tp\t1s\n"),
        ("go", "Benchmarking is fun\n"),
        ("go-json", EVENT % "PASS\\n"),
        ("go-json", "no JSON\n"),
    ],
)
def test_output_without_benchmarks_is_refused(as_: str, text: str) -> None:
    with pytest.raises(FormatError, match="results holds no benchmarks"):
        read(text.encode(), as_)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_line_that_is_split_over_events_among_logs_is_one_result(encoding: str) -> None:
    events = EVENT % "BenchmarkFine-8 \\t" + "a log line\n" + EVENT % "100\\t 12.0 ns/op\\n"
    series = told(read(events.replace("\n", "\r\n").encode(encoding), "go-json"))["series"]
    assert series == {"default/p.BenchmarkFine:latency": ["s", Better.LOWER, 1, 1, 1.2e-8]}
