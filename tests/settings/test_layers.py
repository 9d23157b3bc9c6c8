"""Which source wins, and who is named as the origin."""

from perfci.settings.environment import from_environ
from perfci.settings.files import parse_file
from perfci.settings.flags import from_flags, from_sets
from perfci.settings.layers import Layer
from perfci.settings.load import load


def stack(count: int) -> list[Layer]:
    """Return the first layers of all, each with its own opinion of `gate.fail_on`."""
    layers = [
        parse_file("perfci.yml", b"gate:\n  fail_on: moderate\n"),
        from_environ({"PERFCI_GATE__FAIL_ON": "major"}),
        from_environ({"PERFCI_GATE__FAIL_ON": "major", "INPUT_FAIL-ON": "critical"}),
        from_flags({"gate.fail_on": "none"}),
        from_sets(["gate.fail_on=minor"]),
    ]
    return layers[:count]


def test_each_source_is_stronger_than_the_one_before() -> None:
    seen = [load(stack(count)) for count in range(6)]

    assert [each.settings.gate.fail_on for each in seen] == [
        "minor",
        "moderate",
        "major",
        "critical",
        "none",
        "minor",
    ]
    assert [each.provenance(("gate", "fail_on")) for each in seen] == [
        "default",
        "perfci.yml, line 2",
        "PERFCI_GATE__FAIL_ON",
        "INPUT_FAIL-ON",
        "--fail-on",
        "--set gate.fail_on",
    ]


def test_tables_merge_and_lists_replace() -> None:
    file = b"""
branches: [main, next]
gate:
  sensitivity: 3%
  rules: [{match: a, threshold: 1%}, {match: b, threshold: 2%}]
"""
    stronger = from_environ(
        {"PERFCI_GATE": "{rules: [{match: c, threshold: 9%}]}", "PERFCI_BRANCHES": "[trunk]"}
    )
    settings = load([parse_file("perfci.yml", file), stronger]).settings

    assert settings.gate.sensitivity == 0.03
    assert [rule.match for rule in settings.gate.rules] == ["c"]
    assert settings.branches == ("trunk",)


def test_null_takes_back_what_a_weaker_source_set() -> None:
    file = b"gate: {max_regressions: 3, sensitivity: 2%}\nmeasure:\n"
    loaded = load([parse_file("perfci.yml", file), from_sets(["gate.max_regressions=null"])])

    assert loaded.settings.gate.max_regressions is None
    assert loaded.settings.gate.sensitivity == 0.02
    assert loaded.settings.measure.warmup == 1


def test_a_whole_table_taken_back_is_default_again() -> None:
    loaded = load([parse_file("perfci.yml", b"gate: {sensitivity: 2%}"), from_sets(["gate=null"])])

    assert loaded.settings.gate.sensitivity == 0.05
    assert loaded.provenance(("gate", "sensitivity")) == "default"


def test_the_threshold_input_adds_its_rule_behind_those_of_the_file() -> None:
    file = b"gate:\n  rules:\n    - {match: 'a*', threshold: 20%}\n"
    given = from_environ({"INPUT_THRESHOLD": "5%"})
    loaded = load([parse_file("perfci.yml", file), given])

    assert [(rule.match, rule.threshold) for rule in loaded.settings.gate.rules] == [
        ("a*", 0.2),
        ("*", 0.05),
    ]
    assert loaded.provenance(("gate", "rules", 0)) == "perfci.yml, line 3"
    assert loaded.provenance(("gate", "rules", 1)) == "INPUT_THRESHOLD"


def test_the_threshold_input_stands_alone_where_there_are_no_rules() -> None:
    given = from_environ({"INPUT_THRESHOLD": "5%"})

    for file in (b"", b"gate:\n", b"gate: {rules: null}"):
        rules = load([parse_file("perfci.yml", file), given]).settings.gate.rules
        assert [rule.match for rule in rules] == ["*"]


def test_a_list_that_was_replaced_forgets_where_its_items_came_from() -> None:
    given = from_environ({"INPUT_THRESHOLD": "5%"})
    loaded = load([given, from_sets(["gate.rules=[{match: a, level: off}]"])])

    assert [rule.match for rule in loaded.settings.gate.rules] == ["a"]
    assert loaded.provenance(("gate", "rules", 0)) == "--set gate.rules"


def test_flags_that_were_not_given_leave_everything_as_it_is() -> None:
    flags = from_flags({"mode": None, "measure.rounds": "3", "measure.max_time": "2m"})
    loaded = load([parse_file("perfci.yml", b"mode: paired"), flags])

    assert (loaded.settings.mode, loaded.settings.measure.rounds) == ("paired", 3)
    assert loaded.provenance(("measure", "max_time")) == "--max-time"
    assert loaded.provenance(("measure", "rounds")) == "--rounds"
