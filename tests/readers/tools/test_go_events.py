"""go test -json: one damaged event tells of what was in it, and takes nothing else with it."""

import json

import pytest

from perfci.readers.formats import FORMATS, detect
from perfci.readers.reading import Reading
from perfci.readers.source import Source


def event(output: object, package: object = "p", **more: object) -> str:
    """Return an event of output as Go writes it."""
    said = {"Time": "x", "Action": "output", "Package": package, **more, "Output": output}
    return json.dumps(said, separators=(",", ":")) + "\n"


def benchmark(name: str, value: int, package: str = "p") -> tuple[str, str]:
    """Return the two events of a benchmark: its name, and its numbers."""
    return event(f"{name}-8 \t", package), event(f"100\t {value} x\n", package)


ABOVE = (event("goos: linux\n"), *benchmark("BenchmarkA", 1))
NAME, NUMBERS = benchmark("BenchmarkB", 2)
BELOW = (*benchmark("BenchmarkC", 3), event("PASS\n"))


def reading(*events: str) -> Reading:
    """Read events with nothing made of them."""
    data = "".join(events).encode()
    found = FORMATS["go-json"].parse([Source(name="results", data=data)])
    assert isinstance(found, Reading)
    return found


def values(found: Reading) -> dict[str, list[float]]:
    """Return what was measured, by name."""
    return {item.name: [value for (value,) in item.launches] for item in found.found}


def broken(found: Reading) -> dict[str, str]:
    """Return what has no result, by name."""
    return {item.name: item.reason for item in found.broken}


SOUND = {"p.BenchmarkA": [1.0], "p.BenchmarkC": [3.0]}
LEFT = ("1 damaged events were left out, e.g. line %d",)
LINE = len(ABOVE) + 1

damaged_numbers = pytest.mark.parametrize(
    "damaged",
    [
        NUMBERS[:-9] + "\n",
        NUMBERS[:30] + "\n",
        NUMBERS[:12] + "\n",
        NUMBERS[:4] + "\n",
        NUMBERS.replace(":", ": ").replace(",", ", ")[:50] + "\n",
        NUMBERS[:-9] + "\n" + NUMBERS[-8:-3] + "\n",
        NUMBERS[30:],
        NUMBERS[-9:],
        event(3),
        event(None),
        event(["100\t 2 x\n"]),
        event("100\t 2 x\n", ["p"]),
        event("100\t 2 x\n", Action=["output"]),
        event("100\t 2 x\n", Action=None),
    ],
)


@damaged_numbers
def test_a_benchmark_whose_numbers_are_damaged_has_failed(damaged: str) -> None:
    found = reading(*ABOVE, NAME, damaged, *BELOW)
    assert values(found) == SOUND
    assert broken(found) == {"p.BenchmarkB": f"line {LINE + 1} of the file is damaged"}
    assert found.left == (LEFT[0] % (LINE + 1),)


@damaged_numbers
def test_numbers_that_are_damaged_are_no_others(damaged: str) -> None:
    found = reading(*ABOVE, NAME, damaged, NUMBERS.replace("2", "9"), *BELOW)
    # a line that may be of any package may have stood between the two
    unknown = '"Package":"p"' not in damaged
    assert values(found) in (SOUND, SOUND | {"p.BenchmarkB": [9.0]} if unknown else SOUND)
    assert found.left == (LEFT[0] % (LINE + 1),)


@pytest.mark.parametrize(
    "damaged",
    [NAME[:-9] + "\n", NAME[:30] + "\n", NAME[:12] + "\n", event(3), event(None), event("x", 7)],
)
def test_numbers_whose_name_is_damaged_are_told_to_be_left_out(damaged: str) -> None:
    found = reading(*ABOVE, event("BenchmarkB\n"), damaged, NUMBERS, *BELOW)
    assert values(found) == SOUND
    assert found.left == (LEFT[0] % (LINE + 1),)


@pytest.mark.parametrize(
    "damaged",
    [
        event("BenchmarkB-8 \t", Action=["output"]),
        event("BenchmarkB-8 \t100\t 2 x\n")[:-12] + "\n",
        event(None, Test="BenchmarkB"),
        event("BenchmarkB", Test="BenchmarkB")[:-9] + "\n",
    ],
)
def test_a_damaged_event_that_names_a_benchmark_makes_it_fail(damaged: str) -> None:
    found = reading(*ABOVE, damaged, NUMBERS, *BELOW)
    assert values(found) == SOUND
    assert broken(found) == {"p.BenchmarkB": f"line {LINE} of the file is damaged"}


def test_two_events_on_one_line_lose_both_and_tell_of_both() -> None:
    name, numbers = BELOW[:2]
    found = reading(*ABOVE, NAME, NUMBERS[:50], name, numbers)
    assert values(found) == {"p.BenchmarkA": [1.0]}
    assert sorted(broken(found)) == ["p.BenchmarkB", "p.BenchmarkC"]


def test_numbers_behind_more_than_one_damaged_line_may_be_those_of_another() -> None:
    lost = '{"Time":"x",\n'
    found = reading(*ABOVE, NAME, lost, lost, NUMBERS, *BELOW)
    assert values(found) == SOUND
    assert list(broken(found)) == ["p.BenchmarkB"]


@pytest.mark.parametrize(
    "damaged",
    [
        event("=== RUN   BenchmarkB\n", Action=None, Test="BenchmarkB"),
        event("BenchmarkB\n", Action=None, Test="BenchmarkB"),
        '{"Time":"x","Action":"run","Package":"p","Test":"Bench\n',
    ],
)
def test_a_damaged_event_that_holds_no_result_takes_none(damaged: str) -> None:
    found = reading(*ABOVE, damaged, NAME, damaged, NUMBERS, *BELOW)
    assert values(found) == SOUND | {"p.BenchmarkB": [2.0]}
    assert not found.broken
    assert found.left == (f"2 damaged events were left out, e.g. line {LINE}",)


@pytest.mark.parametrize(
    "log", ["a log", "{", "{a: 1}", '{"level":"info"}', '{"level":"inf', '{"Package":3}', "", "1}"]
)
def test_what_others_print_between_events_is_let_pass(log: str) -> None:
    found = reading(*ABOVE, NAME, f"{log}\n", NUMBERS, *BELOW)
    assert values(found) == SOUND | {"p.BenchmarkB": [2.0]}
    assert not found.left


def test_a_benchmark_whose_numbers_are_missing_has_failed() -> None:
    found = reading(*ABOVE, NAME, *BELOW)
    assert values(found) == SOUND
    assert list(broken(found)) == ["p.BenchmarkB"]


def test_packages_whose_events_alternate_are_each_read_alone() -> None:
    ours, theirs = benchmark("BenchmarkA", 1, "p"), benchmark("BenchmarkA", 2, "q")
    panic = event("panic: p alone\n", "p"), event("FAIL\tq\t1s\n", "q")
    found = reading(ours[0], theirs[0], ours[1], theirs[1], *panic)
    assert values(found) == {"p.BenchmarkA": [1.0], "q.BenchmarkA": [2.0]}
    assert broken(found) == {"q": "the package failed"}


@pytest.mark.parametrize("cut", [12, 30, 44, 60])
def test_events_of_two_packages_on_one_line_are_of_both(cut: int) -> None:
    ours, theirs = benchmark("BenchmarkB", 2, "p"), benchmark("BenchmarkB", 3, "q")
    above, both = event("BenchmarkB\n", "p"), ours[0][:cut] + theirs[0]
    found = reading(above, both, ours[1], theirs[1], *BELOW)
    assert values(found) == {"p.BenchmarkC": [3.0]}
    assert "q.BenchmarkB" in broken(found)


@pytest.mark.parametrize("cut", [12, 30, 60])
def test_a_damaged_event_of_one_package_takes_nothing_of_another(cut: int) -> None:
    ours, theirs = benchmark("BenchmarkB", 2, "p"), benchmark("BenchmarkB", 3, "q")
    found = reading(ours[0], theirs[0], ours[1][:cut] + "\n", theirs[1], *BELOW)
    assert values(found) == {"q.BenchmarkB": [3.0], "p.BenchmarkC": [3.0]}
    assert list(broken(found)) == ["p.BenchmarkB"]


@pytest.mark.parametrize("at", range(len("BenchmarkB-8 \t100\t 2 x\r\n")))
def test_a_line_may_be_split_anywhere(at: int) -> None:
    line = "BenchmarkB-8 \t100\t 2 x\r\n"
    found = reading(*ABOVE, event(line[:at]), "a log\n", event(line[at:]), *BELOW)
    assert values(found) == SOUND | {"p.BenchmarkB": [2.0]}
    assert not found.broken


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_events_may_come_from_windows(encoding: str) -> None:
    text = "".join((*ABOVE, NAME, "a log\n", NUMBERS, *BELOW)).replace("\n", "\r\n")
    source = Source(name="results", data=text.encode(encoding))
    found = FORMATS["go-json"].parse([source])
    assert isinstance(found, Reading)
    assert values(found) == SOUND | {"p.BenchmarkB": [2.0]}


@pytest.mark.parametrize(
    "event",
    [
        '{"Action":"output","Package":"p","Output":"%s"}\n',
        '{"Time": "x", "Action": "output", "Package": "p", "Output": "%s"}\n',
        '{"Output":"%s","Package":"p","Time":"x","Action":"output"}\n',
    ],
)
def test_events_are_known_however_they_are_written(event: str) -> None:
    data = (event % "BenchmarkX-8 \\t" + event % " 100\\t 50 x\\n").encode()
    assert detect(Source(name="results", data=data)).name == "go-json"
    [found] = reading(data.decode()).found
    assert (found.name, found.launches[0]) == ("p.BenchmarkX", (50.0,))
