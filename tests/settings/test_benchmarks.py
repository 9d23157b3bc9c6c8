"""From entries to the benchmarks that are measured, and from gate settings to the policy."""

import subprocess
from collections.abc import Callable

import pytest

from perfci.errors import ConfigurationError
from perfci.gate.match import matches
from perfci.gate.policy import Level, OnInconclusive, OnMissingBaseline
from perfci.model.benchmark import Benchmark
from perfci.model.verdict import Severity
from perfci.model.work import Command, Function
from perfci.settings.benchmarks import expand
from perfci.settings.load import Loaded
from perfci.settings.policy import policy_of

Load = Callable[..., Loaded]


def only(benchmarks: tuple[Benchmark, ...]) -> Benchmark:
    """Return the one benchmark."""
    (benchmark,) = benchmarks
    return benchmark


def test_a_text_is_for_the_shell_and_a_list_is_not(load_from: Load) -> None:
    text = "benchmarks: [{name: a, run: 'x | y'}, {name: b, run: [x, 'y z']}]"
    shell, argv = expand(load_from(text))

    assert shell.work == Command(argv=("/bin/sh", "-c", "x | y"), shell=True)
    assert argv.work == Command(argv=("x", "y z"))


def test_every_combination_of_parameters_is_a_benchmark(load_from: Load) -> None:
    text = """
benchmarks:
  - name: encode
    suite: codec
    python: bench/codec.py:encode
    parameters: {size: [1MB, 16MB], fast: [true, false], level: [3, 0.5]}
"""
    benchmarks = expand(load_from(text))

    assert len(benchmarks) == 8
    assert str(benchmarks[0].id) == "codec/encode[fast=true,level=3,size=1MB]"
    assert str(benchmarks[-1].id) == "codec/encode[fast=false,level=0.5,size=16MB]"
    assert benchmarks[-1].work == Function(
        target="bench/codec.py:encode",
        arguments=(("size", "16MB"), ("fast", False), ("level", 0.5)),
    )


def test_values_in_a_shell_text_are_quoted_and_looked_at_once(load_from: Load) -> None:
    text = """
benchmarks:
  - name: a
    run: "printf '%s' {a} {b} ${a} ${HOME:+} {c}"
    parameters: {a: ["; echo $(id) '{b}'"], b: ["x y"]}
"""
    work = only(expand(load_from(text))).work
    assert isinstance(work, Command)

    printed = subprocess.run(work.argv, capture_output=True, text=True, check=True).stdout

    assert printed == "; echo $(id) '{b}'x y{c}"


def test_values_in_a_list_of_arguments_are_put_in_as_they_are(load_from: Load) -> None:
    text = "benchmarks: [{name: a, run: [app, 'n={n}', '{n}', '{m}'], parameters: {n: [a b]}}]"
    work = only(expand(load_from(text))).work

    assert work == Command(argv=("app", "n=a b", "a b", "{m}"))


def test_what_an_entry_does_not_say_comes_from_measure(load_from: Load) -> None:
    text = """
measure: {timeout: 7s, warmup: 4, cooldown: 2s}
benchmarks:
  - {name: a, run: x}
  - {name: b, run: x, timeout: 9s, warmup: 0, cooldown: 0s, metrics: [memory_usage, cpu_time]}
"""
    plain, own = expand(load_from(text))

    assert (plain.timeout, plain.warmup, plain.cooldown) == (7.0, 4, 2.0)
    assert [metric.name for metric in plain.metrics] == ["latency"]
    assert (own.timeout, own.warmup, own.cooldown) == (9.0, 0, 0.0)
    assert [metric.name for metric in own.metrics] == ["memory_usage", "cpu_time"]
    assert (plain.source, own.source) == ("perfci.yml, line 4", "perfci.yml, line 5")


def test_the_policy_says_what_the_settings_say(load_from: Load) -> None:
    text = """
gate:
  sensitivity: 3%
  severity: {minor: 15%}
  fail_on: none
  max_regressions: 2
  on_inconclusive: fail
  on_missing_baseline: fail
  rules:
    - {match: "codec/*:latency", threshold: 5%, at_least: 2ms}
    - {match: "*:memory_usage", budget: 512MB, level: warn}
expect: ["codec/*"]
"""
    policy = policy_of(load_from(text).settings, ())

    assert policy.sensitivity == 0.03
    assert policy.bands[Severity.MINOR] == pytest.approx(0.15)
    assert list(policy.bands) == list(Severity)
    assert policy.fail_on is None
    assert policy.max_regressions == 2
    assert policy.on_inconclusive is OnInconclusive.FAIL
    assert policy.on_missing_baseline is OnMissingBaseline.FAIL
    assert policy.expect == ("codec/*",)
    first, second = policy.rules
    assert (first.threshold, first.at_least, first.budget) == (0.05, 0.002, None)
    assert first.level is Level.ERROR
    assert (second.threshold, second.budget, second.level) == (None, 512e6, Level.WARN)


def test_every_configured_benchmark_is_expected_by_default(load_from: Load) -> None:
    text = """
benchmarks:
  - {name: a, run: x}
  - {name: b, python: "m:f", parameters: {url: ["h:1", "h:2"]}}
"""
    loaded = load_from(text)
    benchmarks = expand(loaded)
    policy = policy_of(loaded.settings, benchmarks)

    keys = [benchmark.id.series("latency") for benchmark in benchmarks]
    means = [[key for key in keys if matches(glob, key)] for glob in policy.expect]
    assert means == [[key] for key in keys]


def test_a_rule_in_foreign_units_is_refused(load_from: Load) -> None:
    text = """
benchmarks: [{name: a, run: x, metrics: [latency, memory_usage]}]
gate: {rules: [{match: "*", budget: 300ms}]}
"""
    loaded = load_from(text)

    with pytest.raises(ConfigurationError) as caught:
        policy_of(loaded.settings, expand(loaded))

    assert caught.value.message == (
        "gate.rules[0].budget is in s, but default/a:memory_usage, which the rule matches, is in B"
    )


def test_only_the_rule_that_decides_must_fit_the_unit(load_from: Load) -> None:
    text = """
benchmarks: [{name: a, run: x, metrics: [latency, memory_usage]}]
gate:
  rules:
    - {match: "*:memory_usage", threshold: 10%}
    - {match: "*", threshold: 5%, at_least: 2ms}
"""
    loaded = load_from(text)

    assert len(policy_of(loaded.settings, expand(loaded)).rules) == 2


def test_a_rule_that_silences_a_series_spares_it_the_next_ones_units(load_from: Load) -> None:
    text = """
benchmarks: [{name: a, run: x, metrics: [latency, memory_usage]}]
gate:
  rules:
    - {match: "*:memory_usage", level: off}
    - {match: "*", threshold: 5%, at_least: 2ms}
"""
    loaded = load_from(text)

    assert len(policy_of(loaded.settings, expand(loaded)).rules) == 2


def test_settings_cannot_be_changed(load_from: Load) -> None:
    settings = load_from().settings

    with pytest.raises(ValueError, match="frozen"):
        settings.mode = "paired"  # type: ignore[misc]


def test_quantities_are_told_as_people_write_them(load_from: Load) -> None:
    text = "gate: {rules: [{match: a, threshold: 7%, budget: 512MB}]}"
    told = load_from(text).settings.model_dump(mode="json")

    assert told["measure"]["timeout"] == "300s"
    assert told["measure"]["rounds"] == "auto"
    assert told["gate"]["sensitivity"] == "5 %"
    assert told["gate"]["rules"][0]["budget"] == "512 MB"
