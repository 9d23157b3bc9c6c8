"""The Python API's way into a pipeline: one call measures, judges, tells and keeps."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from perfci.errors import ConfigurationError
from perfci.facade.ci import pipelines
from perfci.facade.config import CICDConfig
from perfci.facade.results import CICDResult

if TYPE_CHECKING:
    from perfci.facade.framework import PerformanceRegressionFramework

OUTPUT = "/tmp/performance_ci"  # noqa: S108 - whoever wants another names it
"""Where files go where nothing else is said."""


class CICDIntegration:
    """Runs the comprehensive suite as a gate.

    Args:
        ci_config: what fails, who is told, what is kept.
        framework: measures; tests that were registered with it are part of the suite.
        output_dir: folder for `ci_cd_result.json`, `reports/` and the artifacts.

    Raises:
        ConfigurationError: an argument is of the wrong kind.
    """

    def __init__(
        self,
        ci_config: CICDConfig,
        framework: "PerformanceRegressionFramework",
        output_dir: str | Path = OUTPUT,
    ) -> None:
        from perfci.facade.framework import PerformanceRegressionFramework

        if not isinstance(ci_config, CICDConfig):
            raise ConfigurationError(
                f"CICDIntegration: ci_config is of type {type(ci_config).__name__}",
                hint="give a CICDConfig first, then the framework, then the output folder",
            )
        if not isinstance(framework, PerformanceRegressionFramework):
            raise ConfigurationError(
                f"CICDIntegration: framework is of type {type(framework).__name__}",
                hint="give a CICDConfig first, then the framework, then the output folder",
            )
        self.ci_config = ci_config
        self.framework = framework
        self.output_dir = Path(output_dir)

    async def run_ci_cd_performance_tests(self) -> CICDResult:
        """Measure, judge, tell and keep.

        Whatever goes wrong on the way ends in exit code 2 with the reason, never in 1. Only what
        ends the caller, too (a cancelled task, Ctrl-C), is raised; each finished test is kept in
        the framework's folder by then.

        Returns:
            0 where the gate passed, also with warnings; 1 where it failed; 2 where a test failed,
            was not reached in time, or nothing was measured.
        """
        from perfci.facade.ci.run import breakdown, run

        try:
            return await run(self.ci_config, self.framework, self.output_dir)
        # whoever exits with the result would else end with 1, which says that the gate failed
        except Exception as error:  # noqa: BLE001 - a crash is 2 and a message, never 1
            return await asyncio.to_thread(breakdown, error, self.ci_config, self.output_dir)

    def generate_github_actions_workflow(self) -> str:
        """Return the workflow that `perfci init github` writes for this repository.

        Raises:
            ConfigurationError: no pipeline can be written for a folder of this name.
        """
        return pipelines.github_actions_workflow()

    def generate_gitlab_ci_config(self) -> str:
        """Return the pipeline that `perfci init gitlab` writes for this repository.

        Raises:
            ConfigurationError: no pipeline can be written for a folder of this name.
        """
        return pipelines.gitlab_ci_config()
