"""Whether what a pipeline found better may become the baseline."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from perfci.facade.config import CICDConfig
from perfci.facade.naming import operation_of
from perfci.facade.suite.suite import renew_baselines
from perfci.model.comparison import Comparison, Outcome
from perfci.model.evaluation import Evaluation
from perfci.units import whole_percent
from perfci.wiring import process
from perfci.wiring.project import Project

if TYPE_CHECKING:
    from perfci.facade.framework import PerformanceRegressionFramework


async def replaced(
    evaluation: Evaluation,
    ci: CICDConfig,
    framework: "PerformanceRegressionFramework",
    project: Project,
) -> Evaluation:
    """Measure those tests anew that improved by enough, as the baseline of a new version.

    They are measured anew because what was chosen for being good looks better than it is.

    Args:
        evaluation: what came out.
        ci: whether baselines are replaced at all, from which size, and who approves.
        framework: holds the baselines.
        project: where perfci was started.

    Returns:
        The evaluation, with what became of each such test among its warnings.
    """
    if not ci.auto_update_baselines:
        return evaluation
    told, wanted = [], []
    for finding in evaluation.verdict.findings:
        item = finding.comparison
        if not better(item, ci):
            continue
        refused = refusal(item.id.suite, operation_of(item.id), ci, project)
        if refused:
            told.append(f"{item.key} got better, and its baseline stays: {refused}")
        else:
            wanted.append(item.key)
    version = f"auto-{process.SystemClock().now():%Y%m%dT%H%M%SZ}"
    done = await renew_baselines(framework, wanted, version) if wanted else {}
    for key in wanted:
        why = done.get(key, "it is not measured here any more")
        became = f"its baseline could not be measured: {why}" if why else f"it is now {version}"
        told.append(f"{key} got better, and was measured anew: {became}")
    return replace(evaluation, warnings=(*evaluation.warnings, *told))


def better(comparison: Comparison, ci: CICDConfig) -> bool:
    """Tell whether a test improved by as much as a new baseline takes.

    A change of a metric that can be 0 is a difference: 0.05 are 5 points there.
    """
    worsening = comparison.worsening
    if comparison.outcome is not Outcome.IMPROVED or worsening is None:
        return False
    size = -worsening if comparison.metric.absolute else whole_percent(-worsening)
    return size >= ci.baseline_update_threshold - 1e-12


def refusal(component: str, operation: str, ci: CICDConfig, project: Project) -> str:
    """Say why a test's baseline is not replaced; empty where it is.

    Args:
        component: of the test.
        operation: of the test.
        ci: what is asked for.
        project: its variables, by which a person approves; and whether this is a pull request.
    """
    if project.context.is_pull_request:
        return "a pull request replaces no baseline; the run after its merge does"
    variable = approval(component, operation)
    given = project.environ.get(variable, "").strip().lower()
    if ci.require_manual_baseline_approval and given not in {"true", "1", "yes", "on"}:
        return f"set {variable}=true to approve it"
    return ""


def approval(component: str, operation: str) -> str:
    """Return the variable by which a person approves a baseline.

    Returns:
        `APPROVE_BASELINE_AI_PROVIDERS_ANALYZE_IMAGE`: what a variable's name cannot hold is `_`.
    """
    name = re.sub(r"\W", "_", f"{component}_{operation}", flags=re.ASCII)
    return f"APPROVE_BASELINE_{name.upper()}"
