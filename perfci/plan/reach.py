"""Which rule of the gate decides on which of the configured series."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from perfci.gate.limits import Limits, is_relative, limits_of, sensitivity_of
from perfci.gate.match import matches
from perfci.gate.nearest_key import nearest_key
from perfci.gate.policy import Policy
from perfci.model.benchmark import Benchmark
from perfci.model.identity import BenchmarkId
from perfci.model.metric import Metric
from perfci.model.work import Read
from perfci.plan.meaning import means
from perfci.settings.load import Loaded
from perfci.settings.spelling import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Governed:
    """One series, and what the policy says of it."""

    key: str
    metric: Metric
    limits: Limits
    sensitivity: float
    """The change that measuring must see."""
    relative: int | None
    """Number of the rule that takes the place of `fail_on`; None where none does."""
    budget: int | None
    """Number of the rule whose budget holds; None without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The whole suite under its policy."""

    loaded: Loaded
    policy: Policy
    series: tuple[Governed, ...]
    matched: tuple[frozenset[str], ...]
    """By rule, the keys that its glob means."""
    tools: tuple[Benchmark, ...] = ()
    """Whose series are not known: they have not run yet, or failed."""
    measured: bool = False
    """Whether these are series that were measured, and not only such as are configured."""
    gone: Collection[str] = ()
    """Keys of series that only earlier runs have measured."""

    def may_mean(self, glob: str) -> bool:
        """Tell whether a glob may mean a series that is not known yet."""
        return any(means(glob, tool) for tool in self.tools)

    def instead(self, glob: str) -> str:
        """Say what a glob may have been meant to be that matches nothing."""
        keys = {it.key for it in self.series}.difference(self.gone)
        near = nearest_key(glob, keys)
        if near:
            return near
        if not self.measured:
            theirs = (
                f"; those of what {it.id} measures begin with {it.id.suite}/" for it in self.tools
            )
            return "; `perfci list` shows their keys" + next(theirs, "")
        names = {key.rpartition(":")[0] for key in keys}
        return f"; there are {listed(sorted(names))}" if names else ""

    def rule(self, number: int) -> str:
        """Name a rule: `the rule 'codec/*' (perfci.yml, line 9)`."""
        place = self.loaded.provenance(("gate", "rules", number))
        return f"the rule {shown(self.policy.rules[number].match)} ({place})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What measuring has brought to light."""

    series: Mapping[str, Metric]
    """By key, all that was judged."""
    gone: Collection[str] = ()
    """Keys of those that were not measured now, and are known of earlier runs alone."""
    failed: Collection[BenchmarkId] = ()
    """What did not yield a measurement: of a tool it is still not known what it measures."""


def reach_of(
    loaded: Loaded, policy: Policy, benchmarks: Sequence[Benchmark], known: Known | None = None
) -> Reach:
    """Find out which rule decides on which series.

    Args:
        loaded: the settings.
        policy: made of them.
        benchmarks: all that are configured.
        known: what was measured; None beforehand.
    """
    metrics = {item.id.series(it.name): it for item in benchmarks for it in item.metrics}
    metrics |= known.series if known else {}
    matched = tuple(
        frozenset(key for key in metrics if matches(rule.match, key)) for rule in policy.rules
    )
    relative = [at for at, rule in enumerate(policy.rules) if is_relative(rule)]
    budgets = [at for at, rule in enumerate(policy.rules) if rule.budget is not None]
    series = tuple(
        Governed(
            key=key,
            metric=metric,
            limits=limits_of(policy, key, metric),
            sensitivity=sensitivity_of(policy, key),
            relative=next((at for at in relative if key in matched[at]), None),
            budget=next((at for at in budgets if key in matched[at]), None),
        )
        for key, metric in metrics.items()
    )
    tools = tuple(
        item
        for item in benchmarks
        if isinstance(item.work, Read) and (known is None or item.id in known.failed)
    )
    return Reach(
        loaded=loaded,
        policy=policy,
        series=series,
        matched=matched,
        tools=tools,
        measured=known is not None,
        gone=known.gone if known else (),
    )


def listed(names: Iterable[str]) -> str:
    """Name a few, and count the rest: `a, b, c and 4 more`."""
    every = list(dict.fromkeys(names))
    shown = ", ".join(every[:3])
    return shown if len(every) <= 3 else f"{shown} and {len(every) - 3} more"
