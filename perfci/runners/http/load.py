"""The arithmetic of load: how a launch is cut, what is due when, what the answers amount to."""

from collections import Counter
from dataclasses import dataclass, field

from perfci.model.work import Http
from perfci.runners.servers.asking import Tally

_MOST_PARTS = 10
"""Parts of a launch at most; each is about a second of load."""
_LATE = 0.001
"""Seconds after which a request that the generator itself held back was late."""
_BUSY = 0.85
"""Share of a core from which on the generator measures itself."""
_LATE_SHARE = 0.01


@dataclass(slots=True, kw_only=True)
class Slice:
    """What one uninterrupted piece of load gave."""

    good: list[float] = field(default_factory=list)
    """Seconds of each good answer."""
    errors: Counter[str] = field(default_factory=Counter)
    """Requests without a good answer, by what went wrong."""
    late: int = 0
    """Requests that the generator, not the server, held back for more than 1 ms."""
    sending: float = 0.0
    """Seconds in which requests were sent."""
    answering: float = 0.0
    """Seconds in which the good answers came: their number by this is the throughput."""
    cpu: float = 0.0
    """Seconds of processor time that the generator took while it was sending."""

    @property
    def asked(self) -> int:
        """Return the number of requests."""
        return len(self.good) + self.errors.total()

    def enter(self, wrong: str, seconds: float) -> None:
        """Enter one request.

        Args:
            wrong: what went wrong; empty for a good answer.
            seconds: from when it was sent, or should have been, to the end of its answer.
        """
        if wrong:
            self.errors[wrong] += 1
        else:
            self.good.append(seconds)


def parts(work: Http) -> int:
    """Return into how many parts a launch is cut, so that two sides can take turns: 1 to 10."""
    seconds = max(1, min(_MOST_PARTS, round(work.duration)))
    return seconds if work.rate is None else min(seconds, requests(work))


def requests(work: Http) -> int:
    """Return how many requests an open loop sends in a launch, at least 1."""
    return max(1, round(work.duration * (work.rate or 0.0)))


def due(work: Http, part: int) -> int:
    """Return how many of an open loop's requests have been sent when a part is over.

    Args:
        work: with a rate.
        part: counts from 0.
    """
    return requests(work) * (part + 1) // parts(work)


def span(arrivals: list[float], otherwise: float) -> float:
    """Return the seconds that answers took to come, so that n answers by it are their rate.

    From the first to the last of n answers there are n - 1 gaps: what the first one waited for,
    and how long a slice went on after the last, are no part of the rate.

    Args:
        arrivals: times of the answers, ascending.
        otherwise: for fewer than two, or all at once.
    """
    gaps = len(arrivals) - 1
    between = arrivals[-1] - arrivals[0] if arrivals else 0.0
    return between * len(arrivals) / gaps if between > 0.0 else otherwise


def pool(tally: Tally, part: Slice) -> None:
    """Add one slice to the launch that it is a part of."""
    tally.durations.setdefault("latency", []).extend(part.good)
    tally.errors.update(part.errors)
    tally.asked += part.asked
    for name in ("late", "sending", "answering", "cpu"):
        tally.account[name] = tally.account.get(name, 0.0) + getattr(part, name)
    account = tally.account
    if account["answering"] > 0.0:
        tally.totals["throughput"] = len(tally.durations["latency"]) / account["answering"]
    if account["sending"] > 0.0:
        tally.totals["generator_usage"] = account["cpu"] / account["sending"]


def doubts(name: str, tally: Tally) -> list[str]:
    """Return why the figures of a whole launch may be the generator's rather than the server's.

    The sentences hold no figures, so that launches with the same doubt say the same.

    Args:
        name: of the benchmark, printable.
        tally: all parts together.
    """
    lower = "lower `rate` or `concurrency`, or let wrk or k6 generate the load and read its output"
    found = []
    if tally.totals.get("generator_usage", 0.0) >= _BUSY:
        found.append(
            f"{name}: perfci's load generator used {_BUSY:.0%} of a core or more, so its own speed"
            f" is part of latency and throughput; {lower}"
        )
    if tally.account.get("late", 0.0) > _LATE_SHARE * tally.asked:
        found.append(
            f"{name}: more than {_LATE_SHARE:.0%} of the requests were sent over 1 ms late, because"
            f" the load generator or the machine was too busy, and latency holds that wait; {lower}"
        )
    return found


def is_late(now: float, intended: float, freed: float) -> bool:
    """Tell whether the generator sends too late by its own fault.

    Args:
        now: when it gets to a request.
        intended: when the request was due.
        freed: when the last request that had to wait for a connection got one; what was due
            before was held back by the server.
    """
    return now - max(intended, freed) > _LATE
