"""Many series on their scales at once are what each is in its own terms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfci.model.metric import Better, Metric
from perfci.stats.ragged import ragged
from perfci.stats.scales import scales_of
from perfci.stats.terms import Terms, terms_of

METRICS = [
    Metric(name="latency", unit="s", better=Better.LOWER),
    Metric(name="rate", unit="1/s", better=Better.HIGHER),
    Metric(name="errors", unit="ratio", better=Better.LOWER, absolute=True),
    Metric(name="score", unit="points", absolute=True, better=Better.HIGHER),
]
TERMS = st.sampled_from([terms_of(metric, 0.05) for metric in METRICS])
SERIES = st.lists(st.tuples(TERMS, st.floats(1e-90, 1e90), st.floats(-1e3, 1e3)), max_size=6)


@given(SERIES)
def test_each_number_is_turned_as_its_own_terms_do(
    series: list[tuple[Terms, float, float]],
) -> None:
    every = [terms for terms, _, _ in series]
    raw, y = (np.array([it[at] for it in series], dtype=np.float64) for at in (1, 2))
    scales = scales_of(every)
    for found, wanted in (
        (scales.values(raw), [it.value(value) for it, value, _ in series]),
        (scales.raws(scales.values(raw)), raw.tolist()),
        (scales.sizes(y), [it.size(value) for it, _, value in series]),
        (scales.changes(y), [it.change(value) for it, _, value in series]),
    ):
        assert found.tolist() == pytest.approx(wanted, rel=1e-12)
    assert np.isfinite(scales.raws(y)).all()


@given(st.lists(st.tuples(TERMS, st.lists(st.floats(1e-90, 1e90), min_size=1)), min_size=1))
def test_rows_keep_their_borders_and_each_its_own_terms(
    series: list[tuple[Terms, list[float]]],
) -> None:
    found = scales_of([terms for terms, _ in series]).rows(ragged([row for _, row in series]))
    wanted = [terms.value(value) for terms, row in series for value in row]
    assert found.values.tolist() == pytest.approx(wanted, rel=1e-12)
    assert found.sizes.tolist() == [len(row) for _, row in series]
