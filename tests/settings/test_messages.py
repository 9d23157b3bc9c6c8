"""What a wrong setting is told: what, where, and what was meant."""

from collections.abc import Callable

import pytest

from perfci.settings.fitting import KINDS

Complaints = Callable[..., list[str]]
MORE = "it must be more than 0; write the smallest change that matters, like 5%"
NOTHING = "has nothing to measure: it needs one of " + ", ".join(KINDS)


def test_an_unknown_key_names_its_line_and_the_nearest_known_key(complaints: Complaints) -> None:
    assert complaints("mode: auto\ngate:\n  sensitivty: 5%\n") == [
        "gate.sensitivty is not known (perfci.yml, line 3); did you mean gate.sensitivity?"
    ]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("sensitivity: 3%", "gate.sensitivity"),
        ("gate: {warmup: 3}", "measure.warmup"),
        ("benchmarks: [{name: a, run: x, metric: [latency]}]", "benchmarks[0].metrics"),
        ("gate: {rules: [{match: a, treshold: 5%}]}", "gate.rules[0].threshold"),
        ("gate: {fail-on: minor}", "gate.fail_on"),
        ("budget: 5MB", "gate.rules[].budget"),
    ],
)
def test_the_nearest_key_may_sit_in_another_section(
    complaints: Complaints, text: str, meant: str
) -> None:
    assert any(f"did you mean {meant}?" in line for line in complaints(text))


def test_a_key_like_no_other_gets_no_guess(complaints: Complaints) -> None:
    assert complaints("zzz: 1") == ["zzz is not known (perfci.yml, line 1)"]


@pytest.mark.parametrize("key", ["samples", "accept"])
def test_keys_of_other_versions_are_unknown_like_any_other(
    complaints: Complaints, key: str
) -> None:
    inside = f"benchmarks: [{{name: a, run: x, {key}: {{}}}}]"

    assert any(f"{key} is not known" in line for line in complaints(f"{key}: {{}}"))
    assert any(f".{key} is not known" in line for line in complaints(inside))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "measure: {timeout: abc}",
            "measure.timeout: 'abc' is not a duration; write it like 10s or 5m",
        ),
        ("measure: {timeout: 300}", "measure.timeout: 300 has no unit; write it like 10s or 5m"),
        ("measure: {timeout: 0s}", "measure.timeout: it must be more than 0"),
        ("measure: {cooldown: -1s}", "measure.cooldown: it must not be less than 0"),
        ("measure: {warmup: true}", "measure.warmup: true is not a whole number"),
        ("measure: {warmup: -1}", "measure.warmup: -1 is not 0 or more"),
        (
            "measure: {rounds: 0}",
            "measure.rounds: 0 is neither auto nor a whole number from 1 to 10000",
        ),
        (
            "measure: {rounds: true}",
            "measure.rounds: true is neither auto nor a whole number from 1 to 10000",
        ),
        ("gate: {sensitivity: 0.05}", "gate.sensitivity: 0.05 has no unit; write it like 5%"),
        ("gate: {sensitivity: 101%}", "gate.sensitivity: it must be at most 100%"),
        ("gate: {sensitivity: 0%}", f"gate.sensitivity: {MORE}"),
        ("gate: {severity: {minor: 0%}}", f"gate.severity.minor: {MORE}"),
        ("gate: {rules: [{match: a, threshold: 0%}]}", f"gate.rules[0].threshold: {MORE}"),
        ("gate: {rules: [{match: a, threshold: -5%}]}", f"gate.rules[0].threshold: {MORE}"),
        (
            "gate: {rules: [{match: a, threshold: 5}]}",
            "gate.rules[0].threshold: 5 has no unit; write it like 5%",
        ),
        (
            "gate: {rules: [{match: a, threshold: 0.05}]}",
            "gate.rules[0].threshold: 0.05 has no unit; write it like 5%",
        ),
        (
            "gate: {rules: [{match: a, threshold: '0.05'}]}",
            "gate.rules[0].threshold: '0.05' is not a percentage; write it like 5%",
        ),
        (
            "gate: {rules: [{match: a, threshold: nan%}]}",
            "gate.rules[0].threshold: 'nan%' is not a percentage; write it like 5%",
        ),
        (
            "gate: {rules: [{match: a, threshold: 1e999%}]}",
            "gate.rules[0].threshold: '1e999%' is not a percentage; write it like 5%",
        ),
        ("gate: {max_regressions: -1}", "gate.max_regressions: -1 is not 0 or more"),
        ("measure: {max_time: 0s}", "measure.max_time: it must be more than 0"),
        ("measure: {max_time: -1m}", "measure.max_time: it must not be less than 0"),
        (
            "gate: {rules: [{match: a, budget: 5ms, at_least: 2ms}]}",
            "gate.rules[0] has at_least, but no threshold that it could stand beside; add one",
        ),
        ("gate: {accept: [{match: a}]}", "gate.accept[0] has no reason"),
        (
            "gate: {accept: [{match: a, reason: '  '}]}",
            (
                "gate.accept[0].reason: '  ' is empty, or has characters or spaces that cannot be "
                "shown"
            ),
        ),
        (
            "gate: {accept: [{match: a, reason: x, until: soon}]}",
            "gate.accept[0].until: 'soon' is not a day; write it like 2026-12-31",
        ),
        (
            "gate: {accept: [{match: a, reason: x, until: 2026-02-30}]}",
            "gate.accept[0].until: '2026-02-30' is not a day; write it like 2026-12-31",
        ),
        (
            "gate: {accept: [{match: a, reason: x, up_to: 0%}]}",
            "gate.accept[0].up_to: it must be more than 0",
        ),
        (
            "gate: {fail_on: huge}",
            "gate.fail_on: 'huge' is not one of none, minor, moderate, major, critical",
        ),
        (
            "gate: {on_inconclusive: maybe}",
            "gate.on_inconclusive: 'maybe' is not one of ignore, warn, fail",
        ),
        (
            "gate: {severity: {minor: 30%}}",
            "gate.severity must rise: minor < moderate < major < critical",
        ),
        (
            "gate: {rules: [{match: '*'}]}",
            "gate.rules[0] has neither threshold nor budget; to silence its series, add level: off",
        ),
        ("gate: {rules: [{threshold: 5%}]}", "gate.rules[0] has no match"),
        (
            "gate: {rules: [{match: a, budget: 5 parsecs}]}",
            (
                "gate.rules[0].budget: '5 parsecs' is not a quantity; "
                "write it like 2ms, 512MB, 3% or 200/s, and counts as plain numbers"
            ),
        ),
        (
            "gate: {rules: [{match: a, budget: -1}]}",
            "gate.rules[0].budget: it must not be less than 0",
        ),
        (
            "gate: {rules: [{match: a, budget: 0ms}]}",
            "gate.rules[0].budget: it must be more than 0",
        ),
        ("report: {html: yes}", "report.html: 'yes' is not true or false"),
        ("project: 12", "project: 12 is not a text; put it in quotes"),
        ("branches: main", "branches: 'main' is not a list"),
        ("gate: 5", "gate: 5 is not a table"),
        ("base: --upload-pack=x", "base: '--upload-pack=x' is not the name of a branch or commit"),
        ("store: ''", "store: '' is empty, or has a NUL character in it"),
        ("setup: []", "setup: the list is empty; write it like [./app, --fast]"),
    ],
)
def test_a_wrong_value_is_told_in_plain_words(complaints: Complaints, text: str, line: str) -> None:
    assert complaints(text) == [f"{line} (perfci.yml, line 1)"]


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        (
            "name: a",
            f"benchmarks[1] {NOTHING}",
        ),
        ("name: a\n    run: x\n    python: a.py:f", "benchmarks[1] has both run and python"),
        ("run: x", "benchmarks[1] has no name"),
        ("name: a/b\n    run: x", "benchmarks[1].name: 'a/b' must not contain /"),
        ("name: 'a[b]'\n    run: x", "benchmarks[1].name: 'a[b]' must not contain [ ]"),
        ('name: "a\\tb"\n    run: x', "benchmarks[1].name: 'a\\tb' is empty, or has characters"),
        ("name: a\n    suite: 's:t'\n    run: x", "benchmarks[1].suite: 's:t' must not contain :"),
        ("name: a\n    run: ' '", "benchmarks[1].run: the command is empty"),
        ("name: a\n    run: [app, 5]", "benchmarks[1].run: 5 is not text"),
        ("name: a\n    python: f", "benchmarks[1].python: 'f' is not like file.py:function"),
        (
            "name: a\n    python: ../x.py:f",
            "benchmarks[1].python: '../x.py:f' must be a path inside",
        ),
        ("name: a\n    python: /x.py:f", "benchmarks[1].python: '/x.py:f' must be a path inside"),
        ("name: a\n    python: a b:f", "benchmarks[1].python: 'a b:f' is not like"),
        (
            "name: a\n    run: x\n    metrics: [latncy]",
            "benchmarks[1].metrics: 'latncy' is not a metric; did you mean latency?",
        ),
        ("name: a\n    run: x\n    output: y", "benchmarks[1] has output, but not the format"),
        (
            "name: a\n    run: x > {output}\n    read: go\n    output: y",
            "benchmarks[1] has both output and {output} in its command",
        ),
        (
            "name: a\n    run: x\n    read: go\n    image: y",
            "benchmarks[1] has image, which a tool whose results are read cannot have",
        ),
        (
            "name: a\n    run: x {output}\n    read: go\n    parameters: {output: [1]}",
            "benchmarks[1] has a parameter output, but {output} is the file",
        ),
        ("name: a\n    results: x\n    warmup: 1\n    output: y", "benchmarks[1] has output"),
        ("name: a\n    results: []", "benchmarks[1].results: the list is empty"),
        ("name: a\n    results: ../x", "benchmarks[1].results[0]: '../x' must be a path inside"),
        ("name: a\n    python: a.py:f\n    read: go", "benchmarks[1] has read, which is for run"),
        ("name: a\n    run: x\n    metrics: []", "benchmarks[1].metrics: the list is empty"),
        (
            "name: a\n    run: x\n    metrics: [latency, latency]",
            "benchmarks[1] names a metric twice",
        ),
        (
            "name: a\n    run: x\n    parameters: {n: [1]}",
            "benchmarks[1] has a parameter n that is nowhere used: write {n}",
        ),
        (
            "name: a\n    run: 'x ${n}'\n    parameters: {n: [1]}",
            "benchmarks[1] has a parameter n that is nowhere used: write {n}",
        ),
        (
            "name: a\n    run: x {n}\n    parameters: {n: []}",
            "benchmarks[1].parameters.n: the list is empty",
        ),
        (
            "name: a\n    run: x {n}\n    parameters: {n: ['1,2']}",
            "benchmarks[1].parameters.n[0]: '1,2' has a comma",
        ),
        (
            "name: a\n    run: x {n}\n    parameters: {n: [null]}",
            "benchmarks[1].parameters.n[0]: null is not a text, a number, true or false",
        ),
        (
            "name: a\n    python: a.py:f\n    parameters: {a-b: [1]}",
            "benchmarks[1].parameters.a-b: 'a-b' is not a name of letters",
        ),
    ],
)
def test_a_wrong_benchmark_names_its_own_place(
    complaints: Complaints, entry: str, line: str
) -> None:
    text = f"benchmarks:\n  - name: first\n    run: x\n  - {entry}\n"
    told = complaints(text)

    assert len(told) == 1
    assert told[0].startswith(line)
    assert "(perfci.yml, line " in told[0]


def test_a_benchmark_without_work_is_told_with_the_line_of_its_entry(
    complaints: Complaints,
) -> None:
    text = "benchmarks:\n  - {name: a, run: x}\n\n  - name: b\n    suite: s\n"

    assert complaints(text) == [f"benchmarks[1] {NOTHING} (perfci.yml, line 4)"]


def test_too_many_combinations_are_refused_without_making_them(complaints: Complaints) -> None:
    numbers = list(range(1000))
    text = f"""
benchmarks:
  - name: a
    python: a.py:f
    parameters: {{a: {numbers}, b: {numbers}, c: {numbers}, d: {numbers}, e: {numbers}}}
"""
    assert "has 1000000000000000 combinations, more than 1000" in complaints(text)[0]


def test_two_benchmarks_of_one_name_are_told_with_both_places(complaints: Complaints) -> None:
    text = """
benchmarks:
  - {name: a, suite: s, run: x}
  - {name: a, run: y}
  - {name: a, suite: s, python: "m:f"}
"""
    assert complaints(text) == [
        "s/a is the name of two benchmarks (perfci.yml, line 3, and perfci.yml, line 5)"
    ]


def test_values_that_look_alike_in_a_key_are_two_benchmarks_of_one_name(
    complaints: Complaints,
) -> None:
    text = "benchmarks: [{name: a, python: 'm:f', parameters: {n: [1, '1']}}]"

    assert complaints(text)[0].startswith("default/a[n=1] is the name of two benchmarks")


def test_all_errors_come_at_once_with_their_own_sources(complaints: Complaints) -> None:
    told = complaints(
        "gate: {sensitivity: 5}\nproject: 7\n",
        environ={"PERFCI_MEASURE__TIMEOUT": "abc", "INPUT_MAX-REGRESSIONS": "many"},
        sets=["report.html=perhaps", "nonsense"],
    )

    places = ["perfci.yml, line 1", "perfci.yml, line 2", "PERFCI_MEASURE__TIMEOUT"]
    places += ["INPUT_MAX-REGRESSIONS", "--set report.html"]
    for place in places:
        assert sum(line.endswith(f"({place})") for line in told) == 1
    assert "--set 'nonsense' is not like gate.sensitivity=3%" in told
    assert len(told) == 6


def test_a_threshold_of_an_input_names_the_input(complaints: Complaints) -> None:
    for text, says in (
        ("5", "'5' is not a percentage; write it like 5%"),
        ("0%", MORE),
        ("fast", "'fast' is not a perc"),
    ):
        (line,) = complaints(environ={"INPUT_THRESHOLD": text})
        assert line.startswith("gate.rules[0].threshold: ")
        assert says in line
        assert line.endswith("(INPUT_THRESHOLD)")


def test_hundreds_of_errors_are_told_in_a_screenful(complaints: Complaints) -> None:
    told = complaints("\n".join(f"zzz{number}: 1" for number in range(300)))

    assert len(told) == 21
    assert told[-1] == "and 280 more"


def test_hostile_keys_and_values_reach_no_terminal(complaints: Complaints) -> None:
    told = "\n".join(complaints('"\\e[31mkey": 1\nproject: "\\e[31mred"\n'))

    assert "\x1b" not in told
    assert "is not known" in told


def test_messages_are_free_of_the_validators_jargon(complaints: Complaints) -> None:
    told = "\n".join(
        complaints("gate: []\nmeasure: 3\nbenchmarks: {}\nexpect: [5]\nreport: {charts: [1]}")
    ).lower()

    for word in ("pydantic", "input", "valid", "type", "dictionary", "tuple", "instance", "extra"):
        assert word not in told
