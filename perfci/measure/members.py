"""Benchmarks that only the results of a tool tell of: each of them measured in its launches."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from perfci.errors import MeasurementError
from perfci.measure.ledger import Ledger
from perfci.model.benchmark import Benchmark
from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Side
from perfci.model.metric import Metric
from perfci.model.work import Read
from perfci.ports import LaunchOrder, LaunchReport, Member

_LAUNCHES = 3
"""Launches in a row that each bring names which none before had: their names do not last."""


def member_of(unit: Benchmark, id_: BenchmarkId, metrics: tuple[Metric, ...] = ()) -> Benchmark:
    """Return one of the benchmarks that a tool measures.

    Args:
        unit: the tool.
        id_: of the benchmark.
        metrics: that the tool measured of it; those that the settings leave out do not gate.
    """
    work = unit.work
    assert isinstance(work, Read)  # noqa: S101 - no other work has several benchmarks
    gated = tuple(it for it in metrics if not work.metrics or it.name in work.metrics)
    return replace(unit, id=id_, unit=unit.id, metrics=gated)


def enter_members(
    ledger: Ledger, order: LaunchOrder, report: LaunchReport, *, is_fork: bool
) -> None:
    """Enter the benchmarks that a tool's launch tells of, and what is wrong with some of them.

    What only base has is missing, which needs no word here. What only head has is new, or, where
    stored runs know it, is compared with those.

    Args:
        ledger: has not seen this launch yet.
        order: of the tool.
        report: what came of it.
        is_fork: whether head is a stranger's, who could make base unable to run what became slower.
    """
    unit = order.benchmark
    _insist_on_its_own(ledger, unit, report)
    _insist_on_lasting_names(ledger, order, report)
    known = {item.id: item for item in ledger.benchmarks if item.unit == unit.id}
    seen = {each.id: each for each in _seen(report)}
    fresh = {id_: member_of(unit, id_, it.metrics) for id_, it in seen.items() if id_ not in known}
    ledger.enter(unit, tuple(fresh.values()))
    for id_, benchmark in (known | fresh).items():
        each = seen.get(id_) or _Seen(id=id_)
        ledger.beside.update({(id_, metric.name): metric for metric in each.metrics})
        if id_ in fresh and _is_alone(ledger, order, each):
            _let_stand_alone(ledger, benchmark)
        _tell(ledger, order, benchmark, each, may_fall_back=id_ in fresh and not is_fork)


def _insist_on_its_own(ledger: Ledger, unit: Benchmark, report: LaunchReport) -> None:
    named = {member.id for members in report.members.values() for member in members}
    for item in ledger.benchmarks:
        if item.id in named and unit.id not in {item.unit, item.id}:
            raise MeasurementError(
                f"{unit.id} measured {item.id}, and so does {item.launched}",
                hint="give each a `suite` of its own, or leave it out: then its name stands above",
            )


def _insist_on_lasting_names(ledger: Ledger, order: LaunchOrder, report: LaunchReport) -> None:
    """A name that never comes again would be waited for until the time is up."""
    unit = order.benchmark
    known = {item.id for item in ledger.benchmarks if item.unit == unit.id}
    fresh = [it.id for it in _seen(report) if it.id not in known]
    # the very first launch brings nothing but new names
    before = range(order.number - 1, max(order.number - _LAUNCHES, 1), -1)
    if not fresh or len(before) < _LAUNCHES - 1:
        return
    firsts = {
        launches[0].number: id_ for (id_, _, _), launches in ledger.launches.items() if id_ in known
    }
    if all(number in firsts for number in before):
        ledger.withdraw(unit)
        raise MeasurementError(
            f"{unit.id} measures something else in each launch: {firsts[before[0]]}, then "
            f"{fresh[0]}",
            hint="take out of the names what changes from run to run: a process id, a time, a path",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """One benchmark, as a launch shows it on both sides."""

    id: BenchmarkId
    base: Member | None = None
    head: Member | None = None

    @property
    def metrics(self) -> tuple[Metric, ...]:
        sides = (self.head, self.base)
        named = {it.name: it for side in reversed(sides) if side for it in side.metrics}
        return tuple(named.values())

    def on(self, side: Side) -> Member | None:
        return self.head if side is Side.HEAD else self.base


def _differs(each: _Seen) -> str:
    """Say in what a metric of base is another than head's of that name; empty where in nothing."""
    theirs = {it.name: it for it in each.base.metrics} if each.base else {}
    for own in each.head.metrics if each.head else ():
        base = theirs.get(own.name, own)
        if base.unit != own.unit:
            return f"its {own.name} is in {base.unit or 'no unit'} on base, in {own.unit} on head"
        if base.better is not own.better:
            return f"its {own.name} is better when {base.better} on base, {own.better} on head"
    return ""


def _seen(report: LaunchReport) -> Iterator[_Seen]:
    heads = {member.id: member for member in report.members.get(Side.HEAD, ())}
    bases = {member.id: member for member in report.members.get(Side.BASE, ())}
    for id_ in heads | bases:
        yield _Seen(id=id_, head=heads.get(id_), base=bases.get(id_))


def _is_alone(ledger: Ledger, order: LaunchOrder, each: _Seen) -> bool:
    absent = Side.BASE in order.sides and each.base is None
    return absent or order.benchmark.id in ledger.alone


def _let_stand_alone(ledger: Ledger, benchmark: Benchmark) -> None:
    """Compare what base does not have with stored runs, where they know it: else it is new."""
    if any(ledger.fallback(benchmark.id.series(it.name)) for it in benchmark.metrics):
        text = f"{benchmark.id} was not measured on base"
        ledger.fall_back(benchmark, MeasurementError(text, side=Side.BASE))
    else:
        ledger.alone.add(benchmark.id)


def _tell(
    ledger: Ledger, order: LaunchOrder, benchmark: Benchmark, each: _Seen, *, may_fall_back: bool
) -> None:
    """Note what a tool could not measure, or has measured before and now left out."""
    why = _differs(each)
    if why:
        ledger.fail(benchmark, MeasurementError(f"{benchmark.id}: {why}"))
        return
    for side in order.sides:
        member = each.on(side)
        if member is None:
            if not any(
                (benchmark.id, side, it.name) in ledger.launches for it in benchmark.metrics
            ):
                continue
            why = "was measured in earlier launches, and not in this one"
        elif member.failure:
            why = f"could not be measured: {member.failure}"
        else:
            continue
        error = MeasurementError(f"{benchmark.id} {why}", side=side)
        if side is Side.BASE and may_fall_back and each.head and not each.head.failure:
            ledger.fall_back(benchmark, error)
        elif benchmark.id not in ledger.failures:
            ledger.fail(benchmark, error)
