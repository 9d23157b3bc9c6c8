"""ctest: how long each test took, of the lines that it prints.

A test is a process; one that is repeated (`--repeat until-fail:5`) has a line and a launch each
time. ctest rounds to 10 ms: shorter tests come to 0. A line may begin with the time that a CI
system put there. Tests that were skipped, disabled or could not run are left out or have failed,
as ctest says.
"""

import re

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.metrics import LATENCY
from perfci.readers.reading import Broken, Found, Level, Reading
from perfci.readers.source import Source
from perfci.readers.text import lines, number_at

_LINE = re.compile(r".{0,60}?\bTest +#\d+: (.+)")
_OUTCOME = re.compile(r"(.{1,500}?) \.*(?: +(Passed)|\*\*\*(\D{1,100}?)) +(\S+) sec.*")
_LEFT = {"Skipped", "Not Run (Disabled)"}


def read_text(source: Source) -> Reading:
    """Read what ctest prints.

    Raises:
        FormatError: a number is damaged, or there is no test.
    """
    times: dict[str, list[float]] = {}
    broken: dict[str, str] = {}
    left: list[str] = []
    for at, text in lines(source):
        line = _LINE.fullmatch(text)
        outcome = _OUTCOME.fullmatch(line[1][:2000]) if line else None
        if outcome is None:
            continue
        name = outcome[1].strip()
        if outcome[2]:
            times.setdefault(name, []).append(number_at(source, at, outcome[4]))
        elif outcome[3] in _LEFT:
            left.append(name)
        else:
            broken[name] = f"the test ended as {outcome[3]}"
    if not times and not broken:
        raise nothing_in(source, "tests that ran")
    return Reading(
        found=tuple(
            Found(
                name=name,
                metric=LATENCY,
                launches=tuple((value,) for value in values),
                level=Level.PROCESS if len(values) > 1 else Level.NONE,
            )
            for name, values in times.items()
        ),
        broken=tuple(
            Broken(name=name, reason=reason, metrics=(LATENCY,)) for name, reason in broken.items()
        ),
        left=(f"{len(left)} tests were skipped, e.g. {left[0]}",) if left else (),
    )


FORMATS = (
    Format(
        name="ctest",
        describes="ctest: what it prints, the duration of every test",
        proves=Proof.LAUNCHES,
        marks=(
            r"Test project ",
            r"\bTest +#\d+: .{1,500} \.*( +Passed|\*\*\*[^\d\n]{1,100}) +[\d.]+ sec",
        ),
        parse=each(read_text),
    ),
)
