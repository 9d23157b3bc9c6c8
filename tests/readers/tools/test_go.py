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
        ("BenchmarkX-8 \t100\t 1_0 ns/op\n", "default/BenchmarkX: its line is damaged: 100 1_0 ns"),
        (
            "BenchmarkX-8 \t100\t \u0663 ns/op\n",
            "default/BenchmarkX: its line is damaged: 100",
        ),
        ("BenchmarkX-8 \t\u0663\t 1 ns/op\n", "default/BenchmarkX: its line is damaged: \u0663 1"),
        ("BenchmarkX-8 \t1\t2 ns/op\t3 ns/op\n", "default/BenchmarkX: its line is damaged: 1 2 ns"),
        ("BenchmarkX-8 \t\n1 2 ns/op\t3 ns/op\n", "default/BenchmarkX: its line is damaged: 1 2"),
        (
            f"BenchmarkX-8 \t100\t5 B/op\t3\n{FINE}",
            "default/BenchmarkX: its line is damaged: 100 5",
        ),
        (f"BenchmarkX-8 \t100\t5000\n{FINE}", "default/BenchmarkX: its line is damaged: 100 5000"),
        (f"BenchmarkX-8 \t100\nPASS\n{FINE}", "default/BenchmarkX: its line is damaged: 100"),
        (f"BenchmarkX-8 \t\n100 5 ns/op 3\n{FINE}", "default/BenchmarkX: its line is damaged: 100"),
        (f"BenchmarkX-8 \t{FINE}", "default/BenchmarkX: another benchmark begins on its line"),
        ("BenchmarkX-8 \t100.0\t 1 ns/op\n", "default/BenchmarkX: its line is damaged: 100.0 1 ns"),
        ("BenchmarkX-8 \t1\u00b2\t 1 ns/op\n", "default/BenchmarkX: its line is damaged"),
        ("BenchmarkX-8 \t100\t 1 ns/op\t3\n", "default/BenchmarkX: its line is damaged"),
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


@pytest.mark.parametrize(
    "printed",
    ["about 12 ns/op I guess", "", "\n3 workers: 5 ns/op", "3", "3 mice", "3 mice or so"],
)
def test_what_a_benchmark_prints_behind_its_name_is_no_damage(printed: str) -> None:
    text = f"BenchmarkX-8 \t{printed}\n 100\t 50 ns/op\n"
    found = told(read((FINE + text).encode(), "go"))
    assert sorted(found["series"]) == [
        "default/BenchmarkFine:latency",
        "default/BenchmarkX:latency",
    ]
    assert not found.get("failed")


def test_a_line_that_goes_on_with_the_middle_of_another_tells_of_both() -> None:
    found = told(read(f"{FINE}BenchmarkX-8 \t100\t 50BenchmarkY-8 100 7 ns/op\n".encode(), "go"))
    assert list(found["failed"]) == ["default/BenchmarkX", "default/BenchmarkY"]


def test_what_is_damaged_before_a_setting_is_not_under_it() -> None:
    found = told(read(f"pkg: p\nBenchmarkX-8 \t100\npkg: q\n{FINE}".encode(), "go"))
    assert list(found["series"]) == ["default/q.BenchmarkFine:latency"]
    assert list(found["failed"]) == ["default/p.BenchmarkX"]


def test_names_alone_are_those_of_the_benchmarks_around_others() -> None:
    found = told(read(f"BenchmarkParent\nBenchmarkFine\n{FINE}PASS\n".encode(), "go"))
    assert not found["failed"]


@pytest.mark.parametrize("ended", ["ok  \tp\t1s", "FAIL\tp\t1s"])
def test_what_follows_a_package_that_has_ended_is_not_of_it(ended: str) -> None:
    text = f"pkg: p\n{FINE}PASS\n{ended}\nBenchmarkFine-8 1 99 ns/op\n"
    found = told(read(text.encode(), "go"))
    assert sorted(found["series"]) == [
        "default/BenchmarkFine:latency",
        "default/p.BenchmarkFine:latency",
    ]


@pytest.mark.parametrize(
    "damaged",
    [" 100 10 ns/op", "100\t10 ns/op\t0 B/op", "enchmarkX-8 100 10 ns/op", "\0Be 1 2 ns/op"],
)
@pytest.mark.parametrize("before", ["", FINE, FINE * 9])
def test_results_without_a_name_are_told_with_their_line(damaged: str, before: str) -> None:
    run = read(f"{before}{damaged}\n{FINE}".encode(), "go").run
    line = before.count("\n") + 1
    assert run.warnings[0] == f"1 results without a name are left out, e.g. results, line {line}"
    assert read(f"{before}took 10 ns/op\n{FINE}".encode(), "go").run.warnings == run.warnings[1:]


@pytest.mark.parametrize("end", ["n", "ns/", "ns/o", "ns/opPASS", "B/op"])
@pytest.mark.parametrize("others", [1, 9])
def test_a_line_that_is_cut_within_its_unit_fails_its_benchmark(end: str, others: int) -> None:
    sound = "BenchmarkX-8 1 5 ns/op\n" * others
    text = f"{FINE}{FINE}{sound}BenchmarkX-8 1 5 {end}\n"
    found = told(read(text.encode(), "go"))
    assert list(found["series"]) == ["default/BenchmarkFine:latency"]
    [reason] = found["failed"].values()
    assert reason.startswith(f"1 of its {others + 1} lines have no ns/op")


def test_a_benchmark_without_times_needs_none() -> None:
    found = told(read(b"BenchmarkX-8 1 5 hits\nBenchmarkX-8 1 6 hits\n", "go"))
    assert list(found["series"]) == ["default/BenchmarkX:hits"]
    assert not found["failed"]


def test_a_damaged_line_is_told_with_its_number() -> None:
    for text in (f"{FINE * 9}BenchmarkX 1 5x ns/op\n", f"{FINE * 8}BenchmarkX \n1 5x ns/op\n"):
        [reason] = told(read(text.encode(), "go"))["failed"].values()
        assert reason == "its line is damaged: 1 5x ns/op (line 10 of the output)"


UNITS = "".join(f"BenchmarkX-8 1 {at} u{at}\n" for at in range(1001))
NOTES = "".join(f"note: {at}\nBenchmarkX-8 1 5 ns/op\n" for at in range(1001))


@pytest.mark.parametrize(
    ("as_", "text", "refused"),
    [
        ("go", UNITS, "results, line 1001: the unit 'u1000' comes after 1000 others"),
        ("go", UNITS.replace("-8 ", "-8\n"), "results, line 2002: the unit 'u1000' comes after"),
        ("go", "\n" + UNITS * 5, "results, line 1002: the unit 'u1000' comes after 1000 others"),
        ("go", UNITS[:-26] + "BenchmarkX-8 1 5 x\n" * 9, "results, line 1001: the unit 'x'"),
        ("go", NOTES, "results, line 2002: results are under more than 1000 different settings"),
        ("go", "note: a\n" + FINE * 5 + NOTES, "results, line 2006: results are under more"),
        (
            "go-json",
            EVENT % UNITS.replace("\n", "\\n"),
            "results, output of package 'p', line 1001: the unit 'u1000'",
        ),
    ],
)
def test_units_and_settings_without_end_are_refused(as_: str, text: str, refused: str) -> None:
    with pytest.raises(FormatError) as error:
        read(text.encode(), as_)
    assert error.value.message.startswith(refused)
    assert error.value.hint


def test_many_packages_are_fine() -> None:
    text = "".join(f"note: a\npkg: p{at}\n{FINE}PASS\nnote: b\n" for at in range(1100))
    assert len(told(read(text.encode(), "go"))["series"]) == 1100


def keys(*names: str) -> set[str]:
    """Return the keys of benchmarks that were printed under these names."""
    text = "".join(f"{name}\t100\t12.0 ns/op\n" for name in names)
    series = told(read(text.encode(), "go"))["series"]
    return {key.removeprefix("default/").removesuffix(":latency") for key in series}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("BenchmarkFine-8", "BenchmarkS/n-10-8"), {"BenchmarkFine", "BenchmarkS/n-10"}),
        (("BenchmarkS/n=1-8", "BenchmarkS/n=2-8"), {"BenchmarkS[n=1]", "BenchmarkS[n=2]"}),
        (("BenchmarkFine-8", "BenchmarkOther-16"), {"BenchmarkFine", "BenchmarkOther"}),
    ],
)
def test_the_ending_of_processors_is_no_parameter_where_each_ran_with_one_number_of_them(
    names: tuple[str, ...], expected: set[str]
) -> None:
    assert keys(*names) == expected


@pytest.mark.parametrize(
    "names",
    [
        ("BenchmarkSort/n-10", "BenchmarkSort/n-100"),
        ("BenchmarkSort/n-10", "BenchmarkSort/n-100", "BenchmarkMerge/n-10"),
        ("BenchmarkSort/n-10", "BenchmarkFine"),
        ("BenchmarkSort/n-10", "pkg: b\nBenchmarkFine"),
        ("BenchmarkA/n-1", "BenchmarkA/n-2", "BenchmarkB/n-1", "BenchmarkB/n-2", "BenchmarkFine"),
        ("BenchmarkA/n-1", "BenchmarkA/n-2", "BenchmarkB/n-3", "BenchmarkB/n-4"),
        ("BenchmarkA/n-1",),
    ],
)
def test_with_one_processor_nothing_is_cut_from_a_name(names: tuple[str, ...]) -> None:
    assert keys(*names) == {name.replace("pkg: b\n", "b.") for name in names}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (
            ("A", "A-8", "S/n-10", "S/n-10-8"),
            "A[procs=1] A[procs=8] S/n-10[procs=1] S/n-10[procs=8]",
        ),
        (
            ("S/n-2", "S/n-2-8", "S/n-4", "S/n-4-8"),
            "S/n-2[procs=1] S/n-2[procs=8] S/n-4[procs=1] S/n-4[procs=8]",
        ),
        (("A/x", "A/x-8", "A/y", "A/y-8"), "A/x[procs=1] A/x[procs=8] A/y[procs=1] A/y[procs=8]"),
    ],
)
def test_with_several_numbers_of_processors_they_are_a_parameter(
    names: tuple[str, ...], expected: str
) -> None:
    assert keys(*(f"Benchmark{name}" for name in names)) == {
        f"Benchmark{key}" for key in expected.split()
    }


def test_what_failed_has_the_name_that_it_has_where_it_does_not() -> None:
    failed = "BenchmarkS/n-10 \tFAIL\tp\t1s\n"
    one = told(read(f"BenchmarkFine\t1\t2 ns/op\n{failed}".encode(), "go"))
    assert list(one["failed"]) == ["default/BenchmarkS/n-10"]
    many = told(read((FINE + failed.replace("-10", "-10-8")).encode(), "go"))
    assert list(many["failed"]) == ["default/BenchmarkS/n-10"]


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
