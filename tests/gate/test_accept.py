"""Known regressions: what stands for one, for how long, and what is said of it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfci.gate.accept import Acceptance, accepted_by_commit
from perfci.gate.consequences import lapsed
from perfci.gate.policy import Rule
from perfci.model.verdict import Status
from tests.gate.test_judge import ERRORS, came, verdict

TODAY = date(2026, 11, 26)


def entry(**more: object) -> Acceptance:
    facts: dict[str, object] = {
        "match": "codec/parse*",
        "reason": "safer parser",
        "source": "perfci.yml, line 9",
    }
    return Acceptance(**{**facts, **more})  # type: ignore[arg-type]


def test_an_accepted_regression_does_not_block_and_is_told() -> None:
    found = verdict(came("regressed", 0.2), accept=(entry(until=TODAY),), today=TODAY)

    assert found.status is Status.WARN
    assert found.message == "1 regression accepted"
    (finding,) = found.findings
    assert not finding.blocking
    assert finding.accepted is not None
    assert finding.accepted.until == "2026-11-26"
    assert finding.reason.endswith(
        "It is accepted until 2026-11-26: safer parser (perfci.yml, line 9)."
    )


def test_an_accepted_regression_is_said_to_reach_the_limit_that_it_reaches() -> None:
    policy: dict[str, object] = {"accept": (entry(match="*"),), "today": TODAY}

    told = verdict(came("regressed", 0.212), **policy).findings[0].reason
    small = verdict(came("regressed", 0.07), **policy).findings[0].reason

    assert "; it would block from 10 % (fail_on: minor). It is accepted: safer" in told
    assert "below" not in told
    assert "; below the limit of 10 % (fail_on: minor). It is accepted: safer" in small


def test_an_acceptance_that_does_not_hold_can_be_told_alone() -> None:
    rules = (Rule(match="*:memory_usage", budget=1.0),)
    policy: dict[str, object] = {"accept": (entry(up_to=0.15),), "today": TODAY, "rules": rules}
    (found,) = verdict(came("regressed", 0.22), **policy).findings

    assert lapsed(found) == "Its acceptance (safer parser; perfci.yml, line 9) holds up to 15 %."
    assert lapsed(verdict(came("regressed", 0.14), **policy).findings[0]) == ""
    assert lapsed(verdict(came("regressed", 0.22)).findings[0]) == ""
    assert lapsed(verdict(came("improved", -0.22), **policy).findings[0]) == ""


def test_an_acceptance_that_has_ended_blocks_again_with_its_reason() -> None:
    found = verdict(came("regressed", 0.2), accept=(entry(until=date(2026, 11, 25)),), today=TODAY)

    assert found.status is Status.FAIL
    assert found.findings[0].reason.endswith(
        "Its acceptance (safer parser; perfci.yml, line 9) ended on 2026-11-25."
    )


@pytest.mark.parametrize(
    ("change", "status"), [(0.304, Status.WARN), (0.306, Status.FAIL)], ids=["30 %", "31 %"]
)
def test_an_acceptance_holds_up_to_its_size_in_whole_per_cent(
    change: float, status: Status
) -> None:
    found = verdict(came("regressed", change), accept=(entry(up_to=0.30),), today=TODAY)

    assert found.status is status


def test_an_absolute_metric_is_accepted_in_points() -> None:
    errors = came("regressed", 0.02, metric=ERRORS)
    for up_to, accepted in ((0.02, True), (0.019, False)):
        found = verdict(errors, accept=(entry(match="*", up_to=up_to),), today=TODAY)
        assert (found.findings[0].accepted is not None) is accepted


def test_the_first_acceptance_that_holds_counts_whatever_stands_before_it() -> None:
    ended = entry(until=date(2020, 1, 1))
    found = verdict(came("regressed", 0.2), accept=(ended, entry(reason="known")), today=TODAY)

    assert found.findings[0].accepted is not None
    assert found.findings[0].accepted.reason == "known"


def test_accepted_regressions_do_not_count_against_max_regressions() -> None:
    two = (came("regressed", 0.06), came("regressed", 0.07, name="other"))

    assert verdict(*two, max_regressions=1, today=TODAY).status is Status.FAIL
    found = verdict(*two, max_regressions=1, accept=(entry(),), today=TODAY)
    assert found.status is Status.WARN


def test_what_did_not_regress_is_not_accepted() -> None:
    found = verdict(came("improved", -0.2), accept=(entry(),), today=TODAY)

    assert found.status is Status.PASS
    assert found.findings[0].accepted is None


def test_trailers_name_a_glob_and_a_reason() -> None:
    text = """parse: check the input

It is slower, and safer.

Perf-Accept: codec/parse* because the parser checks its input
perf-accept:codec/encode:latency BECAUSE of that, too
Perf-Accept: codec/scan
"""
    found, wrong = accepted_by_commit("a1b2c3d4e5", text)

    assert [(it.match, it.reason, it.source) for it in found] == [
        ("codec/parse*", "the parser checks its input", "commit a1b2c3d"),
        ("codec/encode:latency", "of that, too", "commit a1b2c3d"),
    ]
    assert len(wrong) == 1
    assert wrong[0].startswith("commit a1b2c3d: a Perf-Accept without a reason accepts nothing")


@given(st.text())
def test_no_message_breaks_the_trailers(text: str) -> None:
    found, _ = accepted_by_commit("a" * 40, f"x\nPerf-Accept: {text}\n")
    assert all(it.match and it.reason for it in found)
