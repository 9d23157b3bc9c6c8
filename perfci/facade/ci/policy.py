"""What fails a pipeline, as the gate's policy: what both configurations say, over perfci.yml."""

from collections.abc import Sequence
from dataclasses import replace

from perfci.facade.config import CICDConfig, RegressionTestConfig
from perfci.gate.policy import Level, OnInconclusive, OnMissingBaseline, Policy
from perfci.model.verdict import Severity
from perfci.settings.policy import accepted_by_settings, policy_of
from perfci.wiring import process
from perfci.wiring.acceptances import accepted_elsewhere
from perfci.wiring.project import Project, base_of


def policy_for(
    ci: CICDConfig, tests: RegressionTestConfig, project: Project, *, expect: Sequence[str]
) -> tuple[Policy, tuple[str, ...]]:
    """Return what the gate goes by.

    Rules, budgets and acceptances come from the settings file; severities and what of them fails
    from the two configurations, whatever the file says of those.

    Args:
        ci: what fails.
        tests: from which size a regression is of which severity.
        project: its settings; and its commits and label, which accept regressions, too.
        expect: keys that must have been measured.

    Returns:
        The policy, and what is to be warned of.
    """
    settings, loaded = project.loaded.settings, project.loaded
    elsewhere, warnings = accepted_elsewhere(project, base_of(project))
    policy = policy_of(
        settings,
        (),
        accept=(*accepted_by_settings(loaded), *elsewhere),
        today=process.today(),
        where=loaded.provenance,
    )
    policy = replace(
        policy,
        fail_on=_fail_on(ci),
        bands={band: getattr(tests, f"{band.value}_threshold") for band in Severity},
        max_regressions=ci.max_acceptable_regressions,
        expect=tuple(expect),
    )
    return policy if ci.enable_performance_gates else _without_gates(policy), warnings


def _fail_on(ci: CICDConfig) -> Severity | None:
    if ci.fail_on_major_regression:
        return Severity.MAJOR
    return Severity.CRITICAL if ci.fail_on_critical_regression else None


def _without_gates(policy: Policy) -> Policy:
    """Return a policy by which nothing fails; what would have is told all the same."""
    warn = OnInconclusive.WARN
    return replace(
        policy,
        fail_on=None,
        max_regressions=None,
        rules=tuple(
            replace(rule, level=Level.WARN) if rule.level is Level.ERROR else rule
            for rule in policy.rules
        ),
        on_inconclusive=warn
        if policy.on_inconclusive is OnInconclusive.FAIL
        else policy.on_inconclusive,
        on_missing_baseline=OnMissingBaseline.RECORD,
    )
