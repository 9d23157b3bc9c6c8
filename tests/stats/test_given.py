"""Launches that are packed are to everyone what launches are."""

from hypothesis import given
from hypothesis import strategies as st

from perfci.model.given import Given
from perfci.model.measurement import Clock, Launch, Stage

VALUES = st.lists(
    st.lists(st.floats(allow_nan=False), min_size=1, max_size=4), min_size=1, max_size=6
)


def plain(values: list[list[float]]) -> tuple[Launch, ...]:
    return tuple(
        Launch(number=at + 1, stage=Stage.SCREEN, position=at, clocks={Clock.WALL: tuple(each)})
        for at, each in enumerate(values)
    )


@given(VALUES)
def test_they_are_the_launches_that_were_given(values: list[list[float]]) -> None:
    packed, launches = Given(Clock.WALL, values), plain(values)
    assert tuple(packed) == launches
    assert len(packed) == len(launches)
    assert [packed[at] for at in range(len(launches))] == [*launches]
    assert packed[-1] == launches[-1]
    assert packed == launches
    assert packed == Given(Clock.WALL, values)
    assert hash(packed) == hash(Given(Clock.WALL, values))
    assert packed == Given.packed(Clock.WALL, packed.values, packed.sizes)


@given(VALUES, st.slices(6))
def test_a_part_of_them_is_that_part(values: list[list[float]], part: slice) -> None:
    assert Given(Clock.WALL, values)[part] == plain(values)[part]


def test_another_clock_or_another_border_between_launches_makes_others() -> None:
    packed = Given(Clock.WALL, [[1.0, 2.0], [3.0]])
    assert packed != Given(Clock.VALUE, [[1.0, 2.0], [3.0]])
    assert packed != Given(Clock.WALL, [[1.0], [2.0, 3.0]])
    assert packed != (1.0, 2.0, 3.0)
    assert repr(packed) == "Given(<Clock.WALL: 'wall'>, [(1.0, 2.0), (3.0,)])"
