"""The job's own page tells of every pipeline; chats of failures and of severe regressions."""

from collections.abc import Iterable
from contextlib import suppress

from perfci import pipeline
from perfci.errors import PerfciError
from perfci.facade.config import CICDConfig
from perfci.model.emission import Emission, Service, Summary
from perfci.model.evaluation import Evaluation
from perfci.model.mask import Mask
from perfci.notifiers.occasions import Occasion
from perfci.notifiers.reporter import NoticeReporter
from perfci.notifiers.webhook import WebhookSink
from perfci.wiring import process, telling
from perfci.wiring.project import Project, without_settings


def on_page(emissions: Iterable[Emission], project: Project | None) -> tuple[str, ...]:
    """Write to the job's own page, where the platform has one; return what was not delivered.

    Args:
        emissions: all that is said; of it, the summary is written.
        project: knows the platform; None where its settings cannot be read.
    """
    try:
        sinks = telling.messengers(project or without_settings())
    except PerfciError:  # not even the variables can be read
        return ()
    summaries = (each for each in emissions if isinstance(each, Summary))
    return tuple(_told(pipeline.deliver(summaries, sinks)))


def broken_on_page(error: PerfciError) -> None:
    """Write to the job's own page why there is no gate at all."""
    with suppress(PerfciError):
        project = without_settings()
        Mask.of(project.environ, ()).error(error)
        on_page(telling.breakdown(project, error, known=False), project)


def notify(evaluation: Evaluation, ci: CICDConfig, project: Project | None) -> tuple[str, ...]:
    """Send what is to be said; return what was not delivered. The verdict stands whatever fails.

    Args:
        evaluation: what came out.
        ci: whether anything is sent, and where.
        project: its settings may say never; None where they cannot be read.
    """
    urls = addresses(ci)
    # a fork's pull request would speak with the project's own voice
    if not ci.enable_notifications or not urls or evaluation.context.is_fork:
        return ()
    severe = any(it.severity and not it.accepted for it in evaluation.verdict.findings)
    occasion = Occasion(project.loaded.settings.notify.on) if project else Occasion.FAIL
    if severe and occasion is not Occasion.NEVER:
        occasion = Occasion.ALWAYS
    sink = WebhookSink(
        urls,
        secret="",
        # a chat counts who comes back before the time that it has named
        wait=lambda seconds: process.wait(2 * seconds),
        now=lambda: process.SystemClock().now().timestamp(),
        token=process.token,
    )
    notices = NoticeReporter(urls, occasion).render(evaluation)
    return tuple(_told(pipeline.deliver(notices, [sink])))


def addresses(ci: CICDConfig) -> dict[Service, str]:
    """Return where messages go; each address is a secret as a whole."""
    urls = {
        Service.SLACK: ci.slack_webhook_url,
        Service.DISCORD: ci.discord_webhook_url,
        Service.TEAMS: ci.teams_webhook_url,
    }
    return {service: url.strip() for service, url in urls.items() if url and url.strip()}


def _told(failed: Iterable[pipeline.Undelivered]) -> Iterable[str]:
    for item in failed:
        error = item.error
        yield f"not delivered: {error.line if isinstance(error, PerfciError) else error}"
