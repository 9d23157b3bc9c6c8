"""One test of the Python API as a plan: the same noun that the command measures by."""

from dataclasses import replace

from perfci.facade.config import RegressionTestConfig, RegressionTestType
from perfci.facade.naming import label_of, metric_of
from perfci.facade.registered import TestFunc
from perfci.gate.policy import Policy
from perfci.model.benchmark import Benchmark
from perfci.model.identity import BenchmarkId
from perfci.model.revision import Mode
from perfci.model.verdict import Severity
from perfci.model.work import Live
from perfci.pipeline import Terms
from perfci.plan.plan import Outputs, Plan
from perfci.stats.series import Design
from perfci.wiring import process
from perfci.wiring.live import Home


def live_benchmark(
    benchmark: BenchmarkId,
    test_type: RegressionTestType,
    test_func: TestFunc,
    config: RegressionTestConfig,
) -> Benchmark:
    """Return a callable of this process as a benchmark."""
    # the share of the calls that raised is one value of many calls, all else a value of one
    shares = test_type is RegressionTestType.ERROR_RATE
    calls = config.test_iterations if shares else 1
    return Benchmark(
        id=benchmark,
        work=Live(call=test_func, label=label_of(test_func), calls=calls),
        metrics=(metric_of(test_type),),
        timeout=config.test_timeout_seconds,
        warmup=config.warm_up_iterations,
        cooldown=config.cooldown_seconds,
        source="the Python API",
    )


def policy_of(config: RegressionTestConfig) -> Policy:
    """Return what a test is judged by: its severities, and nothing that a settings file says."""
    return Policy(
        fail_on=Severity.MINOR,
        bands={band: getattr(config, f"{band.value}_threshold") for band in Severity},
        sensitivity=min(Policy().sensitivity, config.minor_threshold),
        today=process.today(),
    )


def design_of(config: RegressionTestConfig, mode: Mode, rounds: int) -> Design:
    """Return how a test decides.

    Args:
        config: `confidence_level` is the level of its intervals, and 1 less it that of the test.
        mode: history or record.
        rounds: launches in a set.
    """
    level = config.confidence_level
    return Design(mode=mode, rounds=rounds, alpha=1 - level, level=level, partial=True)


def terms_of(config: RegressionTestConfig, mode: Mode, rounds: int) -> Terms:
    """Return on what terms a test is judged; the arguments are those of `design_of`."""
    return Terms(
        design=design_of(config, mode, rounds), minimum_sample_size=config.minimum_sample_size
    )


def plan_for(
    home: Home, config: RegressionTestConfig, benchmark: Benchmark, mode: Mode, compared: str
) -> Plan:
    """Return the plan of one test.

    Args:
        home: where.
        config: how.
        benchmark: what.
        mode: history or record.
        compared: the branch whose stored runs it is compared with.
    """
    work = benchmark.work
    many = isinstance(work, Live) and work.calls > 1
    plan = Plan(
        project=home.name,
        mode=mode,
        mode_reason="the Python API",
        seed=process.fresh_seed(),
        benchmarks=(benchmark,),
        policy=policy_of(config),
        design=design_of(config, mode, 1 if many else config.test_iterations),
        max_time=config.test_timeout_seconds,
        base="",
        setup=None,
        setup_timeout=0.0,
        interpreter=None,
        store=home.store.url,
        branch=home.branch,
        context=home.project.context,
        updates_baseline=mode is Mode.RECORD,
        outputs=Outputs(folder="", html=False, charts=False, comment="never"),
        settings={},
    )
    return replace(plan, compared=compared)
