"""What a document holds is what the model held, to the last bit."""

import json

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings

from perfci.model.evaluation import Evaluation
from perfci.model.history import Acceptance, History, Point
from perfci.model.run import Recording
from perfci.model.verdict import Status
from perfci.schema import acceptance, history, result, run, stored
from tests.schema.strategies import (
    acceptances,
    evaluations,
    full_recordings,
    histories,
    numbers,
    points,
)

quick = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@quick
@given(full_recordings)
def test_a_recording_comes_back_exactly(recording: Recording) -> None:
    assert run.load(run.dump(recording), "run.json") == recording


@quick
@given(histories)
def test_an_index_comes_back_exactly(index: History) -> None:
    assert history.load(history.dump(index), "history.json") == index


@quick
@given(acceptances)
def test_an_acceptance_comes_back_exactly(found: Acceptance) -> None:
    assert acceptance.load(acceptance.dump(found), "an acceptance") == found


@quick
@given(full_recordings, st.sampled_from(Status), points)
def test_a_stored_run_comes_back_exactly(
    recording: Recording, verdict: Status, found: dict[str, Point]
) -> None:
    kept = stored.Stored(recording=recording, verdict=verdict, points=found)
    assert stored.load(stored.dump(kept), "a run") == kept
    assert stored.dump(kept) == stored.dump(kept)


@quick
@given(evaluations(st.floats()))
def test_a_result_drawn_again_is_the_same_file(evaluation: Evaluation) -> None:
    first = result.dump(evaluation)
    again = result.load(first, "result.json")
    assert result.dump(again) == first
    assert again.recording == evaluation.recording
    assert (again.context, again.settings) == (evaluation.context, evaluation.settings)


@quick
@given(evaluations(numbers))
def test_a_result_of_finite_numbers_comes_back_exactly(evaluation: Evaluation) -> None:
    assert result.load(result.dump(evaluation), "result.json") == evaluation


@quick
@given(evaluations(st.floats()))
def test_a_result_is_strict_json(evaluation: Evaluation) -> None:
    def refuse(word: str) -> None:
        raise AssertionError(word)

    json.loads(result.dump(evaluation), parse_constant=refuse)
