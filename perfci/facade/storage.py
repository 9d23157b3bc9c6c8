"""The baselines that a framework keeps, in the store that the command reads, too."""

from collections.abc import Callable, Iterator

from perfci.baselines import whole_history
from perfci.baselines.branches import listed
from perfci.errors import FormatError, StoreError
from perfci.facade.config import RegressionTestConfig, RegressionTestType
from perfci.facade.judging import without_outliers
from perfci.facade.naming import id_of, metric_of, operation_of, test_type_of
from perfci.facade.past import past_of, stored
from perfci.facade.planning import policy_of, terms_of
from perfci.facade.results import PerformanceBaseline
from perfci.facade.units import shown, unit_of
from perfci.model.history import StoredRun
from perfci.model.identity import parse_key
from perfci.model.measurement import Measurement
from perfci.model.revision import Mode
from perfci.model.run import Recording
from perfci.pipeline import Surroundings, evaluate
from perfci.stats.enough import sample_size
from perfci.wiring.live import Home


class BaselineStorage:
    """Looks baselines up.

    Args:
        home: finds out where the framework is.
        config: how intervals are made.
    """

    def __init__(self, home: Callable[[], Home], config: RegressionTestConfig) -> None:
        self._home = home
        self._config = config

    def get_baseline(
        self, component: str, operation: str, test_type: RegressionTestType | str
    ) -> PerformanceBaseline | None:
        """Return the newest baseline of a test; None where there is none.

        One of an equal environment comes first: a test is compared with no other.

        Raises:
            ConfigurationError: there is no such test type, or a name is empty.
            StoreError: the store cannot be read.
        """
        kind = test_type_of(test_type)
        key = id_of(component, operation).series(kind.value)
        home = self._home()
        past = past_of(home, key, home.environment())
        if past.run is None:
            return None
        return self._baseline(home, past.history.branch, past.run, key)

    def list_baselines(self) -> list[PerformanceBaseline]:
        """Return the newest baseline of every test, by name; of all branches and environments.

        Raises:
            StoreError: the store cannot be read.
        """
        home = self._home()
        newest: dict[str, tuple[str, StoredRun]] = {}
        for branch, run in _runs(home):
            for key, point in run.points.items():
                known = newest.get(key)
                if point.counts and (known is None or known[1].started_at < run.started_at):
                    newest[key] = (branch, run)
        found = (self._known(home, *newest[key], key) for key in sorted(newest))
        return [baseline for baseline in found if baseline is not None]

    def _known(
        self, home: Home, branch: str, run: StoredRun, key: str
    ) -> PerformanceBaseline | None:
        """Return a baseline; None for what no test type of this API measures."""
        try:
            _, name = parse_key(key)
            RegressionTestType(name)
            return self._baseline(home, branch, run, key)
        except (ValueError, StoreError, FormatError):
            return None

    def _baseline(self, home: Home, branch: str, run: StoredRun, key: str) -> PerformanceBaseline:
        benchmark, name = parse_key(key)
        kind = RegressionTestType(name)
        metric, point = metric_of(kind), run.points[key]
        recording = stored(home, branch, run).run.recording
        value = shown(point.centres[point.clock], metric)
        low, high, size = self._interval(recording, key)
        return PerformanceBaseline(
            component=benchmark.suite,
            operation=operation_of(benchmark),
            test_type=kind,
            baseline_value=value,
            unit=unit_of(metric).name,
            confidence_interval=(
                value if low is None else shown(low, metric),
                value if high is None else shown(high, metric),
            ),
            sample_size=size or point.n,
            version=recording.head.ref,
            timestamp=run.started_at,
            commit=run.commit,
            run_id=run.id,
        )

    def _interval(self, recording: Recording, key: str) -> tuple[float | None, float | None, int]:
        """Return the interval of the median in base units, and the values behind it."""
        only = _only(recording, key)
        kept, _ = without_outliers(only, self._config)
        rounds = max((len(item.launches) for item in kept.run.measurements), default=1)
        terms, size = terms_of(self._config, Mode.RECORD, rounds), sample_size(kept.run)
        judged = evaluate(kept, policy_of(self._config), Surroundings(), terms)
        for item in judged.verdict.findings:
            found = item.comparison.head.interval if item.comparison.head else None
            if found:
                return found.low, found.high, size
        return None, None, size


def _only(recording: Recording, key: str) -> Recording:
    from dataclasses import replace

    def of(item: Measurement) -> bool:
        return item.key == key

    mine = tuple(replace(item, gated=True) for item in recording.run.measurements if of(item))
    return replace(recording, run=replace(recording.run, measurements=mine, failures=()))


def _runs(home: Home) -> Iterator[tuple[str, StoredRun]]:
    for branch in listed(home.store, home.name):
        history, _ = whole_history(home.store, home.name, branch.branch)
        history = history.renamed(home.project.loaded.settings.renamed)
        yield from ((branch.branch, run) for run in history.runs)
