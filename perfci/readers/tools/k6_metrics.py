"""What k6's metrics mean, whichever of its files they stand in."""

import re
from dataclasses import dataclass, field

from perfci.model.metric import Better, Metric
from perfci.readers.json_tree import Node
from perfci.readers.metrics import ERROR_RATE, percentile
from perfci.readers.quantity import quantity
from perfci.readers.reading import Params
from perfci.readers.tools.distribution import Distribution

_SUCCESS_RATE = Metric(name="success_rate", unit="ratio", better=Better.HIGHER, absolute=True)
RATES = {
    "http_req_failed": ERROR_RATE,
    "checks": _SUCCESS_RATE,
    "checks_succeeded": _SUCCESS_RATE,
}
"""Rates of which k6 says what they count."""
_OWN_TIMES = re.compile(r"(?:http_req|iteration|group|ws|grpc|browser)_\w+")
_PHASES = re.compile(r"http_req_(?:blocked|connecting|tls_handshaking|sending|waiting|receiving)")
_OF_ITSELF = frozenset(
    (
        "vus",
        "vus_max",
        "data_sent",
        "data_received",
        "checks_total",
        "checks_failed",
        "dropped_iterations",
    )
)
_AUTOMATIC = ("expected_response", "true")
_UNITS = {"time": "ms", "data": "B"}
_TAILS = {90: "p(90)", 95: "p(95)", 99: "p(99)", 99.9: "p(99.9)"}
"""By per cent."""


def called(key: str) -> tuple[str, Params]:
    """Return the metric's own name, and what a submetric is limited to.

    Args:
        key: `http_req_duration{scenario:peak,status:200}`.
    """
    name, brace, inside = key.partition("{")
    if not brace or not inside.endswith("}"):
        return key, ()
    tags = (tag.partition(":") for tag in inside[:-1].split(",") if tag.strip())
    return name.strip(), tuple((tag.strip(), value.strip()) for tag, _, value in tags)


def unit_of(contains: str) -> str:
    """Return the unit of a metric that contains `time`, `data` or `default`."""
    return _UNITS.get(contains, "")


def trend(contains: str) -> Distribution:
    """Return how k6 names what it knows of a trend."""
    is_a = quantity(unit_of(contains))
    return Distribution(
        metric=is_a.metric,
        factor=is_a.factor,
        middle=("med", "avg"),
        tails={percentile(is_a.metric, at): key for at, key in _TAILS.items()},
    )


@dataclass(slots=True, kw_only=True)
class Left:
    """What a file has and its reading has not."""

    phases: list[str] = field(default_factory=list)
    custom: list[str] = field(default_factory=list)
    guessed: list[str] = field(default_factory=list)
    thresholds: list[str] = field(default_factory=list)

    def of_itself(self, name: str, params: Params) -> bool:
        """Return whether a metric is left out because of what it is."""
        if _PHASES.fullmatch(name):
            self.phases.append(name)
            return True
        return name in _OF_ITSELF or _AUTOMATIC in params

    def undirected(self, name: str) -> None:
        """Note a metric that does not tell which way is better."""
        self.custom.append(name)

    def guessed_time(self, name: str) -> None:
        """Note a trend that is taken for times, for the file does not tell its unit."""
        if not _OWN_TIMES.fullmatch(name):
            self.guessed.append(name)

    def crossed(self, key: str, thresholds: Node) -> None:
        """Note thresholds that k6 found crossed."""
        for text, outcome in thresholds.items():
            passed = outcome.get("ok").value
            if outcome.value is True or passed is False:
                self.thresholds.append(f"{key} {text}")

    def told(self) -> tuple[str, ...]:
        """Return a sentence for each kind."""
        kinds = (
            (self.phases, "phases of requests are left out, their durations have them"),
            (self.custom, "metrics of the script are left out, k6 does not say what is better"),
            (self.guessed, "trends are taken for times in ms, the flat summary has no units"),
            (self.thresholds, "thresholds of k6 were crossed, perfci judges by its own"),
        )
        return tuple(f"{len(them)} {what}, e.g. {them[0]}" for them, what in kinds if them)
