"""pgbench, sysbench, redis-benchmark and memtier: versions, failures, damage."""

import json

import pytest

from perfci.errors import FormatError
from perfci.readers.formats import detect
from perfci.readers.source import Source
from tests.readers.tools.reading import FIXTURES, read, told

PGBENCH = (FIXTURES / "pgbench/builtin.txt").read_text()
SYSBENCH = (FIXTURES / "sysbench/cpu.txt").read_text()
REDIS = (FIXTURES / "redis-benchmark/full.txt").read_text()
MEMTIER = """\
{}
=====================================================
Type         Ops/sec     Hits/sec   Misses/sec      Latency       KB/sec
-----------------------------------------------------
Sets         2312.50          ---          ---     22.00000       326.88
Gets         2000.00      2312.01         0.00     20.00000       315.59
Waits           0.00          ---          ---          ---          ---
Totals       4624.02      2312.01         0.00     21.00000       642.47


Request Latency Distribution
Type     <= msec         Percent
"""
OPERATION = {
    "Count": 100,
    "Ops/sec": 2312.5,
    "Latency": 22.0,
    "Average Latency": 22.0,
    "Percentile Latencies": {"p50.00": 21.0, "p99.00": 47.0, "p99.90": 101.0, "Histogram": {}},
}


def values(text: str, as_: str) -> dict[str, float]:
    return {key: it[4] for key, it in told(read(text.encode(), as_))["series"].items()}


def test_pgbench_before_14_tells_its_rate_with_and_without_connecting() -> None:
    text = PGBENCH.replace(
        "tps = 579.028737 (without initial connection time)",
        "tps = 82.00 (including connections establishing)\n"
        "tps = 83.00 (excluding connections establishing)",
    ).replace("number of failed", "number of other")
    found = {key.rpartition(":")[2]: value for key, value in values(text, "pgbench").items()}
    assert found == {"latency": 0.003454, "throughput": 83.0}


@pytest.mark.parametrize(
    ("as_", "text", "reason"),
    [
        ("pgbench", PGBENCH.replace("400/400", "0/400"), "no transaction was processed"),
        ("pgbench", PGBENCH[: PGBENCH.index("tps")], "its output ends before the results"),
        ("sysbench", SYSBENCH[: SYSBENCH.index("Latency")], "its output ends before the results"),
        ("sysbench", "sysbench 1.0.20\nFATAL: no such test\n", "no such test"),
        ("redis-benchmark", REDIS[: REDIS.index("throughput")], "ends before the results"),
    ],
)
def test_a_run_without_results_has_failed(as_: str, text: str, reason: str) -> None:
    [given] = told(read(text.encode(), as_))["failed"].values()
    assert reason in given


def test_failed_transactions_of_pgbench_are_a_share_of_all() -> None:
    text = PGBENCH.replace("failed transactions: 0 (0.000%)", "failed transactions: 100 (20%)")
    [share] = [value for key, value in values(text, "pgbench").items() if "error_rate" in key]
    assert share == pytest.approx(0.2)


def test_transactions_of_sysbench_have_a_rate_and_errors() -> None:
    sql = (
        "SQL statistics:\n"
        "    transactions:                        90     (45.50 per sec.)\n"
        "    ignored errors:                      10     (5.00 per sec.)\n"
    )
    text = SYSBENCH.replace("CPU speed:\n    events per second:  1102.42\n", sql)
    text = text.replace("Prime numbers limit: 10000\n", "").replace("1115\n", "90\n")
    found = values(text, "sysbench")
    assert found["default/sysbench oltp[threads=1]:throughput"] == 45.5
    assert found["default/sysbench oltp[threads=1]:error_rate"] == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("as_", "text"),
    [
        ("redis-benchmark-csv", '"SET","76.50"\n'),
        ("redis-benchmark-csv", 'WARNING: no CONFIG\n"test","rps"\n"SET","76.50"\n'),
        (
            "redis-benchmark",
            (
                "====== SET ======\n  100 requests completed in 0.04 seconds\n\n"
                "99.90% <= 1 milliseconds\n76.50 requests per second\n"
            ),
        ),
    ],
)
def test_redis_before_6_2_tells_its_rates(as_: str, text: str) -> None:
    assert detect(Source(name="x", data=text.encode())).name == as_
    assert values(text, as_) == {"default/SET:throughput": 76.5}


def test_operations_of_memtier_are_benchmarks_and_their_sum_is_none() -> None:
    assert values(MEMTIER.format("ALL STATS"), "memtier-text") == {
        "default/Sets:throughput": 2312.5,
        "default/Sets:latency": 0.022,
        "default/Gets:throughput": 2000.0,
        "default/Gets:latency": 0.02,
    }
    stats = {"Runtime": {}, "Sets": OPERATION, "Waits": {"Ops/sec": 0.0}, "Totals": OPERATION}
    text = json.dumps({"configuration": {}, "ALL STATS": stats})
    assert detect(Source(name="x", data=text.encode())).name == "memtier"
    assert values(text, "memtier") == {
        "default/Sets:throughput": 2312.5,
        "default/Sets:latency": 0.021,
        "default/Sets:latency_p99": 0.047,
        "default/Sets:latency_p999": 0.101,
    }


@pytest.mark.parametrize(
    ("sections", "launches"),
    [
        (("RUN #1 RESULTS", "RUN #2 RESULTS", "AGGREGATED AVERAGE RESULTS (2 runs)"), 2),
        (("BEST RUN RESULTS", "WORST RUN RESULTS", "AGGREGATED AVERAGE RESULTS (9 runs)"), 1),
    ],
)
def test_runs_of_memtier_are_launches_where_it_prints_them(
    sections: tuple[str, ...], launches: int
) -> None:
    text = "".join(MEMTIER.format(section) for section in sections)
    both = (
        read(text.encode(), "memtier-text"),
        read(
            json.dumps({section: {"Sets": OPERATION} for section in sections}).encode(), "memtier"
        ),
    )
    for recording in both:
        assert {it[2] for it in told(recording)["series"].values()} == {launches}


@pytest.mark.parametrize(
    ("as_", "text", "error"),
    [
        ("pgbench", PGBENCH.replace("3.454 ms", "3.4.5 ms"), "'3.4.5' is no number"),
        ("pgbench", "", "holds no runs of pgbench"),
        ("sysbench", SYSBENCH.replace("0.89", "0,8x"), "'0,8x' is no number"),
        ("redis-benchmark", REDIS.replace("0.023", "-nan?"), "'-nan\\?' is no number"),
        ("redis-benchmark-csv", '"test","rps"\n"SET"\n', "line 2: no test and its requests"),
        ("redis-benchmark-csv", '"SET","76.50"\n"GET"\n', "line 2: no test and its requests"),
        ("redis-benchmark-csv", "", "holds no tests"),
        ("memtier-text", MEMTIER.format("ALL STATS")[:200], "holds no operations"),
        ("memtier-text", MEMTIER.format("ALL STATS").replace("22.0", "2.2.0"), "line 5: '2.2.0000"),
        ("memtier", '{"ALL STATS": {"Sets": {"Ops/sec": "x"}}}', "Sets.Ops/sec is the text 'x'"),
    ],
)
def test_a_damaged_file_is_refused(as_: str, text: str, error: str) -> None:
    with pytest.raises(FormatError, match=error):
        read(text.encode(), as_)
