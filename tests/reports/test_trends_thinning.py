"""Fewer points, and the same picture."""

from hypothesis import given, settings
from hypothesis import strategies as st

from perfci.reports.trends_thinning import envelope, thinned

places = st.lists(
    st.tuples(
        st.floats(min_value=0, max_value=50, allow_nan=False),
        st.floats(min_value=0, max_value=100, allow_nan=False),
    ),
    max_size=200,
).map(lambda found: sorted(found, key=lambda place: place[0]))


@settings(max_examples=100, deadline=None)
@given(places)
def test_each_column_keeps_its_first_lowest_highest_and_last_point(
    found: list[tuple[float, float]],
) -> None:
    kept = thinned(found, width=5.0)
    assert [place for place in kept if place not in found] == []
    assert [place[0] for place in kept] == sorted(place[0] for place in kept)
    for column in range(11):
        inside = [place for place in found if place[0] // 5.0 == column]
        left = [place for place in kept if place[0] // 5.0 == column]
        assert len(left) <= max(4, min(len(inside), 4))
        if inside:
            assert (left[0], left[-1]) == (inside[0], inside[-1])
            heights = [y for _, y in inside]
            assert (min(y for _, y in left), max(y for _, y in left)) == (
                min(heights),
                max(heights),
            )


@given(st.lists(places, max_size=4))
def test_the_envelope_holds_every_point_and_touches_the_extremes(
    lines: list[list[tuple[float, float]]],
) -> None:
    edges = {int(x // 5.0): (low, high) for x, low, high in envelope(lines, width=5.0)}
    every = [place for line in lines for place in line]
    for column, (low, high) in edges.items():
        heights = [y for x, y in every if int(x // 5.0) == column]
        assert (low, high) == (min(heights), max(heights))
    assert set(edges) == {int(x // 5.0) for x, _ in every}
