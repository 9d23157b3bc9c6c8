"""Addresses as people set them by mistake."""

import pytest

from perfci.model.emission import Service
from perfci.notifiers.addresses import problem, secrets_of

SLACK = "https://hooks.slack.com/services/T0001/B0001/abcdefghijklmnopqrstuvwx"
DISCORD = "https://discord.com/api/webhooks/123456789012345678/AbC-dEf_123"
TEAMS = (
    "https://x1.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/"
    "0a1b/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers&sv=1.0&sig=AbCdEfGhIjKlMnOpQrSt"
)


@pytest.mark.parametrize(
    ("service", "url"),
    [
        (Service.SLACK, SLACK),
        (Service.SLACK, "https://hooks.slack-gov.com/services/T/B/x"),
        (Service.SLACK, "https://chat.example.org/hooks/abc"),
        (Service.SLACK, f"{DISCORD}/slack"),
        (Service.DISCORD, DISCORD),
        (Service.DISCORD, "https://canary.discord.com/api/v10/webhooks/1/x?thread_id=5"),
        (Service.TEAMS, TEAMS),
        (Service.TEAMS, "https://prod-1.westus.logic.azure.com/workflows/1?sig=x"),
        (Service.WEBHOOK, "https://ci.example.org/perfci"),
        (Service.WEBHOOK, "http://127.0.0.1:8080/x"),
        (Service.WEBHOOK, "http://[::1]:8080/x"),
        (Service.WEBHOOK, "http://localhost/x"),
    ],
)
def test_a_webhook_is_taken_as_it_is(service: Service, url: str) -> None:
    assert problem(service, url) == ""


@pytest.mark.parametrize(
    ("service", "url", "told"),
    [
        (Service.SLACK, "", "empty"),
        (Service.SLACK, "$SLACK_WEBHOOK_URL", "never filled in"),
        (Service.SLACK, "${SLACK_WEBHOOK_URL}", "never filled in"),
        (Service.SLACK, "${{ secrets.SLACK }}", "never filled in"),
        (Service.TEAMS, "%TEAMS_WEBHOOK_URL%", "never filled in"),
        (Service.TEAMS, "<your webhook here>", "never filled in"),
        (Service.SLACK, SLACK.removeprefix("https://"), "does not begin with https://"),
        (Service.SLACK, SLACK.replace("https", "htps"), "does not begin with https://"),
        (Service.SLACK, "https://", "does not begin with https://"),
        (Service.SLACK, "https://[::1", "does not begin with https://"),
        (Service.SLACK, SLACK.replace("https", "http"), "whoever listens"),
        (Service.SLACK, f"{SLACK}\nx", "line break"),
        (Service.SLACK, SLACK.replace("/B", " /B"), "blank"),
        (Service.WEBHOOK, "https://me:pw@example.org/x", "user name"),
        (Service.WEBHOOK, "http://localhost.evil.example/x", "whoever listens"),
        (Service.SLACK, "https://acme.slack.com/archives/C024BE91L", "page for the browser"),
        (Service.SLACK, "https://app.slack.com/client/T1/C1", "page for the browser"),
        (Service.DISCORD, "https://discord.com/channels/1/2", "page for the browser"),
        (Service.DISCORD, "https://discord.gg/abc", "page for the browser"),
        (Service.TEAMS, "https://teams.microsoft.com/l/channel/19%3a", "page for the browser"),
        (Service.SLACK, DISCORD, "a webhook of Discord"),
        (Service.TEAMS, SLACK, "a webhook of Slack"),
        (Service.DISCORD, SLACK, "a webhook of Slack"),
    ],
)
def test_a_mistake_is_named_without_the_address(service: Service, url: str, told: str) -> None:
    said = problem(service, url)
    assert told in said
    assert len(url) < 9 or url not in said


def test_all_of_an_address_but_its_host_is_secret() -> None:
    assert {SLACK, "/services/T0001/B0001/abcdefghijklmnopqrstuvwx"} <= set(secrets_of(SLACK))
    assert "abcdefghijklmnopqrstuvwx" in secrets_of(SLACK)
    assert "AbCdEfGhIjKlMnOpQrSt" in secrets_of(TEAMS)
    assert not any("powerplatform" in it for it in secrets_of(TEAMS) if it != TEAMS)
