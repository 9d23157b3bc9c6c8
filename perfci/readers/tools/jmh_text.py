"""JMH: what it prints while it runs, with the value of every iteration of every fork.

A fork is a launch, as in `perfci.readers.tools.jmh`. A line may begin with the time that a CI
system put there. What JMH only prints as `≈ 10⁻⁴ ms/op` is no value: such a benchmark failed.
"""

import re
from dataclasses import dataclass, field

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.reading import Broken, Found, Level, Params, Reading
from perfci.readers.source import Source
from perfci.readers.text import lines, number_at
from perfci.readers.tools.jmh import unit_of

_STAMP = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z ")
_BENCHMARK = re.compile(r"# Benchmark: (\S+)")
_PARAMETERS = re.compile(r"# Parameters: \((.*)\)")
_FORK = re.compile(r"# (?:Warmup )?Fork: \d+ of \d+")
_ITERATION = re.compile(r"(# Warmup )?Iteration +\d+: (.+)")
_SCORE = re.compile(r"(\S+)(?: ±\(\S+\) \S+)? (\S+)")


@dataclass(slots=True, kw_only=True)
class _Benchmark:
    name: str
    params: Params = ()
    unit: str = ""
    forks: list[list[float]] = field(default_factory=list)
    warming: bool = False
    """Whether this fork does not count."""
    trouble: str = ""


def read_text(source: Source) -> Reading:
    """Read what JMH prints.

    Raises:
        FormatError: a number is damaged, or there is no benchmark.
    """
    found: list[_Benchmark] = []
    for at, text in lines(source):
        text = _STAMP.sub("", text, count=1).rstrip()  # noqa: PLW2901
        if start := _BENCHMARK.fullmatch(text):
            found.append(_Benchmark(name=start[1]))
        elif found:
            _take(source, at, text, found[-1])
    if not found:
        raise nothing_in(source, "benchmarks")
    return Reading(
        found=tuple(item for it in found if not it.trouble for item in _series(it)),
        broken=tuple(
            Broken(name=it.name, params=it.params, reason=it.trouble or "it has no iteration")
            for it in found
            if it.trouble or not it.unit
        ),
    )


def _take(source: Source, at: int, text: str, to: _Benchmark) -> None:
    if given := _PARAMETERS.fullmatch(text):
        pairs = (part.partition(" = ") for part in given[1].split(", "))
        to.params = tuple((key, value) for key, _, value in pairs if key)
    elif _FORK.fullmatch(text):
        to.warming = "Warmup" in text
        if not to.warming:
            to.forks.append([])
    elif (iteration := _ITERATION.fullmatch(text)) and not to.trouble:
        score = _SCORE.fullmatch(iteration[2])
        if "<failure>" in iteration[2]:
            to.trouble = "an iteration failed"
        elif iteration[1] or to.warming:
            return
        elif score is None or unit_of(score[2]) is None or "≈" in iteration[2]:
            to.trouble = f"JMH printed {iteration[2]}: take a smaller unit (-tu ns), or -rf json"
        else:
            to.unit = score[2]
            to.forks = to.forks or [[]]
            to.forks[-1].append(number_at(source, at, score[1]))


def _series(benchmark: _Benchmark) -> tuple[Found, ...]:
    unit = unit_of(benchmark.unit)
    if unit is None:
        return ()
    return (
        Found(
            name=benchmark.name,
            params=benchmark.params,
            metric=unit.metric,
            launches=tuple(
                tuple(value * unit.factor for value in fork) for fork in benchmark.forks if fork
            ),
            level=Level.PROCESS,
        ),
    )


FORMATS = (
    Format(
        name="jmh-text",
        describes="JMH: what it prints while it runs",
        proves=Proof.LAUNCHES,
        marks=(
            r"^(\S+Z )?# JMH version: ",
            r"^(\S+Z )?# Benchmark: \S+ *$",
            r"^(\S+Z )?(# Warmup )?Iteration +\d+: ",
        ),
        parse=each(read_text),
    ),
)
