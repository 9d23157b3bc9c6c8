"""What to say of a round trip to Home Assistant that failed."""

import ssl

from perfci.model.benchmark import Benchmark
from perfci.model.text import printable
from perfci.model.work import HomeAssistant
from perfci.runners.failures import clean
from perfci.runners.servers.asking import Target

_LOG = "Home Assistant's own log says more"


class Unanswered(Exception):  # noqa: N818 - it is one of many answers, not yet an error
    """One round trip that gave no good answer.

    Attributes:
        kind: a word or two to count it by: `status 500`, `timeout`.
        what: the rest of a sentence that begins with the benchmark: `lost its WebSocket`.
        after: what follows the side.
        hint: the next step.
        output: what the server said; hostile text, already harmless.
    """

    def __init__(
        self, kind: str, what: str, *, after: str = "", hint: str = "", output: str = ""
    ) -> None:
        """Keep the parts apart, as errors have them."""
        super().__init__(f"{what}{after}")
        self.kind = kind
        self.what = what
        self.after = after
        self.hint = hint
        self.output = output


def work_of(benchmark: Benchmark) -> HomeAssistant:
    """Return what a benchmark asks of Home Assistant."""
    work = benchmark.work
    assert isinstance(work, HomeAssistant)  # noqa: S101 - wiring names the client by the work
    return work


def quoted(target: Target, text: object) -> str:
    """Return a short text of the server in one harmless line, without the token."""
    shown = printable(_without_token(target, str(text)), limit=200)
    return _without_token(target, shown)


def timeout(target: Target, trip: str, seconds: float, *, others: int = 0) -> Unanswered:
    """Return the failure for an answer that did not come in time.

    Args:
        target: who was asked.
        trip: what was asked: `GET /api/`.
        seconds: how long was waited.
        others: messages that came instead.
    """
    instead = f"; {others} other messages came instead" if others else ""
    return Unanswered(
        "timeout",
        f"got no answer to {trip}",
        after=f" within {seconds:g} s from {printable(target.url)}{instead}",
        hint="does it hang, or is it overloaded? raise `home_assistant.timeout` if it is only slow",
    )


def unreachable(target: Target, error: Exception) -> Unanswered:
    """Return the failure for a connection that could not be made, or broke."""
    cause = error.__cause__ or error
    where = printable(target.url)
    # a handshake that fails is an OSError, too
    if isinstance(cause, ssl.SSLError):
        return Unanswered(
            "no TLS",
            "cannot speak TLS with Home Assistant",
            after=f": {where}: {quoted(target, cause)}",
            hint="does it speak plain http there, or is its certificate made by itself?",
        )
    if isinstance(cause, ConnectionRefusedError):
        reason, kind = "the connection was refused", "refused"
    elif isinstance(cause, OSError):
        reason, kind = cause.strerror or type(cause).__name__, "no connection"
    else:
        reason, kind = str(error) or type(error).__name__, "no connection"
    return Unanswered(
        kind,
        "cannot reach Home Assistant",
        after=f": {where}: {quoted(target, reason)}",
        hint="is it running, and is `url` the address of its web page? a `service:` is started "
        "by perfci",
    )


def bad_status(target: Target, trip: str, status: int, said: bytes, to: str) -> Unanswered:
    """Return the failure for a status that is no success.

    Args:
        target: who was asked.
        trip: what was asked.
        status: the code.
        said: beginning of the body.
        to: where it redirects to; empty where it does not.
    """
    kind, name = f"status {status}", work_of(target.benchmark).token_env
    match status:
        case 401:
            return no_entry(target, f"401 to {trip}")
        case 403:
            return Unanswered(
                kind,
                f"may not {trip}",
                after=": 403",
                hint=f"the user of the token in {name} lacks the right, or this machine is in Home "
                "Assistant's ip_bans.yaml",
            )
        case 404 if trip in {"GET /api/", "GET /api/states", "open the WebSocket"}:
            return Unanswered(
                kind,
                "found no interface of Home Assistant",
                after=f" at {printable(target.url)}: 404 to {trip}",
                hint="write `api:` and `websocket_api:`, or `default_config:`, into "
                "configuration.yaml; `url` is the address of its web page, without /api",
            )
        case _ if 300 <= status < 400:
            return Unanswered(
                kind,
                f"is sent elsewhere by {trip}",
                after=f": {status} to {quoted(target, to)}",
                hint="write the address that it is sent to into `home_assistant.url`",
            )
        case _:
            return Unanswered(
                kind,
                f"got status {status} for {trip}",
                hint=_LOG,
                output=_said(target, said),
            )


def no_entry(target: Target, how: str) -> Unanswered:
    """Return the failure for a token that is not taken."""
    name = work_of(target.benchmark).token_env
    return Unanswered(
        "not let in",
        "was not let in by Home Assistant",
        after=f": the token in {name} is not valid ({quoted(target, how)})",
        hint="make a long-lived access token on the user's profile page, under Security, and put "
        f"it into {name}; in an add-on it is SUPERVISOR_TOKEN, with http://supervisor/core",
    )


def no_token(target: Target) -> Unanswered:
    """Return the failure for a secret that cannot be a token, and is therefore not sent."""
    return Unanswered(
        "no token",
        "cannot use its token",
        after=f": what {work_of(target.benchmark).token_env} holds has a space, a line break or "
        "another character in it that no token has",
        hint="copy the token again, as one line",
    )


def no_json(target: Target, trip: str, said: bytes) -> Unanswered:
    """Return the failure for an answer that is not what Home Assistant says."""
    return Unanswered(
        "no JSON",
        f"got no answer of Home Assistant for {trip}",
        after=f" from {printable(target.url)}: it is not the JSON that belongs there",
        hint="is it another server, or a login page before it?",
        output=_said(target, said),
    )


def too_long(target: Target, trip: str, most: int) -> Unanswered:
    """Return the failure for an answer without end."""
    return Unanswered(
        "endless",
        f"got more than {most // 2**20} MiB for {trip}",
        after=f" from {printable(target.url)}",
        hint="is it another server that streams?",
    )


def closed(target: Target, trip: str, code: object, reason: object) -> Unanswered:
    """Return the failure for a WebSocket that went away."""
    because = quoted(target, " ".join(str(it) for it in (code, reason) if it))
    return Unanswered(
        "closed",
        f"lost its WebSocket while it waited for {trip}",
        after=f": {because}" if because else "",
        hint=f"did Home Assistant restart? {_LOG}",
    )


def refused(target: Target, trip: str, error: object) -> Unanswered:
    """Return the failure for a WebSocket command that was answered with an error."""
    parts = (error.get("code"), error.get("message")) if isinstance(error, dict) else ()
    told = quoted(target, ": ".join(str(it) for it in parts if it))
    return Unanswered(
        "not done",
        f"was refused {trip}",
        after=f": {told}" if told else "",
        hint=_LOG,
    )


def unchanged(target: Target, seconds: float) -> Unanswered:
    """Return the failure for an entity that does not change when its action is called."""
    work = work_of(target.benchmark)
    return Unanswered(
        "no change",
        f"saw no change of {printable(work.entity)}",
        after=f" within {seconds:g} s after {printable(work.call)}",
        hint="call an action that changes it every time, such as input_boolean.toggle; a device "
        "that answers late needs a longer `home_assistant.timeout`",
    )


def _said(target: Target, body: bytes) -> str:
    # first and last: a cut may leave half of it, and escape sequences may part it
    text = _without_token(target, body.decode(errors="replace"))[:2000]
    return _without_token(target, clean(text))


def _without_token(target: Target, text: str) -> str:
    secret = target.secret
    return text.replace(secret, "***") if secret else text
