"""Reports of load tests: of each run, or kind of requests, how fast it was and how much failed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from perfci.model.metric import Metric
from perfci.readers.format import nothing_in
from perfci.readers.metrics import ERROR_RATE, LATENCY
from perfci.readers.reading import Broken, Found, Params, Reading
from perfci.readers.source import Source
from perfci.readers.tools.requests import always_failed
from perfci.readers.tools.single import single

CUT = "its output ends before the results"


@dataclass(slots=True, kw_only=True)
class Load:
    """What one file says; what has failed as a whole is a benchmark that failed."""

    found: list[Found] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)

    def add(
        self,
        name: str,
        speed: Iterable[tuple[Metric, float]],
        counts: tuple[float, float],
        *,
        params: Params = (),
        reason: str = "",
    ) -> None:
        """Add one run, or one kind of requests.

        Args:
            name: of it.
            speed: metrics and their values; only looked at where a request succeeded.
            counts: requests that failed, and all.
            params: of it.
            reason: why the first one failed; empty where it is not told.
        """
        failed, total = counts
        if 0 <= failed < total:
            self.found += (single(name, metric, value, params) for metric, value in speed)
            self.found.append(single(name, ERROR_RATE, failed / total, params))
        elif failed == total and total > 0:
            self.fail(name, always_failed(total, reason), params)
        elif total == 0:
            self.fail(name, "no request was made or answered", params)
        else:
            self.fail(name, f"{failed:g} of {total:g} requests failed, which cannot be", params)

    def fail(self, name: str, reason: str, params: Params = ()) -> None:
        """Add one of which nothing is known but why."""
        metrics = (LATENCY, ERROR_RATE)
        self.broken.append(Broken(name=name, params=params, reason=reason, metrics=metrics))

    def reading(self, source: Source, what: str) -> Reading:
        """Return all of it.

        Args:
            source: the file.
            what: that it has none of, where there is nothing: `requests`.

        Raises:
            FormatError: there is nothing.
        """
        if not self.found and not self.broken:
            raise nothing_in(source, what)
        return Reading(found=tuple(self.found), broken=tuple(self.broken))
