"""What is said of a plan before anything is measured, and what is said of none."""

from datetime import date

import pytest

from perfci.errors import ConfigurationError
from perfci.gate.accept import Acceptance
from perfci.model.context import Context
from perfci.plan.make import make_plan
from perfci.plan.plan import Circumstances, Wish
from perfci.settings.environment import from_environ
from perfci.settings.files import parse_file
from perfci.settings.load import load

BENCHMARKS = """
benchmarks:
  - {name: parse, suite: codec, run: x, metrics: [latency, memory_usage]}
  - {name: encode, suite: codec, python: "b.py:f", metrics: [latency, instructions]}
  - name: health
    http: {url: "http://127.0.0.1:8000/", duration: 10s}
    metrics: [latency, error_rate, throughput]
"""
TODAY = date(2026, 11, 26)


def doubts(text: str, *, names: tuple[str, ...] = (), **variables: str) -> list[str]:
    place = Circumstances(
        context=Context(branch="main"), folder="app", branch="main", today=TODAY, store="file:x"
    )
    layers = [parse_file("perfci.yml", (BENCHMARKS + text).encode()), from_environ(variables)]
    return list(make_plan(load(layers), place, Wish(names=names, seed=1)).warnings)


def rules(*entries: str, **gate: str) -> str:
    listed = "".join(f"\n    - {{{entry}}}" for entry in entries)
    return "gate:" + f"\n  rules:{listed}" + "".join(f"\n  {k}: {v}" for k, v in gate.items())


def accept(entry: str, **gate: str) -> str:
    more = "".join(f"\n  {name}: {value}" for name, value in gate.items())
    return f"gate:\n  accept:\n    - {{{entry}, reason: a safer parser}}{more}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gate: {fail_on: major, sensitivity: 3%, max_regressions: 0}",
        "gate: {fail_on: none, max_regressions: 2}",
        "measure: {rounds: 3, warmup: 5, max_time: 5m, cooldown: 100ms}",
        rules(
            "match: 'codec/*:latency', threshold: 5%, at_least: 2ms",
            "match: '*:memory_usage', budget: 512MB",
            "match: '*:error_rate', threshold: 1%",
            "match: '*:latency', threshold: 8%",
        ),
        rules("match: 'codec/*:memory_usage', budget: 9MB, level: warn", "match: codec/parse, "
              "threshold: 2%"),
        rules("match: codec/*, level: 'off'"),
        rules("match: 'codec/*:latency', threshold: 4%", fail_on="major"),
        rules("match: 'codec/*:latency', budget: 1s", fail_on="none"),
        rules("match: codec/*, threshold: 4%", "match: 'default/*:latency', threshold: 5%",
              "match: 'default/*', threshold: 5%", "match: '*', threshold: 9%"),
        rules("match: '*:instructions', threshold: 1%"),
        "gate: {sensitivity: 1.5%}",
        accept("match: 'codec/parse*', until: 2027-12-31, up_to: 30%"),
        accept("match: 'codec/parse*'"),
        accept("match: '*', until: 2026-11-26"),
        accept("match: '*', up_to: 20%"),
        accept("match: '*:latency', up_to: 5%, until: 2026-12-01", max_regressions="0"),
        "renamed: {codec/old: codec/parse}",
        "expect: ['codec/*', 'default/health:latency']",
    ],
)  # fmt: skip
def test_sensible_settings_raise_no_doubt(text: str) -> None:
    assert doubts(text) == []


WIDE = "nothing below 6 times its base fails"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        # limits that let everything pass
        (
            rules("match: '*:latency', threshold: 500%"),
            ["the rule '*:latency' (perfci.yml, line 10) blocks from 500 % on: " + WIDE],
        ),
        (
            "gate: {severity: {minor: 200%, moderate: 300%, major: 400%, critical: 500%}}",
            [
                "gate.fail_on: minor blocks from 200 % on: nothing below 3 times its base fails",
                "nothing blocks default/health:throughput",
            ],
        ),
        (
            rules("match: '*:throughput', threshold: 120%"),
            ["cannot fall by more than 100 %: nothing blocks default/health:throughput"],
        ),
        ("gate: {fail_on: critical}", ["nothing blocks default/health:throughput; a limit of 50%"]),
        (
            rules("match: '*', threshold: 25%"),
            ["lets error_rate get worse by 25 points: % means points there", "'*:error_rate'"],
        ),
        ("gate: {fail_on: none}", ["no regression can fail this gate, however large"]),
        (
            rules("match: '*', threshold: 5%, level: warn"),
            ["no regression can fail this gate, however large: gate.fail_on is minor (default)"],
        ),
        (
            rules("match: 'codec/*:latency', budget: 1s, level: warn", fail_on="none"),
            ["no regression can fail this gate"],
        ),
        ("gate: {fail_on: none, on_inconclusive: fail}", ["no regression can fail this gate"]),
        (
            "gate: {fail_on: none, max_regressions: 7}",
            [
                "gate.max_regressions is 7 (perfci.yml, line 8), and there is no more than 7",
                "no regression can fail this gate",
            ],
        ),
        # limits that cannot be seen
        (
            "gate: {sensitivity: 20%}",
            [
                "gate.sensitivity is 20 % (perfci.yml, line 8), and gate.fail_on: minor blocks fr",
                "what lies between may pass as unchanged; set the sensitivity to 10% or less",
            ],
        ),
        (
            "gate: {sensitivity: 0.5%}",
            ["gate.sensitivity (perfci.yml, line 8) asks to see 0.5 %", "that takes about 4"],
        ),
        (
            "gate: {sensitivity: 1%}",
            ["asks to see 1 %", "takes about 1", "2% the least that is worth trying"],
        ),
        (
            rules("match: 'codec/parse:latency', threshold: 0.1%"),
            ["the rule 'codec/parse:latency' (perfci.yml, line 10) asks to see 0.1 %", "than 1000"],
        ),
        (
            "gate: {sensitivity: 0.5%}\nmeasure: {rounds: 10}",
            ["measure.rounds grants 10"],
        ),
        (
            rules("match: '*:instructions', threshold: 0.1%"),
            ["counts such as codec/encode:instructions are called worse from 0.5 % on only"],
        ),
        # rules that decide on nothing
        (
            rules("match: 'codec/parze*', threshold: 5%"),
            ["the rule 'codec/parze*' (perfci.yml, line 10) matches no series"],
        ),
        (
            rules("match: '*', threshold: 5%", "match: 'codec/*', threshold: 2%"),
            [
                "the rule 'codec/*' (perfci.yml, line 11) is never used: the rule '*' (perfci.yml",
                "line 10) comes first for every series that it matches; put the narrower rule fi",
            ],
        ),
        (
            rules("match: default/health, threshold: 9%", "match: '*:error_rate', threshold: 2%"),
            ["the rule '*:error_rate' (perfci.yml, line 11) is never used"],
        ),
        (
            rules("match: 'codec/*', threshold: 5%", "match: 'codec/*', threshold: 9%"),
            ["the rule 'codec/*' (perfci.yml, line 11) is never used", "leave one of the two"],
        ),
        (
            rules(
                "match: 'codec/*', threshold: 5%",
                "match: 'default/*', level: 'off'",
                "match: '*:latency', threshold: 9%",
            ),
            ["line 12) is never used: the rule 'codec/*' (perfci.yml, line 10), the rule 'default"],
        ),
        (
            rules("match: '*:latency', threshold: 5%", "match: 'codec/*:latency', threshold: 2%, "
                  "budget: 1s"),
            ["the threshold of the rule 'codec/*:latency' (perfci.yml, line 11) is never used"],
        ),
        (
            rules("match: '*:latency', budget: 1s", "match: 'codec/*:latency', threshold: 2%, "
                  "budget: 2s"),
            ["the budget of the rule 'codec/*:latency' (perfci.yml, line 11) is never used"],
        ),
        (
            rules("match: '*:latency', threshold: 5%, level: 'off'"),
            ["(perfci.yml, line 10) is off, so its threshold is not used, and no regression of"],
        ),
        (
            rules("match: '*:latency', budget: 5s, level: 'off'"),
            ["(perfci.yml, line 10) is off, so its budget is not used; take out"],
        ),
        (
            rules("match: '*', threshold: 5%", fail_on="major"),
            [
                "gate.fail_on: major (perfci.yml, line 11) is never used: every series goes by th",
                "goes by the rule '*' (perfci.yml, line 10)",
            ],
        ),
        # acceptances
        (
            accept("match: 'codec/parze*'"),
            ["the acceptance of 'codec/parze*' (perfci.yml, line 10) matches no series"],
        ),
        (
            accept("match: 'codec/*', until: 2026-11-25"),
            ["(perfci.yml, line 10) ended on 2026-11-25: a safer parser"],
        ),
        (accept("match: '*'"), ["the acceptance of '*' (perfci.yml, line 10) accepts everything"]),
        (accept("match: '*/*:*'"), ["accepts everything for ever"]),
        (accept("match: 'codec/*', until: 2206-12-31"), ["holds until 2206-12-31, more than 2"]),
        (
            accept("match: 'codec/*', up_to: 5%"),
            ["is never needed: it holds up to 5 %, and what it matches blocks from 10 % on"],
        ),
        (accept("match: '*:error_rate'"), ["is never needed: nothing blocks what it matches"]),
        # measuring
        ("measure: {rounds: 2}", ["measure.rounds is 2: fewer than 3 launches never prove"]),
        (
            "measure: {max_time: 20s}",
            ["measure.max_time is 20.0 s, and cooldowns and set durations alone take 50.0 s"],
        ),
        (
            "measure: {max_time: 40s, rounds: 3, cooldown: 5s}",
            ["measure.max_time is 40.0 s, and cooldowns and set durations alone take 1 min 15 s"],
        ),
        ("measure: {warmup: 5000}", ["5000 executions are thrown away to warm up codec/par"]),
        ("gate: {on_missing_baseline: fail}", ["the gate will fail, whatever is measured"]),
        # names
        ("renamed: {codec/old: codec/gone}", ["renamed (perfci.yml, line 8) names 'codec/gone'"]),
        (
            "renamed: {codec/parse: codec/old}",
            [
                "names 'codec/old', which is no benchmark, while 'codec/parse' is one: it looks sw",
                "swapped; the old name comes first, {'codec/old': 'codec/parse'}",
            ],
        ),
        ("renamed: {codec/parse: codec/encode}", ["'codec/encode', but both are benchmarks"]),
        ("renamed: {codec/parse: codec/parse}", ["gives 'codec/parse' its own name"]),
        (
            "renamed: {codec/a: codec/b, codec/b: codec/parse}",
            ["gives 'codec/a' the name 'codec/b', which it gives 'codec/parse' in turn"],
        ),
        (
            "renamed: {codec/a: codec/parse, codec/b: codec/parse}",
            ["renamed gives codec/a, codec/b one name, 'codec/parse': their histories are mixed"],
        ),
    ],
)  # fmt: skip
def test_what_is_probably_not_meant_is_told_with_its_place(text: str, says: list[str]) -> None:
    told = doubts(text)

    assert len(told) == len({line for line in told for part in says if part in line}), told
    for part in says:
        assert any(part in line for line in told), told


def test_fail_on_critical_is_a_choice_and_no_mistake() -> None:
    text = "gate: {fail_on: critical}"

    assert all("throughput" in line for line in doubts(text))


def test_the_threshold_of_an_input_that_a_rule_of_the_file_hides_is_told() -> None:
    told = doubts(rules("match: '*', threshold: 9%"), INPUT_THRESHOLD="5%")

    (line,) = told
    assert line.startswith(
        "the rule '*' (INPUT_THRESHOLD) is never used: the rule '*' (perfci.yml, line 10) comes "
    )


def test_rules_are_doubted_by_all_benchmarks_and_time_by_those_that_were_asked_for() -> None:
    text = rules("match: 'codec/*:latency', threshold: 3%") + "\nmeasure: {max_time: 20s}"

    assert doubts(text, names=("health",)) != []
    assert doubts(text, names=("parse",)) == []


def test_a_label_may_accept_everything() -> None:
    place = Circumstances(
        context=Context(),
        folder="app",
        today=TODAY,
        accepted=(Acceptance(match="*", reason="reviewed", source="label perf-accept"),),
    )
    loaded = load([parse_file("perfci.yml", BENCHMARKS.encode())])

    assert make_plan(loaded, place, Wish(seed=1)).warnings == ()


@pytest.mark.parametrize(
    ("glob", "says"),
    [
        ("codec/prase", "line 9); did you mean codec/parse?"),
        ("codec/parse:throughput", "is expected, but no configured benchmark is called so"),
        ("nothing like it at all", "(perfci.yml, line 9)"),
    ],
)
def test_what_is_expected_and_not_configured_is_refused(glob: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        doubts(f"expect:\n  - {glob!r}\n")

    assert says in caught.value.message
    assert "expect" in caught.value.hint


def test_a_limit_in_a_foreign_unit_is_refused_with_its_place() -> None:
    with pytest.raises(ConfigurationError) as caught:
        doubts(rules("match: 'codec/*', budget: 512MB"))

    assert "gate.rules[0].budget is in B, but codec/parse:latency" in caught.value.message
    assert "(perfci.yml, line 10)" in caught.value.message


def test_hostile_names_stay_on_their_line() -> None:
    trailer = Acceptance(match="\x1b[31m\n::error::x" * 999, reason="r", source="commit a1b2c3d")
    place = Circumstances(context=Context(), folder="app", today=TODAY, accepted=(trailer,))
    loaded = load([parse_file("perfci.yml", BENCHMARKS.encode())])

    (told,) = make_plan(loaded, place, Wish(seed=1)).warnings

    assert told.isprintable()
    assert len(told) < 200
