"""What services answer: when to try again, and what a refusal means for the reader."""

import math
from collections.abc import Mapping
from dataclasses import replace

from perfci.model.emission import Service
from perfci.notifiers.addresses import MAKE, NAMES
from perfci.wire.answer import Answer, parts_of

_LIMITED = b"HTTP error 429"
_HOUR = 3600.0


def refused_after_all(service: Service, answer: Answer) -> Answer:
    """Return what an answer means: Teams says 200 to what it then throws away for its number."""
    if service is Service.TEAMS and answer.status < 300 and _LIMITED in answer.body:
        return replace(answer, status=429)
    return answer


def delay_of(answer: Answer, attempt: int) -> float | None:
    """Return the seconds after which another try makes sense; None where none does.

    Discord names them in the body, to the millisecond; a limit that nobody names the end of is
    given a few seconds.
    """
    told = _told(answer)
    if answer.status == 429 and told is not None:
        return told
    if answer.limited and not _named(answer):
        return 5.0 * attempt
    return answer.delay(attempt)


def _named(answer: Answer) -> bool:
    after = answer.headers.get("retry-after", "")
    return after.isascii() and after.isdigit()


def _told(answer: Answer) -> float | None:
    found = answer.document()
    value = found.get("retry_after") if isinstance(found, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # a number of thousands of digits is none that can be waited for, either
    return float(value) if 0 <= value <= _HOUR and math.isfinite(value) else _HOUR


def hint_for(service: Service, url: str, answer: Answer) -> str:
    """Say what to do about a refusal; empty where the status says it all."""
    anew = f"{MAKE[service]}, and put it into {NAMES[service]}"
    match answer.status:
        case 400 if service is Service.TEAMS:
            return f"the workflow may be gone, or its address cut short: {anew}"
        case 400 | 413 | 422:
            return (
                "the service does not like the message itself, which is perfci's fault: please "
                "report it, with notify.on: never until then"
            )
        case 401 | 403 if answer.limited:
            return ""
        case 401 | 403:
            return f"the service no longer lets this webhook post; ask who runs it, or {anew}"
        case 404 | 410 if _retired(url):
            return f"connectors of Office 365 are retired; {anew}"
        case 404 | 410:
            return f"the webhook is gone, or its address is not whole: {anew}"
        case 405:
            return f"nothing there takes a message by POST: {anew}"
        case _:
            return ""


def _retired(url: str) -> bool:
    return (parts_of(url).hostname or "").endswith("webhook.office.com")
