"""Chats hear of a pipeline that failed, and of every regression that has a severity."""

from collections.abc import Iterable

from perfci import pipeline
from perfci.facade.config import CICDConfig
from perfci.model.emission import Service
from perfci.model.evaluation import Evaluation
from perfci.notifiers.occasions import Occasion
from perfci.notifiers.reporter import NoticeReporter
from perfci.notifiers.webhook import WebhookSink
from perfci.wiring import process
from perfci.wiring.project import Project


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
        hint = getattr(item.error, "hint", "")
        yield f"not delivered: {item.error}{f' ({hint})' if hint else ''}"
