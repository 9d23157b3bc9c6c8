"""Shards as one recording, and as what is stored of them: one run for each kind of machine."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from perfci.model.revision import Mode
from perfci.model.run import Environment, Recording, Run


def united(parts: Sequence[Recording]) -> Recording:
    """Return the whole that parts make up; they are kept in it, as each is decided by itself."""
    first = parts[0]
    there = [part for part in parts if part.run.measurements] or [first]
    modes = {part.mode for part in parts}
    told = next((part for part in there if part.mode is Mode.HISTORY), there[0])
    runs = [part.base_run for part in parts]
    bases = [run for run in runs if run is not None]
    environment = _environment([part.run.environment for part in there])
    ids = [part.run.id for part in there]
    return replace(
        first,
        mode=Mode.HISTORY if Mode.HISTORY in modes else first.mode,
        mode_reason=told.mode_reason,
        run=replace(_joined([part.run for part in parts]), id=_id(ids), environment=environment),
        base_run=replace(_joined(bases), environment=environment) if bases else None,
        elapsed=max(part.elapsed for part in parts),
        earlier=tuple(dict.fromkeys(chain.from_iterable(part.earlier for part in parts))),
        compared=next((part.compared for part in parts if part.compared), ""),
        shard=None,
        parts=tuple(parts),
    )


def by_machine(recording: Recording) -> tuple[Recording, ...]:
    """Return what becomes a baseline: numbers of different machines are never one run.

    Args:
        recording: of any kind; what is not joined of shards is returned as it is.
    """
    groups: dict[str, list[Recording]] = {}
    for part in recording.parts:
        if part.run.measurements:
            groups.setdefault(part.run.environment.fingerprint, []).append(part)
    if len(groups) < 2:
        return (replace(recording, parts=()),)
    return tuple(replace(united(group), parts=(), partial=True) for group in groups.values())


def _joined(runs: Sequence[Run]) -> Run:
    return replace(
        runs[0],
        started_at=min(run.started_at for run in runs),
        measurements=tuple(chain.from_iterable(run.measurements for run in runs)),
        failures=tuple(chain.from_iterable(run.failures for run in runs)),
        warnings=tuple(dict.fromkeys(chain.from_iterable(run.warnings for run in runs))),
    )


def _id(ids: Sequence[str]) -> str:
    """Return an id that the same parts always give, and others never."""
    digest = hashlib.sha256("|".join(ids).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{min(ids).partition('-')[0]}-{digest}"


def _environment(found: Sequence[Environment]) -> Environment:
    """Return the one that all have, or all of them in words."""
    if len({each.fingerprint for each in found}) == 1:
        return found[0]
    return Environment(
        cpu=_listed(each.cpu for each in found),
        cores=min(each.cores for each in found),
        kernel=_listed(each.kernel for each in found),
        runner=_listed(each.runner for each in found),
        interpreter=_listed(each.interpreter for each in found),
        facts={"machines": f"{len({each.fingerprint for each in found})} kinds"},
    )


def _listed(texts: Iterable[str]) -> str:
    distinct = list(dict.fromkeys(filter(None, texts)))
    more = f" and {len(distinct) - 3} more" if len(distinct) > 3 else ""
    return " / ".join(distinct[:3]) + more
