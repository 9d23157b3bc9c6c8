"""What is said of one finding, in plain words."""

from dataclasses import replace

import pytest

from perfci.gate.policy import Level, Rule
from perfci.gate.sentences import would_decide
from perfci.model.comparison import Comparison, Estimate
from tests.gate.test_judge import ERRORS, came, verdict


def reason(comparison: Comparison, **policy: object) -> str:
    return verdict(comparison, **policy).findings[0].reason


def fresh(comparison: Comparison, number: int) -> Comparison:
    """Let only so many of the launches be those that decided."""
    base, head = comparison.base, comparison.head
    assert base
    assert head
    return replace(comparison, base=replace(base, n=number), head=replace(head, n=number))


def test_the_launches_that_raised_the_suspicion_are_told_apart_from_those_that_decide() -> None:
    told = reason(fresh(came("regressed", 0.2), 6))

    assert (
        "over 6 fresh launches a side on the net clock, after 4 that raised the suspicion" in told
    )
    assert "over 10 launches a side" in reason(came("regressed", 0.2))


def test_one_fresh_launch_is_no_plural() -> None:
    assert "over 1 fresh launch a side" in reason(fresh(came("regressed", 0.2), 1))


@pytest.mark.parametrize("end", ["?", ".", "!"])
def test_what_ends_a_sentence_already_gets_no_second_end(end: str) -> None:
    said = f"nodee is in no folder of PATH; did you mean node{end}"
    failed = replace(came("failed", 0.0), explanation=said)
    assert reason(failed) == f"N{said[1:]}"
    assert reason(replace(failed, explanation="it ended")) == "It ended."


def test_a_side_without_an_estimate_counts_all_its_launches() -> None:
    told = reason(replace(came("inconclusive", 0.03), head=None, base=Estimate(point=1.0, n=4)))

    assert "with 10 launches a side" in told


def test_more_launches_decide_where_the_rule_takes_them() -> None:
    found = replace(came("inconclusive", 0.03), needed=12, pace=15.0)

    assert would_decide(found) == "about 12 launches (30.0 s more) would decide"
    assert would_decide(replace(found, pace=None)) == "about 12 launches would decide"
    assert would_decide(replace(found, needed=None)) == ""
    assert "; about 12 launches (30.0 s more) would decide." in reason(found)


def test_a_fixed_number_decides_where_the_rule_has_had_all_that_it_takes() -> None:
    found = replace(came("inconclusive", 0.03), needed=244, pace=1.25, by_rounds=True)

    assert would_decide(found) == "--rounds 244 would probably decide (5 min 5 s)"
    assert would_decide(replace(found, pace=None)) == "--rounds 244 would probably decide"
    assert "; --rounds 244 would probably decide (5 min 5 s)." in reason(found)


def test_what_is_found_is_told_with_its_certainty() -> None:
    told = reason(replace(came("inconclusive", 0.03), detectable=0.09))

    assert "a worsening of 9.0 % is found with 95 % certainty" in told


def test_one_point_is_no_plural() -> None:
    errors = replace(came("unchanged", 0.0, metric=ERRORS), sensitivity=0.01)

    assert "a worsening of 1 point is ruled out" in reason(errors)
    assert "2 points more errors" in reason(came("regressed", 0.02, metric=ERRORS))


def test_the_limit_of_an_absolute_metric_is_told_in_points() -> None:
    rules = (Rule(match="*:error_rate", threshold=0.01),)

    told = reason(came("regressed", 0.30, metric=ERRORS, head=0.31), rules=rules)

    assert told.endswith("; it blocks from 1 point (*:error_rate).")


def test_both_limits_of_a_rule_are_named_where_one_is_not_reached() -> None:
    rules = (Rule(match="*", threshold=0.05, at_least=0.002),)

    told = reason(came("regressed", 0.20, head=0.006), rules=rules)

    assert told.endswith("; below the limit of 5 % and 2.00 ms (*), so it warns.")


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ({}, "fail_on goes by per cent, which mean nothing here: only a rule blocks it"),
        ({"fail_on": None}, "nothing blocks this series (fail_on: none)"),
        (
            {"rules": (Rule(match="codec/*", threshold=0.1, level=Level.WARN),)},
            "nothing blocks this series (codec/*)",
        ),
    ],
)
def test_why_nothing_blocks_is_told(policy: dict[str, object], says: str) -> None:
    assert says in reason(came("regressed", 0.30, metric=ERRORS, head=0.31), **policy)


def test_a_name_keeps_its_case_at_the_start_of_a_sentence() -> None:
    why = "codec/parse exited with 3"

    assert reason(replace(came("failed"), explanation=why)) == "codec/parse exited with 3."
    assert reason(replace(came("failed"), explanation="it exited")) == "It exited."
