"""What head is compared with, and whether the run becomes a baseline."""

from perfci.errors import ConfigurationError
from perfci.model.revision import Mode
from perfci.plan.plan import Circumstances
from perfci.settings.model import Settings


def choose_mode(
    settings: Settings, circumstances: Circumstances, *, given: bool = False
) -> tuple[Mode, str]:
    """Pick the mode and say why (contract: how the gate decides, 6).

    Args:
        settings: the whole model.
        circumstances: what is known of the place.
        given: whether all results were measured before: none can be had of base.
    """
    context = circumstances.context
    if settings.mode == "paired" or (settings.base and settings.mode == "auto"):
        if not circumstances.in_repository:
            raise ConfigurationError(
                "paired mode compares two commits, and this folder is in no git repository",
                hint="run inside the repository, or use --mode history",
            )
        return Mode.PAIRED, f"--base {settings.base}" if settings.base else "mode: paired"
    if settings.base:
        raise ConfigurationError(
            f"mode is {settings.mode}, and base is {settings.base}: only paired mode has a base",
            hint="leave out one of the two",
        )
    if settings.mode == "record":
        return Mode.RECORD, "mode: record"
    runs = circumstances.comparable_runs
    branch = circumstances.compared or circumstances.branch or "this branch"
    where = f"{branch} in {circumstances.store}"
    pairs = context.is_pull_request and circumstances.in_repository and not given
    if settings.mode == "auto" and pairs:
        return Mode.PAIRED, f"pull request {context.pr_number or context.event}"
    if runs:
        plural = "" if runs == 1 else "s"
        return Mode.HISTORY, f"{runs} run{plural} of {where} from an equal environment"
    return Mode.RECORD, f"no run of {where} from an equal environment to compare with yet"


def updates_baseline(
    settings: Settings, circumstances: Circumstances, *, given: bool = False
) -> bool:
    """Tell whether this run becomes a baseline (contract: how the gate decides, 7).

    On a person's machine a run beside a base is tried out, like a pull request: what was called
    worse, and is no baseline, would else be one as soon as its base is left out.
    """
    context = circumstances.context
    if settings.update_baseline == "never" or context.is_pull_request or context.is_fork:
        return False
    if settings.update_baseline == "always":
        return True
    if not context.in_ci:
        mode, _ = choose_mode(settings, circumstances, given=given)
        return mode is not Mode.PAIRED and settings.store.startswith("file:")
    tracked = settings.branches or [context.default_branch]
    return context.event in {"push", "schedule"} and circumstances.branch in tracked
