"""Large files of results, each in the layout in which its tool writes: for `reading.py`."""

import json
import random
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def times(number: int, chance: random.Random, values: int) -> Iterator[float]:
    """Yield seconds of one benchmark that spread by 2 %."""
    level = 1e-5 * (1 + number % 97)
    return (level * (1 + 0.02 * chance.gauss(0, 1)) for _ in range(values))


def pytest_benchmark(path: Path, seed: int, count: int, values: int) -> None:
    """Write what `pytest --benchmark-json` does: rounds of one process."""
    chance = _chance(seed)
    benchmarks = []
    for number in range(count):
        data = list(times(number, chance, values))
        mean, ordered = statistics.fmean(data), sorted(data)
        low, middle, high = statistics.quantiles(ordered)
        stats: dict[str, object] = {
            "min": ordered[0],
            "max": ordered[-1],
            "mean": mean,
            "stddev": mean / 50,
        }
        stats |= {"rounds": values, "median": middle, "iqr": high - low, "q1": low, "q3": high}
        stats |= {"iqr_outliers": 0, "stddev_outliers": 9, "outliers": "9;0"}
        stats |= {"ld15iqr": ordered[0], "hd15iqr": ordered[-1], "ops": 1 / mean}
        stats |= {"total": mean * values}
        name = f"test_x[{number}]"
        benchmarks.append(
            {
                "group": None,
                "name": name,
                "fullname": f"tests/test_performance.py::{name}",
                "params": None,
                "extra_info": {},
                "options": {"disable_gc": False, "timer": "perf_counter", "min_rounds": 5},
                "stats": {**stats, "data": data, "iterations": 1},
            }
        )
    machine = {"node": "x", "processor": "x", "machine": "x86_64", "system": "Linux", "cpu": {}}
    document = {"machine_info": machine, "commit_info": {}, "benchmarks": benchmarks}
    document |= {"datetime": "2026-01-01T00:00:00+00:00", "version": "5.1.0"}
    path.write_text(json.dumps(document, indent=4))


def pyperf(path: Path, seed: int, count: int, runs: int, values: int) -> None:
    """Write what pyperf does: values by process, each process with what was seen of it."""
    chance = _chance(seed)
    benchmarks = []
    for number in range(count):
        about = {"name": f"test_x_{number}", "loops": 1, "unit": "second"}
        measured = [
            {
                "metadata": {
                    "date": "2026-01-01 00:00:00.000000",
                    "duration": 0.5809460970049258,
                    "load_avg_1min": 0.45,
                    "mem_max_rss": 14811136,
                    "uptime": 657923.1394765377,
                },
                "values": list(times(number, chance, values)),
                "warmups": [[1, 2.136275384145847e-06]],
            }
            for _ in range(runs)
        ]
        benchmarks.append({"metadata": about, "runs": measured})
    document = {"benchmarks": benchmarks, "metadata": {}, "version": "1.0"}
    path.write_text(json.dumps(document, separators=(",", ":")))


def google_benchmark(path: Path, seed: int, count: int, repetitions: int) -> None:
    """Write what `--benchmark_repetitions` and `--benchmark_out` do: a row a repetition."""
    chance = _chance(seed)
    rows: list[dict[str, Any]] = [
        {
            "name": f"BM_x/{number}",
            "family_index": number,
            "per_family_instance_index": 0,
            "run_name": f"BM_x/{number}",
            "run_type": "iteration",
            "repetitions": repetitions,
            "repetition_index": place,
            "threads": 1,
            "iterations": 3070566,
            "real_time": value * 1e9,
            "cpu_time": value * 0.99e9,
            "time_unit": "ns",
        }
        for number in range(count)
        for place, value in enumerate(times(number, chance, repetitions))
    ]
    context = {"date": "2026-01-01T00:00:00+00:00", "host_name": "x", "num_cpus": 4}
    path.write_text(json.dumps({"context": context, "benchmarks": rows}, indent=2))


def hyperfine(path: Path, seed: int, count: int, runs: int) -> None:
    """Write what `hyperfine --export-json` does: a value a process."""
    chance = _chance(seed)
    results = []
    for number in range(count):
        told = list(times(number, chance, runs))
        mean = statistics.fmean(told)
        about = {"command": f"./x {number}", "mean": mean, "stddev": mean / 50, "median": mean}
        about |= {"user": mean / 2, "system": mean / 4, "min": min(told), "max": max(told)}
        results.append(about | {"times": told, "exit_codes": [0] * runs})
    path.write_text(json.dumps({"results": results}, indent=2))


def jmh(path: Path, seed: int, count: int, forks: int, iterations: int) -> None:
    """Write what `-rf json` does: iterations by fork."""
    chance = _chance(seed)
    results = []
    for number in range(count):
        raw = [[v * 1e9 for v in times(number, chance, iterations)] for _ in range(forks)]
        score = statistics.fmean(map(statistics.fmean, raw))
        percentiles = ("0.0", "50.0", "90.0", "95.0", "99.0", "99.9", "99.99", "99.999", "99.9999")
        results.append(
            {
                "jmhVersion": "1.37",
                "benchmark": "org.example.cache.ComputeBenchmark.compute",
                "mode": "avgt",
                "threads": 1,
                "forks": forks,
                "jvm": "/usr/lib/jvm/java-17-openjdk-amd64/bin/java",
                "jvmArgs": ["-Xmx2G"],
                "jdkVersion": "17.0.5",
                "vmName": "OpenJDK 64-Bit Server VM",
                "vmVersion": "17.0.5+8",
                "warmupIterations": 5,
                "warmupTime": "1 s",
                "warmupBatchSize": 1,
                "measurementIterations": iterations,
                "measurementTime": "1 s",
                "measurementBatchSize": 1,
                "params": {"size": str(number)},
                "primaryMetric": {
                    "score": score,
                    "scoreError": score / 50,
                    "scoreConfidence": [score * 0.98, score * 1.02],
                    "scorePercentiles": dict.fromkeys((*percentiles, "100.0"), score),
                    "scoreUnit": "ns/op",
                    "rawData": raw,
                },
                "secondaryMetrics": {},
            }
        )
    path.write_text(json.dumps(results, indent=4))


def vitest(path: Path, seed: int, count: int, samples: int) -> None:
    """Write what `vitest bench --outputJson` does where samples are included."""
    chance = _chance(seed)
    benchmarks = []
    for number in range(count):
        values = [value * 1e3 for value in sorted(times(number, chance, samples))]
        mean = statistics.fmean(values)
        about = {"id": f"1_{number}", "name": f"x {number}", "rank": 1, "rme": 0.5}
        about |= {"samples": values, "totalTime": mean * samples, "min": values[0]}
        about |= {"max": values[-1], "hz": 1e3 / mean, "period": mean, "mean": mean}
        about |= {"variance": 1e-6, "sd": 1e-3, "sem": 1e-5, "df": samples - 1, "critical": 1.96}
        about |= {"moe": 1e-5, "p75": mean, "p99": mean, "p995": mean, "p999": mean}
        benchmarks.append(about | {"sampleCount": samples, "median": mean})
    group = {"fullName": "x.bench.ts > x", "benchmarks": benchmarks}
    files = [{"filepath": "/x/x.bench.ts", "groups": [group]}]
    path.write_text(json.dumps({"files": files}, indent=2))


def go(path: Path, seed: int, count: int, repetitions: int) -> None:
    """Write what `go test -bench . -count N` prints."""
    chance = _chance(seed)
    with path.open("w") as file:
        file.write("goos: linux\ngoarch: amd64\npkg: example.com/x\ncpu: A processor\n")
        for number in range(count):
            for value in times(number, chance, repetitions):
                file.write(f"BenchmarkX/case={number}-8\t 1000000\t{value * 1e9:10.2f} ns/op\n")
        file.write("PASS\nok  \texample.com/x\t1.0s\n")


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - chance, not secrecy
