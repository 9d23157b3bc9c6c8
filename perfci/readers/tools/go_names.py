"""Names of Go's benchmarks: which of their endings are GOMAXPROCS, and what their parameters are.

With several processors `go test` ends every name in `-8`; with one it adds nothing, so that the
`-10` of `BenchmarkSort/n-10` is the benchmark's own. A name without a slash is that of a function,
which cannot end so by itself: where there are any, they tell. Where there are none, it is an
ending that all names have, or those that several benchmarks have in turn, as of `-cpu 1,8`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from perfci.readers.reading import Params

_NUMBERED = re.compile(r"(.+)-([2-9]|[1-9]\d+)")
_ONE = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endings:
    """What the names of one run end in."""

    procs: frozenset[str]
    """With how many processors benchmarks ran; 1 is no ending."""
    told: bool
    """Whether one ran with several, so that they are a parameter."""

    def parted(self, name: str) -> tuple[str, Params]:
        """Return a name without its ending, and what it was run with."""
        cut, procs = _parted(name)
        if procs not in self.procs:
            cut, procs = name, _ONE
        return cut, (("procs", procs),) if self.told and procs in self.procs else ()


def endings_of(printed: Iterable[str]) -> Endings:
    """Tell what of the names of one run is GOMAXPROCS."""
    names = set(printed)
    functions = [name for name in names if "/" not in name]
    procs = frozenset(_parted(name)[1] for name in functions) if functions else _supposed(names)
    only = Endings(procs=procs, told=False)
    ran = Counter(only.parted(name)[0] for name in names)
    return Endings(procs=procs, told=max(ran.values(), default=0) > 1)


def full_name(package: str, name: str) -> str:
    """Return a benchmark's name within all packages."""
    return f"{package}.{name}" if package else name


def with_params(full: str) -> tuple[str, Params]:
    """Part the name of a sub-benchmark from the parameters in it."""
    first, *rest = full.split("/")
    kept, params = [first], []
    for part in rest:
        key, _, value = part.partition("=")
        if key and value:
            params.append((key, value))
        else:
            kept.append(part)
    return "/".join(kept), tuple(params)


def _supposed(names: set[str]) -> frozenset[str]:
    """Return the processors that names of sub-benchmarks alone let suppose."""
    ran: dict[str, set[str]] = defaultdict(set)
    for name in names:
        cut, procs = _parted(name)
        ran[cut] |= {procs, _ONE} if cut in names else {procs}
    together = frozenset(_parted(name)[1] for name in names)
    if len(together) == 1:
        return together
    counted = Counter(frozenset(procs) for procs in ran.values() if len(procs) > 1)
    shared = [procs for procs, count in counted.items() if count > 1]
    return shared[0] if len(shared) == 1 else frozenset({_ONE})


def _parted(name: str) -> tuple[str, str]:
    found = _NUMBERED.fullmatch(name)
    return (found[1], found[2]) if found else (name, _ONE)
