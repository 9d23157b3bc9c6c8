"""cargo bench: the lines or the JSON of Rust's own harness, and of those that write as it does.

Each line has one number, the median of its rounds; criterion's `--output-format bencher` writes
the same lines. `= 300 MB/s` follows from the time, and is left out.
"""

import re
from collections import Counter

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.json_text import json_lines
from perfci.readers.metrics import LATENCY
from perfci.readers.quantity import Quantity, quantity
from perfci.readers.reading import Broken, Found, Level, Reading
from perfci.readers.source import Source
from perfci.readers.text import lines, number_at

_RESULT = re.compile(r"(?:.* )?bench: +(\S+) (\S+)(?: \(\+/- \S+\).*)?")


def read_text(source: Source) -> Reading:
    """Read what the harness prints.

    Raises:
        FormatError: a number is damaged, or there is no benchmark.
    """
    found: list[Found] = []
    broken: dict[str, str] = {}
    outcomes: Counter[str] = Counter()
    begun = said = ""
    for at, text in lines(source):
        if text.startswith("test ") and " ..." in text:
            begun, _, text = text[len("test ") :].partition(" ...")  # noqa: PLW2901
            begun, text = begun.removesuffix(" - should panic").strip(), text.strip()  # noqa: PLW2901
        if begun and (result := _RESULT.fullmatch(text)):
            it = _quantity(result[2])
            value = number_at(source, at, result[1]) * it.factor
            found.append(
                Found(name=begun, metric=it.metric, launches=((value,),), level=Level.NONE)
            )
            begun = ""
        elif begun and text in {"ok", "ignored", "FAILED"}:
            outcomes[text] += 1
            if text == "FAILED":
                broken[begun] = ""
            begun = ""
        elif text.startswith("---- ") and text.endswith(" stdout ----"):
            said = text.removeprefix("---- ").removesuffix(" stdout ----")
        elif said in broken and text.strip():
            broken[said] = f"{broken[said]} {text.strip()}".strip()
            said = said if text.endswith(":") else ""
    if begun:
        broken[begun] = "the output ends before its result"
    if not found and not broken:
        raise nothing_in(source, "benchmarks")
    return Reading(found=tuple(found), broken=_failed(broken), left=_left(outcomes["ignored"]))


def read_json(source: Source) -> Reading:
    """Read `-- -Z unstable-options --format json`.

    Raises:
        FormatError: a number is damaged, or there is no benchmark.
    """
    found: list[Found] = []
    broken: dict[str, str] = {}
    ignored = 0
    begun = ""
    for event in json_lines(source):
        name, what = event.get("name").text(), event.get("event").text()
        if event.get("type").text() == "bench":
            value = event.need("median").number() * 1e-9
            found.append(Found(name=name, metric=LATENCY, launches=((value,),), level=Level.NONE))
        elif event.get("type").text() != "test":
            continue
        elif what in {"failed", "timeout"}:
            broken[name] = " ".join(
                event.get("stdout").text(what).split("stack backtrace:")[0].split()
            )
        elif what == "ignored":
            ignored += 1
        begun = name if what == "started" else ""
    if begun:
        broken[begun] = "the output ends before its result"
    if not found and not broken:
        raise nothing_in(source, "benchmarks")
    return Reading(found=tuple(found), broken=_failed(broken), left=_left(ignored))


def _quantity(unit: str) -> Quantity:
    """Return what a unit is; a harness of one's own may count `cycles/iter`."""
    found = quantity(unit)
    over = unit.partition("/")[0]
    return quantity(unit, name=over) if found.metric.name == "value" and over else found


def _failed(reasons: dict[str, str]) -> tuple[Broken, ...]:
    return tuple(
        Broken(name=name, reason=reason or "it failed", metrics=(LATENCY,))
        for name, reason in reasons.items()
    )


def _left(ignored: int) -> tuple[str, ...]:
    return (f"{ignored} of the benchmarks and tests were ignored",) if ignored else ()


FORMATS = (
    Format(
        name="cargo-bench",
        describes="cargo bench (Rust's own harness), criterion --output-format bencher",
        proves=Proof.SUMMARY,
        marks=(r"^test .+ \.\.\. ", r"bench: +\S+ \S+/\S+ \(\+/- |^test .+ \.\.\. bench: +\d"),
        parse=each(read_text),
    ),
    Format(
        name="cargo-bench-json",
        describes="cargo bench -- -Z unstable-options --format json",
        proves=Proof.SUMMARY,
        marks=(
            r'^\{ ?"type": ?"(suite|bench)"',
            r'^\{ ?"type": ?"bench",.*"median":|"type": ?"test".*"event": ?"failed"',
        ),
        parse=each(read_json),
    ),
)
