"""Who is told what came out: reports in files, the platform's own pages, comments and chats."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from perfci.errors import PerfciError
from perfci.model.emission import Emission, Service
from perfci.notifiers.addresses import NAMES
from perfci.plan.make import outputs_of
from perfci.plan.plan import Outputs
from perfci.platforms.folder import FolderSink
from perfci.platforms.github.checks import CheckSink
from perfci.platforms.github.comments import CommentSink
from perfci.platforms.github.files import GitHubSink
from perfci.platforms.gitlab.notes import NoteSink
from perfci.ports import Reporter, Sink
from perfci.reports.definitions import Definitions, definitions_of
from perfci.settings.inputs import INPUTS, text_of
from perfci.wiring import process
from perfci.wiring.project import Project, benchmarks_of, project_name, subfolder
from perfci.worktrees.git import Git

_LARGEST = 1 << 20
"""Bytes of a file in which a definition is looked for."""
_INPUTS = frozenset(item.name for item in INPUTS)


def drawn(outputs: Outputs, git: Git | None = None) -> tuple[Reporter, ...]:
    """Name the reports that are files and no more.

    Args:
        outputs: which of them are wanted.
        git: tells who made the commits that a report names; None outside a repository.
    """
    from perfci.reports.json import ResultReporter
    from perfci.reports.junit import JUnitReporter
    from perfci.reports.markdown import CommentReporter

    wanted: list[Reporter] = [
        ResultReporter(),
        JUnitReporter(),
        CommentReporter(outputs.comment),
    ]
    if outputs.html:
        from perfci.reports.html import HtmlReporter
        from perfci.wiring.commits import noted_by

        noted = noted_by(git)
        wanted.append(HtmlReporter(charts=outputs.charts, png=outputs.png, noted=noted))
    return tuple(wanted)


def reporters(project: Project, outputs: Outputs) -> tuple[Reporter, ...]:
    """Name all that is to be said of a gate: files, and what goes to the platform and to chats."""
    from perfci.notifiers.occasions import Occasion
    from perfci.notifiers.reporter import NoticeReporter
    from perfci.reports.annotations import AnnotationReporter
    from perfci.reports.check import CheckReporter
    from perfci.reports.codequality import CodeQualityReporter
    from perfci.reports.openmetrics import MetricsReporter
    from perfci.reports.outputs import OutputReporter

    known = definitions(project)
    config = _in_repository(project, project.config) or "perfci.yml"
    notify = project.loaded.settings.notify
    return (
        *drawn(outputs, project.git),
        OutputReporter(outputs.folder, html=outputs.html),
        AnnotationReporter(known),
        CheckReporter(known),
        MetricsReporter(),
        CodeQualityReporter(known, elsewhere=config),
        NoticeReporter(addresses(project), Occasion(notify.on), author=_author(project)),
    )


def breakdown(project: Project, error: PerfciError, *, known: bool) -> tuple[Emission, ...]:
    """Return all that is said of a run that came to no verdict.

    Args:
        project: whose gate it is.
        error: what stopped it.
        known: whether its settings could be read: else nobody knows whether it wants a comment,
            and only one that is there already is brought up to date.
    """
    from perfci.model.breakdown import Breakdown
    from perfci.notifiers.occasions import Occasion
    from perfci.notifiers.reporter import broken
    from perfci.reports.broken import said_of

    settings = project.loaded.settings
    told = Breakdown(
        project=project_name(project),
        context=project.context,
        error=error,
        author=_author(project),
    )
    notices = broken(told, addresses(project), Occasion(settings.notify.on))
    return (*said_of(told, comment=outputs_of(settings).comment, makes=known), *notices)


def sinks(project: Project, folder: Path) -> tuple[Sink, ...]:
    """Name who takes emissions here: the output folder, and whoever is not on this disk."""
    return (FolderSink(folder), *messengers(project))


def messengers(project: Project) -> tuple[Sink, ...]:
    """Name who brings emissions away: the platform's own files, its servers, and chats."""
    from perfci.notifiers.webhook import WebhookSink

    environ, context = project.environ, project.context
    clock = process.SystemClock()
    return (
        GitHubSink(environ, token=process.token, say=process.say),
        CommentSink(environ, context, process.wait),
        CheckSink(
            environ,
            context,
            wait=process.wait,
            say=lambda text: process.say(f"perfci: {text}\n"),
            token=process.token,
        ),
        NoteSink(environ, wait=process.wait),
        WebhookSink(
            addresses(project),
            secret=environ.get("PERFCI_WEBHOOK_SECRET", "").strip(),
            # a chat counts who comes back before the time that it has named
            wait=lambda seconds: process.wait(2 * seconds),
            now=lambda: clock.now().timestamp(),
            token=process.token,
        ),
    )


def close(told: Sequence[Sink]) -> None:
    """End what is still open, because something ended the job."""
    for sink in told:
        if isinstance(sink, CheckSink):
            sink.close()


def addresses(project: Project) -> dict[Service, str]:
    """Return where messages go: by the action's input, by `notify`, or by the usual variable.

    A fork's pull request tells nobody: what it says would be said with the project's own voice.
    """
    if project.context.is_fork:
        return {}
    found = {service: _address(project, service) for service in Service}
    return {service: url for service, url in found.items() if url}


def unheard(project: Project) -> tuple[str, ...]:
    """Say which variables `notify` names that are not set: their chats hear nothing."""
    if project.context.is_fork or project.loaded.settings.notify.on == "never":
        return ()
    there = addresses(project)
    return tuple(
        f"notify.{service}: the variable {name} is not set, so nothing is sent there"
        for service, name in _named(project).items()
        if service not in there
    )


def hidden_from_benchmarks(project: Project) -> frozenset[str]:
    """Return the variables that hold addresses: nothing that is measured has a use for them."""
    return frozenset({*NAMES.values(), *_named(project).values(), "PERFCI_WEBHOOK_SECRET"})


def definitions(project: Project) -> Definitions:
    """Find where the benchmarks are defined."""
    top = (project.git.root if project.git else project.root).resolve()

    def read(path: str) -> str | None:
        place = (top / path).resolve()
        if not place.is_relative_to(top) or not place.is_file():
            return None
        try:
            with place.open("rb") as file:
                return file.read(_LARGEST).decode("utf-8", "replace")
        except OSError:
            return None

    return definitions_of(
        benchmarks_of(project),
        config=_in_repository(project, project.config),
        folder=subfolder(project.root, top),
        read=read,
    )


def _in_repository(project: Project, path: Path | None) -> str:
    """Return a path relative to the repository; empty where it lies elsewhere."""
    top = (project.git.root if project.git else project.root).resolve()
    place = path.resolve() if path else None
    if place is None or not place.is_relative_to(top):
        return ""
    return place.relative_to(top).as_posix()


def _named(project: Project) -> Mapping[Service, str]:
    notify = project.loaded.settings.notify
    told = {service: getattr(notify, service.value) for service in Service}
    return {service: name.strip("${}") for service, name in told.items() if name}


def _address(project: Project, service: Service) -> str:
    given = f"{service.value}-webhook-url"
    if given in _INPUTS and (url := text_of(given, project.environ)):
        return url
    name = _named(project).get(service, NAMES[service])
    return project.environ.get(name, "").strip()


def _author(project: Project) -> str:
    git, commit = project.git, project.context.commit
    if git is None or not git.commit(commit):
        return ""
    return git.ask("log", "-1", "--format=%an", commit).out.strip()
