"""When a chat is told."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from perfci.model.context import Context
from perfci.model.emission import Service
from perfci.model.evaluation import Evaluation
from perfci.model.history import History
from perfci.notifiers.occasions import Occasion
from perfci.notifiers.reporter import NoticeReporter
from tests.notifiers.said import PULL_REQUEST, PUSH, lines, sent, within_job
from tests.reports.builders import stored
from tests.reports.suites import PARSE, failed, first_run, kinds, nothing_moved, picture


def tells(found: Evaluation, on: Occasion) -> bool:
    return bool(NoticeReporter([Service.SLACK], on).render(found))


def after(found: Evaluation, *verdicts: str, context: Context = PUSH) -> Evaluation:
    """Put a run behind others of its branch."""
    past = stored(PARSE.key, runs=len(verdicts))
    runs = tuple(replace(run, verdict=it) for run, it in zip(past.runs, verdicts, strict=True))
    return replace(found, history=History(branch="main", runs=runs), context=context)


def test_fail_tells_of_every_red_run_and_of_no_other() -> None:
    told = {
        name: tells(within_job(make()), Occasion.FAIL)
        for name, make in {
            "fail": picture,
            "error": failed,
            "pass": nothing_moved,
            "first": first_run,
        }.items()
    }
    assert told == {"fail": True, "error": True, "pass": False, "first": False}
    assert tells(within_job(kinds()), Occasion.FAIL)


def test_always_tells_and_never_does_not() -> None:
    assert tells(within_job(nothing_moved()), Occasion.ALWAYS)
    assert not tells(within_job(picture()), Occasion.NEVER)


@pytest.mark.parametrize(
    ("verdicts", "make", "told"),
    [
        (("pass", "pass"), picture, True),
        (("pass", "fail"), picture, False),
        (("fail", "error"), picture, False),
        (("pass", "fail"), nothing_moved, True),
        (("error",), nothing_moved, True),
        (("fail", "warn"), nothing_moved, False),
        (("pass", "what?"), picture, True),
        ((), picture, True),
        ((), nothing_moved, False),
    ],
)
def test_change_tells_once_that_a_branch_turned_red_and_once_that_it_is_well_again(
    verdicts: tuple[str, ...], make: Callable[[], Evaluation], *, told: bool
) -> None:
    assert tells(after(make(), *verdicts), Occasion.CHANGE) is told


def test_a_turn_is_named_with_what_was_before() -> None:
    assert "The last run of main came to fail." in lines(
        sent(after(nothing_moved(), "fail"), Service.DISCORD)
    )
    assert "last run" not in lines(sent(after(picture(), "fail"), Service.DISCORD))


def test_a_pull_request_is_not_held_against_its_targets_last_run() -> None:
    assert tells(after(picture(), "fail", context=PULL_REQUEST), Occasion.CHANGE)
    assert not tells(after(nothing_moved(), "fail", context=PULL_REQUEST), Occasion.CHANGE)


def test_a_run_is_not_held_against_itself_nor_against_another_branch() -> None:
    found = after(picture(), "pass", "fail")
    assert found.history
    own = replace(found.history.runs[-1], id=found.recording.run.id)
    itself = replace(found.history, runs=(found.history.runs[0], own))
    assert tells(replace(found, history=itself), Occasion.CHANGE)
    other = replace(found.history, branch="release")
    assert tells(replace(found, history=other), Occasion.CHANGE)
