"""The gate's settings to its policy."""

from collections.abc import Callable, Sequence
from datetime import date

from perfci.errors import ConfigurationError
from perfci.gate.accept import Acceptance
from perfci.gate.match import matches
from perfci.gate.policy import Policy, Rule
from perfci.model.benchmark import Benchmark
from perfci.model.metric import Metric
from perfci.model.verdict import Severity
from perfci.model.work import Read
from perfci.settings.load import Loaded
from perfci.settings.model import GateRule, Settings
from perfci.settings.spelling import KeyPath


def accepted_by_settings(loaded: Loaded) -> tuple[Acceptance, ...]:
    """Return the entries of `gate.accept`, each with its place."""
    return tuple(
        Acceptance(
            match=entry.match,
            reason=entry.reason,
            source=loaded.provenance(("gate", "accept", at)),
            until=entry.until,
            up_to=entry.up_to,
        )
        for at, entry in enumerate(loaded.settings.gate.accept)
    )


def policy_of(
    settings: Settings,
    benchmarks: Sequence[Benchmark],
    *,
    accept: tuple[Acceptance, ...] = (),
    today: date = date.min,
    where: Callable[[KeyPath], str] | None = None,
) -> Policy:
    """Return what the gate goes by.

    Args:
        settings: the whole model.
        benchmarks: all that are configured; they are expected where `expect` is not set.
        accept: known regressions, from wherever they are accepted.
        today: the day on which acceptances must hold.
        where: finds the place of a setting, for messages.

    Raises:
        ConfigurationError: a rule limits seconds with bytes, or the like.
    """
    gate = settings.gate
    series = [
        (item.id.series(metric.name), metric) for item in benchmarks for metric in item.metrics
    ]
    for key, metric in series:
        _check_units(gate.rules, key, metric, where)
    return Policy(
        rules=tuple(_rule(rule) for rule in gate.rules),
        fail_on=None if gate.fail_on == "none" else Severity(gate.fail_on),
        bands={band: getattr(gate.severity, band.value) for band in Severity},
        sensitivity=gate.sensitivity,
        max_regressions=gate.max_regressions,
        on_inconclusive=gate.on_inconclusive,
        on_missing_baseline=gate.on_missing_baseline,
        accept=accept,
        today=today,
        expect=_expected(benchmarks) if settings.expect is None else settings.expect,
    )


def _rule(rule: GateRule) -> Rule:
    return Rule(
        match=rule.match,
        threshold=rule.threshold,
        at_least=rule.at_least[0] if rule.at_least else None,
        budget=rule.budget[0] if rule.budget else None,
        level=rule.level,
    )


def _expected(benchmarks: Sequence[Benchmark]) -> tuple[str, ...]:
    # of a tool, whatever it measures; a parameter's value may contain a colon, which would make the
    # rest of the glob a metric
    keys = (
        f"{item.id.suite}/*" if isinstance(item.work, Read) else str(item.id) for item in benchmarks
    )
    return tuple(f"{key}:*" if ":" in key else key for key in keys)


def _check_units(
    rules: Sequence[GateRule],
    key: str,
    metric: Metric,
    where: Callable[[KeyPath], str] | None,
) -> None:
    """Look at the rules that decide on a series: its first relative one, and its first budget."""
    matching = [(at, rule) for at, rule in enumerate(rules) if matches(rule.match, key)]
    relative = next(
        ((at, rule.at_least) for at, rule in matching if rule.threshold or not rule.budget), None
    )
    budget = next(((at, rule.budget) for at, rule in matching if rule.budget), None)
    for name, found in (("at_least", relative), ("budget", budget)):
        if found and found[1] and found[1][1] != metric.unit:
            place = f" ({where(('gate', 'rules', found[0], name))})" if where else ""
            raise ConfigurationError(
                f"gate.rules[{found[0]}].{name} is in {found[1][1]}, but {key}, which the rule "
                f"matches, is in {metric.unit}{place}",
                hint=f"narrow the rule, e.g. match: '*:{metric.name}'",
            )
