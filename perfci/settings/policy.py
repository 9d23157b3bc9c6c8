"""The gate's settings to its policy."""

from collections.abc import Callable, Sequence
from datetime import date

from perfci.errors import ConfigurationError
from perfci.gate.accept import Acceptance
from perfci.gate.limits import limits_of
from perfci.gate.policy import Policy, Rule
from perfci.model.benchmark import Benchmark
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
    policy = Policy(
        rules=tuple(
            _rule(rule, where(("gate", "rules", at)) if where else "")
            for at, rule in enumerate(gate.rules)
        ),
        fail_on=None if gate.fail_on == "none" else Severity(gate.fail_on),
        bands={band: getattr(gate.severity, band.value) for band in Severity},
        sensitivity=gate.sensitivity,
        max_regressions=gate.max_regressions,
        on_inconclusive=gate.on_inconclusive,
        on_missing_baseline=gate.on_missing_baseline,
        accept=accept,
        today=today,
        expect=_expected(benchmarks)
        if settings.expect is None
        else tuple(_measured_by(name, benchmarks) for name in settings.expect),
    )
    for item in benchmarks:
        for metric in item.metrics:
            limits = limits_of(policy, item.id.series(metric.name), metric)
            if limits.misfit:
                raise ConfigurationError(
                    limits.misfit,
                    hint=f"narrow the rule, e.g. match: '*:{metric.name}', or write the unit",
                )
    return policy


def _measured_by(name: str, benchmarks: Sequence[Benchmark]) -> str:
    """Return what is expected: of a tool's own name, that it measures something."""
    tools = {f"{it.id.suite}/{it.id.name}": it for it in benchmarks if isinstance(it.work, Read)}
    return f"{tools[name].id.suite}/*" if name in tools else name


def _rule(rule: GateRule, source: str) -> Rule:
    at_least, at_least_unit = rule.at_least or (None, "")
    budget, budget_unit = rule.budget or (None, "")
    return Rule(
        match=rule.match,
        threshold=rule.threshold,
        at_least=at_least,
        at_least_unit=at_least_unit,
        budget=budget,
        budget_unit=budget_unit,
        level=rule.level,
        source=source,
    )


def _expected(benchmarks: Sequence[Benchmark]) -> tuple[str, ...]:
    # of a tool, whatever it measures; a parameter's value may contain a colon, which would make the
    # rest of the glob a metric
    keys = (
        f"{item.id.suite}/*" if isinstance(item.work, Read) else str(item.id) for item in benchmarks
    )
    return tuple(f"{key}:*" if ":" in key else key for key in keys)
