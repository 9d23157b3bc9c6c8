"""A pipeline's report over tests that were run: the same decision as `CICDIntegration`'s."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from perfci.errors import ConfigurationError, ExitCode
from perfci.facade.ci.evaluation import verdict_over
from perfci.facade.ci.kept import evaluations
from perfci.facade.ci.policy import policy_for
from perfci.facade.config import CICDConfig
from perfci.facade.naming import key_of
from perfci.facade.results import RegressionTestResult
from perfci.facade.suite.summary import summary
from perfci.model.comparison import Outcome
from perfci.model.mask import Mask
from perfci.wiring import process
from perfci.wiring.project import open_project

if TYPE_CHECKING:
    from perfci.facade.framework import PerformanceRegressionFramework


def ci_report(
    results: Sequence[RegressionTestResult],
    ci: CICDConfig,
    framework: "PerformanceRegressionFramework",
) -> dict[str, Any]:
    """Judge tests together; the last result of each counts.

    Raises:
        ConfigurationError: something else than results was given.
        FormatError: the framework's folder does not hold them any more.
    """
    for each in results:
        if not isinstance(each, RegressionTestResult):
            raise ConfigurationError(
                f"test_results holds something of type {type(each).__name__}",
                hint="give a list of RegressionTestResult, as in framework.test_results",
            )
    last = {key_of(each): each for each in results}
    project = open_project(Namespace())
    now = process.SystemClock().now()
    policy, unclear = policy_for(ci, framework.config, project, expect=())
    tests = evaluations(last.values(), framework.storage_path, Mask.of(project.environ, ()))
    verdict = verdict_over(tests, policy)
    findings = {finding.key: finding for finding in verdict.findings}
    return {
        "exit_code": int(verdict.exit_code),
        "success": verdict.exit_code is ExitCode.PASS,
        "verdict": verdict.status.value,
        "message": verdict.message,
        **summary(list(last.values()), ()),
        "failures": [
            {
                "test": finding.key,
                "outcome": finding.outcome.value,
                "severity": last[finding.key].regression_severity.value,
                "change_percentage": last[finding.key].change_percentage,
                "message": finding.reason,
            }
            for finding in findings.values()
            if finding.blocking or finding.outcome is Outcome.FAILED
        ],
        "results": [plain(each) for each in last.values()],
        "warnings": list(unclear),
        "generated_at": now.isoformat(),
    }


def plain(result: RegressionTestResult) -> dict[str, Any]:
    """Return a result as JSON holds it."""
    fields = asdict(result)
    return fields | {
        "test_type": result.test_type.value,
        "outcome": result.outcome.value,
        "regression_severity": result.regression_severity.value,
        "timestamp": result.timestamp.isoformat(),
    }
