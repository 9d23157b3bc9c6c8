"""PHPBench --dump-file: XML with every iteration of every variant.

An iteration is a process of its own, and so a launch, unless the executor is `local`; its value is
the time of one revolution. Beside it stands the peak of memory, where it was taken. A variant with
errors failed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from perfci.readers.format import Format, Proof, nothing_in
from perfci.readers.joining import each
from perfci.readers.metrics import LATENCY, MEMORY
from perfci.readers.reading import Broken, Found, Level, Machine, Params, Reading
from perfci.readers.source import Source
from perfci.readers.timelines.moments import spelled
from perfci.readers.xml_tree import Element, xml_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Variant:
    name: str
    """Of its subject."""
    params: Params
    level: Level
    """What its iterations are."""
    revolutions: int
    iterations: tuple[Element, ...]
    trouble: str
    """Why it failed; empty where it did not."""


def read_xml(source: Source) -> Reading:
    """Read a dump.

    Raises:
        FormatError: damaged, or no variant in it.
    """
    root = xml_of(source)
    found: list[Found] = []
    broken: list[Broken] = []
    for variant in _variants(root):
        if variant.trouble:
            name, params = variant.name, variant.params
            failed = Broken(name=name, params=params, reason=variant.trouble, metrics=(LATENCY,))
            broken.append(failed)
        else:
            found += _measured(variant)
    if not found and not broken:
        raise nothing_in(source, "variants")
    suite = root.first("suite")
    facts = _facts(suite.first("env") if suite else None)
    php = facts.get("php.version", "")
    return Reading(
        found=tuple(found),
        broken=tuple(broken),
        machine=Machine(
            kernel=facts.get("uname.release", ""), interpreter=f"PHP {php}" if php else ""
        ),
        commit=facts.get("vcs.version", ""),
        branch=facts.get("vcs.branch", ""),
        started_at=spelled(suite.get("date")) if suite else None,
    )


def _variants(root: Element) -> Iterator[_Variant]:
    for suite in root:
        for benchmark in suite:
            for subject in benchmark:
                if subject.tag != "subject":
                    continue
                name = f"{benchmark.get('class').lstrip(chr(92))}::{subject.get('name')}"
                executor = subject.first("executor")
                local = executor is not None and executor.get("name") == "local"
                for element in subject:
                    if element.tag == "variant":
                        yield _variant(element, name, local=local)


def _variant(element: Element, name: str, *, local: bool) -> _Variant:
    iterations = [child for child in element if child.tag == "iteration"]
    errors = element.first("errors")
    said = " ".join(error.text.strip() for error in errors or ())
    failed = errors is not None or not iterations
    return _Variant(
        name=name,
        params=_params(element),
        level=Level.ITERATION if local else Level.PROCESS,
        revolutions=_revolutions(element),
        iterations=tuple(iterations),
        trouble=(said or "it has no iteration") if failed else "",
    )


def _params(variant: Element) -> Params:
    """Return the parameters; the name of their set where one of them is no plain value."""
    given = variant.first("parameter-set")
    if given is None:
        return ()
    if all("value" in parameter.attributes for parameter in given):
        return tuple((parameter.get("name"), parameter.get("value")) for parameter in given)
    return (("set", given.get("name")),)


def _revolutions(element: Element, default: int = 1) -> int:
    for name in ("time-revs", "revs"):
        if name in element.attributes:
            found = element.number(name)
            if not 1 <= found < 1e15:
                raise element.wrong(f"has {element.get(name)[:40]!r} as {name}, not 1 or more")
            return int(found)
    return default


def _measured(variant: _Variant) -> Iterator[Found]:
    iterations, revolutions = variant.iterations, variant.revolutions
    times = (it.number("time-net") * 1e-6 / _revolutions(it, revolutions) for it in iterations)
    series = [(LATENCY, tuple(times))]
    if all(it.get("mem-peak") for it in iterations):
        series.append((MEMORY, tuple(it.number("mem-peak") for it in iterations)))
    for metric, values in series:
        apart = tuple((value,) for value in values)
        yield Found(
            name=variant.name,
            params=variant.params,
            metric=metric,
            launches=apart if variant.level is Level.PROCESS else (values,),
            level=variant.level,
            iterations=revolutions if metric is LATENCY else 1,
        )


def _facts(env: Element | None) -> dict[str, str]:
    """Return what the file says of where it was written: `php.version`, `uname.release`."""
    return {
        f"{part.tag}.{value.get('name')}": value.text.strip()
        for part in env or ()
        for value in part
    }


FORMATS = (
    Format(
        name="phpbench",
        describes="PHPBench --dump-file: XML",
        proves=Proof.LAUNCHES,
        marks=(r"<phpbench\b", r"<subject\b", r"<variant\b"),
        files="*.xml",
        parse=each(read_xml),
    ),
)
