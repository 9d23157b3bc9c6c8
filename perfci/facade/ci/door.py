"""What a pipeline's variables make: a framework with its tests, and the gate around it."""

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from perfci.errors import ConfigurationError, PerfciError
from perfci.facade.ci.environment import config_from
from perfci.facade.ci.files import RESULT
from perfci.facade.ci.integration import OUTPUT, CICDIntegration
from perfci.facade.ci.notices import broken_on_page
from perfci.facade.ci.registering import register_tests
from perfci.facade.config import CICDConfig, RegressionTestConfig
from perfci.facade.framework import PerformanceRegressionFramework
from perfci.facade.results import CICDResult
from perfci.reports.terminal import table
from perfci.schema import result as schema
from perfci.settings.inputs import text_of
from perfci.wiring import process
from perfci.wiring.project import Project, open_project

_ADD_ON = Path("/data")
"""What an add-on of Home Assistant keeps."""
_FILES = "file:"


def integration() -> CICDIntegration:
    """Return the gate that the variables describe, its tests registered.

    Raises:
        ConfigurationError: a variable has a value that cannot be used; it is named, on the job's
            own page, too.
    """
    try:
        return _integration()
    except PerfciError as error:
        broken_on_page(error)
        raise


def _integration() -> CICDIntegration:
    project = open_project(Namespace())
    environ = project.environ
    ci = config_from(CICDConfig, environ)
    tests = config_from(RegressionTestConfig, environ)
    framework = PerformanceRegressionFramework(tests, _storage(project))
    register_tests(framework, environ, process.folder())
    return CICDIntegration(ci, framework, _output(environ))


def answer(gate: CICDIntegration, result: CICDResult) -> str:
    """Return what is printed at the end: the table, the verdict, and where the files are."""
    place = gate.output_dir / RESULT
    try:
        evaluation = schema.load(place.read_bytes(), str(place))
    except OSError:
        # it could not be written, which the message says
        return f"{result.message}\n"
    screen = process.screen()
    return table(
        evaluation,
        width=screen.width,
        colour=screen.colour,
        ascii_only=screen.ascii_only,
        report=str(gate.output_dir / "reports" / "report.html"),
    )


def _output(environ: Mapping[str, str]) -> Path:
    named = environ.get("PERFCI_OUTPUT", "").strip() or text_of("output-dir", environ)
    return process.folder() / (named or OUTPUT)


def _storage(project: Project) -> Path:
    """Return the folder of the baselines.

    That is the store of the settings, so that the command sees the same ones; but inside an
    add-on, where nothing else is named, what the add-on keeps.

    Raises:
        ConfigurationError: the settings name a store that is no folder.
    """
    url = project.loaded.settings.store
    named = project.loaded.provenance(("store",))
    if not url.startswith(_FILES):
        raise ConfigurationError(
            f"store is {url} ({named}), and the framework keeps its baselines in a folder",
            hint="set PERFCI_STORE=file:DIR, and keep that folder between jobs in the CI's cache",
        )
    kept = _ADD_ON / "performance"
    in_add_on = bool(project.environ.get("SUPERVISOR_TOKEN")) and _ADD_ON.is_dir()
    if named == "default" and (in_add_on or kept.is_dir()):
        return kept
    return project.root / url.removeprefix(_FILES)
