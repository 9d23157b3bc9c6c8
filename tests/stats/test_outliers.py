"""Values set aside: the far ones, the farthest first, of each set by itself, and never too many."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfci.model.identity import BenchmarkId
from perfci.model.measurement import Clock, Launch, Measurement, Stage
from perfci.model.metric import built_in
from perfci.model.revision import Mode, Revision
from perfci.model.run import Environment, Recording, Run
from perfci.stats.outliers import set_aside

METRIC = built_in("throughput")


def recording(screen: list[float], confirm: list[float] | None = None) -> Recording:
    assert METRIC is not None
    staged = [(Stage.SCREEN, value) for value in screen]
    staged += [(Stage.CONFIRM, value) for value in confirm or []]
    launches = tuple(
        Launch(number=place + 1, stage=stage, position=place, clocks={Clock.VALUE: (value,)})
        for place, (stage, value) in enumerate(staged)
    )
    measured = Measurement(id=BenchmarkId(suite="a", name="b"), metric=METRIC, launches=launches)
    return Recording(
        project="p",
        version="0",
        mode=Mode.RECORD,
        mode_reason="",
        seed=0,
        rounds=len(screen),
        head=Revision(),
        base=None,
        base_run=None,
        run=Run(
            id="20261123T065000Z-1a2b3c4d",
            commit="",
            branch="",
            started_at=datetime(2026, 11, 23, tzinfo=UTC),
            environment=Environment(cpu="c", cores=1, kernel="k"),
            measurements=(measured,),
        ),
    )


def values(found: Recording) -> list[float]:
    return [launch.clocks[Clock.VALUE][0] for launch in found.run.measurements[0].launches]


def test_a_far_value_goes_and_the_raw_recording_keeps_it() -> None:
    whole = recording([10.0, 10.1, 9.9, 10.05, 50.0, 9.95])

    kept, aside = set_aside(whole, 3.0, least=3)

    assert (values(kept), aside) == ([10.0, 10.1, 9.9, 10.05, 9.95], 1)
    assert len(values(whole)) == 6


def test_each_set_has_a_median_of_its_own() -> None:
    kept, aside = set_aside(
        recording([10.0, 10.1, 9.9, 10.05, 20.0], [20.0, 20.1, 19.9, 20.05, 10.0]), 3.0, least=2
    )

    assert aside == 2
    assert values(kept) == [10.0, 10.1, 9.9, 10.05, 20.0, 20.1, 19.9, 20.05]


def test_the_farthest_go_first_and_never_too_many() -> None:
    kept, aside = set_aside(recording([1.0, 1.1, 1.2, 7.0, 9.0, 8.0]), 0.01, least=5)

    assert (aside, 9.0 in values(kept)) == (1, False)


@pytest.mark.parametrize("same", [[1.0, 1.0, 1.0, 9.0], [5.0] * 6, [3.0], []])
def test_nothing_goes_where_most_are_equal(same: list[float]) -> None:
    assert set_aside(recording(same), 2.0, least=1)[1] == 0


def test_values_that_are_no_numbers_are_left_to_the_rules() -> None:
    assert set_aside(recording([1.0, 1.1, float("nan"), 9.0, 1.05]), 2.0, least=1)[1] == 0


@given(
    st.lists(st.floats(min_value=1e-3, max_value=1e6), min_size=1, max_size=30),
    st.floats(min_value=0.1, max_value=10),
    st.integers(min_value=1, max_value=40),
)
def test_what_stays_is_enough_and_depends_on_no_order(
    raw: list[float], threshold: float, least: int
) -> None:
    kept, aside = set_aside(recording(raw), threshold, least=least)
    turned, _ = set_aside(recording(raw[::-1]), threshold, least=least)

    assert len(values(kept)) == len(raw) - aside
    assert len(values(kept)) >= min(least, len(raw))
    assert sorted(values(kept)) == sorted(values(turned))
    assert set(values(kept)) <= set(raw)
