"""A webhook's address as somebody has set it: what is wrong with it, and what in it is secret."""

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl

from perfci.model.emission import Service
from perfci.wire.answer import parts_of

_SHORTEST = 16
"""Characters of a part of an address that is secret by itself: a token, a signature."""
_UNEXPANDED = re.compile(
    r"\$\{\{.{0,80}\}\}|\$\{?[A-Za-z_]\w{0,60}\}?|%[A-Za-z_]\w{0,60}%|<[^<>]{0,60}>"
)

NAMES: Mapping[Service, str] = {
    Service.SLACK: "SLACK_WEBHOOK_URL",
    Service.DISCORD: "DISCORD_WEBHOOK_URL",
    Service.TEAMS: "TEAMS_WEBHOOK_URL",
    Service.WEBHOOK: "PERFCI_WEBHOOK_URL",
}
"""The variable that an address is usually in."""

MAKE: Mapping[Service, str] = {
    Service.SLACK: "in Slack, add Incoming Webhooks to an app and copy the URL of the channel "
    "(https://hooks.slack.com/services/...)",
    Service.DISCORD: "in Discord, open the channel's settings, Integrations, Webhooks, and copy "
    "its URL (https://discord.com/api/webhooks/...)",
    Service.TEAMS: "in Teams, add the workflow `Post to a channel when a webhook request is "
    "received` and copy its URL",
    Service.WEBHOOK: "use the https address at which your receiver takes POST",
}
"""How to come by an address."""


def _slack_page(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    hooks = {"hooks.slack.com", "hooks.slack-gov.com"}
    return host not in hooks and host.endswith((".slack.com", ".slack-gov.com"))


def _discord_page(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    known = host == "discord.gg" or re.fullmatch(r"(?:\w+\.)?discord(?:app)?\.com", host)
    return bool(known) and not re.match(r"/api/(?:v\d+/)?webhooks/\d+/.", parts.path)


def _teams_page(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    return host in {"teams.microsoft.com", "teams.live.com", "teams.cloud.microsoft"}


_PAGES: Mapping[Service, Callable[[SplitResult], bool]] = {
    Service.SLACK: _slack_page,
    Service.DISCORD: _discord_page,
    Service.TEAMS: _teams_page,
}


def problem(service: Service, url: str) -> str:
    """Say what keeps an address from being a webhook's; empty where nothing does.

    Nothing of the address is told: what looks like a mistake may be half of a secret.

    Args:
        service: whose it should be.
        url: as it was set, without blanks around it.
    """
    return _malformed(url) or _misplaced(service, parts_of(url))


def _malformed(url: str) -> str:
    if not url.strip():
        return "its address is empty"
    if _UNEXPANDED.fullmatch(url):
        return "its address was never filled in: the variable is not set in this job"
    if any(char.isspace() or not char.isprintable() for char in url):
        return "its address has a blank or a line break in it"
    parts = parts_of(url)
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        return "its address does not begin with https:// and a host"
    if "@" in parts.netloc:
        return "its address has a user name in it, which would not be sent"
    if parts.scheme.lower() == "http" and not _loopback(parts.hostname):
        return "its address begins with http://, so whoever listens could read it and post there"
    return ""


def _misplaced(service: Service, parts: SplitResult) -> str:
    shows_page = _PAGES.get(service)
    if shows_page and shows_page(parts):
        return "its address is a page for the browser, and no webhook"
    if service is Service.WEBHOOK:
        return ""
    for other in (Service.SLACK, Service.DISCORD):
        if other is not service and _is_of(other, parts):
            return f"its address is a webhook of {other.value.title()}"
    return ""


def _is_of(service: Service, parts: SplitResult) -> bool:
    host = parts.hostname or ""
    if service is Service.SLACK:
        return host == "hooks.slack.com"
    # of that form Discord takes Slack's messages, too
    known = re.fullmatch(r"(?:\w+\.)?discord(?:app)?\.com", host)
    return bool(known) and not parts.path.rstrip("/").endswith("/slack")


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def secrets_of(url: str) -> tuple[str, ...]:
    """Return what of an address may stand in no message: all but its host."""
    parts = parts_of(url)
    after = url.partition(parts.netloc)[2] if parts.netloc else url
    values = (value for _, value in parse_qsl(parts.query))
    pieces = (*parts.path.split("/"), *parts.query.split("&"), *values)
    # the whole last, so that of an address which is told the host stays
    return (after, parts.path, *(each for each in pieces if len(each) >= _SHORTEST), url)
