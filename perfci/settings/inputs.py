"""The one table of the action's inputs and outputs; files and documents are generated from it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input of the action and of the component."""

    name: str
    """In kebab-case, as workflows write it."""
    key: str
    """The setting that it sets; empty where it is none."""
    description: str
    default: str
    """What holds where it is not given, in words or as the value itself."""
    example: str = ""
    filled: str = ""
    """What GitHub fills in where it is not given."""
    github: bool = False
    """Whether it is the action's alone: GitLab shows a component's inputs to everybody."""

    @property
    def variables(self) -> tuple[str, str]:
        """Return its two names in the environment: GitHub keeps the hyphen, GitLab has none."""
        upper = f"INPUT_{self.name.upper()}"
        return upper, upper.replace("-", "_")


INPUTS = (
    Input(
        name="config",
        key="",
        description="Settings file.",
        default="perfci.yml, perfci.toml or pyproject.toml",
    ),
    Input(
        name="run",
        key="benchmarks",
        description="Shell command to measure, instead of the benchmarks of the settings file.",
        default="the settings file's benchmarks",
        example="./target/release/app parse fixtures/big.json",
    ),
    Input(
        name="results",
        key="benchmarks",
        description="Files, folders or globs of results that another tool has written, one a line; "
        "with `run`, the file or folder that it writes.",
        default="none",
        example="build/bench.json",
    ),
    Input(
        name="format",
        key="benchmarks",
        description="Format of the results, as `perfci formats` lists it; with `run` alone, of "
        "what it prints or writes to `{output}`.",
        default="auto where there are results",
        example="pytest-benchmark",
    ),
    Input(
        name="mode",
        key="mode",
        description="What head is compared with: auto, paired, history or record.",
        default="auto",
    ),
    Input(
        name="base",
        key="base",
        description="Commit or branch to compare with.",
        default="the pull request's base",
    ),
    Input(
        name="store",
        key="store",
        description="Where baselines are kept: file:DIR, git:BRANCH, s3://BUCKET/PREFIX, "
        "gitlab:PACKAGE or artifact:NAME.",
        default="file:.perfci",
        example="git:perfci-data",
    ),
    Input(
        name="setup",
        key="setup",
        description="Command that is run once on each side before measuring.",
        default="none",
        example="make release",
    ),
    Input(
        name="fail-on",
        key="gate.fail_on",
        description="Smallest severity that fails the gate: none, minor, moderate, major or "
        "critical.",
        default="minor",
    ),
    Input(
        name="threshold",
        key="gate.rules",
        description="Worsening that fails the gate for every series that no rule matches.",
        default="none",
        example="5%",
    ),
    Input(
        name="max-regressions",
        key="gate.max_regressions",
        description="More regressions than this fail the gate, whatever their size.",
        default="none",
    ),
    Input(
        name="update-baseline",
        key="update_baseline",
        description="Whether the run becomes a baseline: auto, always or never.",
        default="auto",
    ),
    Input(
        name="output-dir",
        key="output",
        description="Folder that files are written to.",
        default="perfci-results",
    ),
    Input(
        name="working-directory",
        key="",
        description="Folder to work in.",
        default=".",
    ),
    Input(
        name="comment",
        key="report.comment",
        description="When to comment on the pull request: always, on-change or never.",
        default="on-change",
    ),
    Input(
        name="github-token",
        key="",
        description="Token for the comment, the check and stores on GitHub. What it may do, the "
        "job's `permissions:` say; benchmarks never see it.",
        default="the job's own token",
        github=True,
        filled="${{ github.token }}",
    ),
    *(
        Input(
            name=f"{service.lower()}-webhook-url",
            key="",
            description=f"Address of a {service} webhook, from a secret.",
            default=f"the variable {service.upper()}_WEBHOOK_URL",
            github=True,
        )
        for service in ("Slack", "Discord", "Teams")
    ),
)

OUTPUTS: Mapping[str, str] = {
    "verdict": "pass, warn, fail or error.",
    "exit-code": "0 passed, 1 the gate failed, 2 perfci could not do its job.",
    "regressions": "Number of regressions.",
    "critical": "Number of critical regressions.",
    "report-path": "Path of report.html.",
    "result-path": "Path of result.json.",
}


def given(item: Input, environ: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the variable that holds an input, and its text; None where it is absent or empty."""
    for variable in item.variables:
        text = environ.get(variable, "").strip()
        if text:
            return variable, text
    return None


def text_of(name: str, environ: Mapping[str, str]) -> str:
    """Return the text of an input by its name; empty where it is not given."""
    item = next(item for item in INPUTS if item.name == name)
    found = given(item, environ)
    return found[1] if found else ""
