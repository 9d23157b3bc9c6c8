"""What a pipeline's gate leaves in its output folder."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from perfci import pipeline
from perfci.errors import PerfciError
from perfci.facade.ci.artifacts import FIXED, delete_old, new_folder, write_files
from perfci.facade.config import CICDConfig
from perfci.model.emission import Emission, File
from perfci.model.evaluation import Evaluation
from perfci.plan.make import outputs_of
from perfci.schema import result
from perfci.settings.model import Settings
from perfci.wiring import parts, process, telling
from perfci.wiring.own_files import RUN, answers_in, is_own
from perfci.wiring.project import Project

RESULT = "ci_cd_result.json"
"""Holds what `result.json` holds."""
REPORTS = "reports"
_READ_BY_PEOPLE = frozenset({"report.html", "result.json"})


def clear(output: Path, project: Project) -> None:
    """Make sure that the folder can be written, and remove an earlier run's answer.

    If this run ends early, no stale green is left behind. What is not perfci's own stays.

    Raises:
        PerfciError: the folder cannot be made or written.
        OSError: what is there cannot be removed.
    """
    try:
        parts.writable(output)
    except PerfciError as error:
        error.hint = "choose another output folder, by output_dir or PERFCI_OUTPUT"
        raise
    reports = output / REPORTS
    stale = [output / RESULT] if is_own(output / RESULT) else []
    if is_own(reports / "result.json"):
        stale += (reports / name for name in _READ_BY_PEOPLE)
    for folder in _fixed(output, project):
        run = folder / RUN
        stale += (*answers_in(folder), *((run,) if is_own(run) else ()))
    for path in stale:
        # as files of the folder itself: a link leads to what is not perfci's
        if not path.parent.is_symlink():
            path.unlink(missing_ok=True)


def drawn(evaluation: Evaluation, project: Project | None) -> Sequence[Emission]:
    """Draw every report that the settings want, and what the platform's own page says."""
    settings = project.loaded.settings if project else Settings()
    return pipeline.render(evaluation, telling.drawn(outputs_of(settings)))


def write(
    evaluation: Evaluation,
    emissions: Sequence[Emission],
    ci: CICDConfig,
    output: Path,
    project: Project | None,
) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Write the result, the reports and the artifacts; delete artifacts that are too old.

    Args:
        evaluation: what came out.
        emissions: of it, as `drawn` returns them.
        ci: whether artifacts are written, and how long they stay.
        output: the folder.
        project: where perfci was started; None where its settings cannot be read.

    Returns:
        Paths of what was written, and what is to be warned of.

    Raises:
        OSError: a file could not be written.
    """
    # first what programs read: whatever becomes of the rest, it says what came out
    answer = File(path=RESULT, content=result.dump(evaluation))
    written = [*write_files(output, [answer])]
    written += write_files(output / REPORTS, _pages(emissions))
    if not ci.upload_artifacts:
        return tuple(written), ()
    now = process.SystemClock().now()
    kept = tuple(delete_old(output, now, days=ci.artifact_retention_days))
    for folder in (new_folder(output, now), *_fixed(output, project)):
        written += write_files(folder, emissions)
    return tuple(written), kept


def _pages(emissions: Iterable[Emission]) -> list[Emission]:
    return [it for it in emissions if isinstance(it, File) and it.path in _READ_BY_PEOPLE]


def _fixed(output: Path, project: Project | None) -> Iterator[Path]:
    yield output / FIXED
    on_gitlab = project is not None and project.context.platform == "gitlab"
    checkout = project.environ.get("CI_PROJECT_DIR", "") if project and on_gitlab else ""
    if checkout:
        # GitLab uploads nothing that lies elsewhere
        inside = Path(checkout).resolve()
        if not output.resolve().is_relative_to(inside):
            yield inside / FIXED
