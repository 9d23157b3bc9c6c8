"""Causes in plain words."""

from perfci.model.measurement import Stage
from perfci.model.metric import built_in
from perfci.stats.terms import terms_of
from perfci.stats.wording import ended_early, sized


def test_what_was_not_confirmed_is_not_said_to_look_worse_still() -> None:
    assert ended_early(Stage.CONFIRM).startswith("it looked worse at first, and measuring ended")


def test_one_point_is_no_plural() -> None:
    errors = built_in("error_rate")
    assert errors
    terms = terms_of(errors, 0.05)

    assert sized(terms, terms.tau) == "1 point"
    assert sized(terms, terms.apart) == "2 points"
