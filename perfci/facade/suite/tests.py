"""What the comprehensive suite runs here: offered by perfci itself, or registered."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from perfci.facade.config import RegressionTestConfig
from perfci.facade.naming import id_of, metric_of
from perfci.facade.planning import live_benchmark
from perfci.facade.registered import Registered
from perfci.facade.results import Skipped
from perfci.facade.suite.components import ai_providers, home_assistant, system_monitor
from perfci.facade.suite.components.offered import Offered, Offers
from perfci.model.benchmark import Benchmark
from perfci.model.work import Ai, HomeAssistant
from perfci.wiring.process import SystemClock
from perfci.worktrees.leftovers import delete, run_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteTest:
    """One test of the suite."""

    benchmark: Benchmark
    """With one metric: its test type."""
    offered: Offered | None = None
    """None for what was registered."""

    @property
    def key(self) -> str:
        """Return the key of its series."""
        (metric,) = self.benchmark.metrics
        return self.benchmark.id.series(metric.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is run, and what is not."""

    tests: tuple[SuiteTest, ...]
    """By component, in the order of the configuration."""
    skipped: tuple[Skipped, ...]
    warnings: tuple[str, ...] = ()


def choose(
    config: RegressionTestConfig,
    registered: tuple[Registered, ...],
    environ: Mapping[str, str],
) -> Chosen:
    """Find out what there is to measure.

    Args:
        config: which components and test types are enabled.
        registered: the user's own tests; one that is called like one of perfci's replaces it.
        environ: names the servers that are measured.
    """
    tests: list[SuiteTest] = []
    skipped: list[Skipped] = []
    names = tuple(dict.fromkeys(config.enabled_components))
    for name in names:
        offers = _offers(name, environ)
        own = {
            each.key: each
            for each in (*_offered(name, offers, config), *_registered(name, registered, config))
        }
        found = [it for it in own.values() if _is_enabled(it, config)]
        tests += found
        # whoever registered tests of their own does not wait for perfci's
        reasons = offers.missing if offers.tests or not own else ()
        if own and not found:
            reasons = (*reasons, _of_other_types(own.values()))
        if not own and not reasons:
            reasons = (_nothing_registered(name),)
        skipped += [Skipped(component=name, reason=reason) for reason in reasons]
    return Chosen(
        tests=tuple(tests), skipped=tuple(skipped), warnings=tuple(_unheard(names, registered))
    )


def _offers(name: str, environ: Mapping[str, str]) -> Offers:
    match name:
        case "ha_integration":
            return home_assistant.offers(environ)
        case "ai_providers":
            return ai_providers.offers(environ)
        case "system_monitor":
            scratch = run_folder(Path(tempfile.gettempdir()))
            try:
                return system_monitor.offers(SystemClock(), scratch)
            finally:
                delete(scratch)
        case _:
            return Offers()


def _offered(name: str, offers: Offers, config: RegressionTestConfig) -> Iterator[SuiteTest]:
    for each in offers.tests:
        work = each.work
        if isinstance(work, Ai | HomeAssistant):
            work = replace(work, timeout=min(work.timeout, config.test_timeout_seconds))
        benchmark = Benchmark(
            id=id_of(name, each.operation),
            work=work,
            metrics=(metric_of(each.test_type),),
            timeout=config.test_timeout_seconds,
            warmup=config.warm_up_iterations,
            cooldown=config.cooldown_seconds,
            source="the comprehensive suite",
        )
        yield SuiteTest(benchmark=benchmark, offered=each)


def _registered(
    name: str, registered: tuple[Registered, ...], config: RegressionTestConfig
) -> Iterator[SuiteTest]:
    for each in registered:
        if each.component == name:
            id_ = id_of(each.component, each.operation)
            yield SuiteTest(benchmark=live_benchmark(id_, each.test_type, each.test_func, config))


def _is_enabled(test: SuiteTest, config: RegressionTestConfig) -> bool:
    (metric,) = test.benchmark.metrics
    return metric.name in {it.value for it in config.enabled_test_types}


def _of_other_types(tests: Iterable[SuiteTest]) -> str:
    types = sorted({metric.name for test in tests for metric in test.benchmark.metrics})
    return f"enabled_test_types has none of its test types: {', '.join(types)}"


def _nothing_registered(name: str) -> str:
    return (
        f"nothing is registered for it: framework.register({name!r}, operation, test_type, "
        "test_func) adds a test"
    )


def _unheard(enabled: tuple[str, ...], registered: tuple[Registered, ...]) -> Iterator[str]:
    """Say of which registered tests the configuration has no component."""
    for name in dict.fromkeys(each.component for each in registered):
        if name not in enabled:
            yield (
                f"the tests that are registered for {name} are not run: enabled_components does "
                "not name it"
            )
