"""What is wrong with values is the same whether one side is looked at or many at once."""

from hypothesis import given
from hypothesis import strategies as st

from perfci.model.given import Given
from perfci.model.measurement import Clock, Launch, Side, Stage
from perfci.model.metric import Better, Metric
from perfci.stats.faults import fault_of_side, sound_sides
from perfci.stats.read import read_by

ODD = st.sampled_from([0.0, -0.0, -1.0, 1e-101, 1e-100, 1e100, 1.1e100, -1e100, -1.1e100])
VALUE = st.one_of(st.floats(1e-9, 1e9), ODD, st.floats())
SIDES = st.lists(
    st.tuples(st.lists(st.lists(VALUE, max_size=3), max_size=4), st.booleans()), max_size=8
)


def plain(values: list[list[float]]) -> tuple[Launch, ...]:
    return tuple(
        Launch(number=at + 1, stage=Stage.SCREEN, position=at, clocks={Clock.VALUE: tuple(each)})
        for at, each in enumerate(values)
    )


def metric(*, absolute: bool) -> Metric:
    unit = "ratio" if absolute else "B"
    return Metric(name="rate", unit=unit, better=Better.LOWER, absolute=absolute)


@given(SIDES)
def test_sides_that_are_looked_at_together_are_as_sound_as_each_alone(
    sides: list[tuple[list[list[float]], bool]],
) -> None:
    launches = [plain(values) for values, _ in sides]
    absolute = [by_difference for _, by_difference in sides]
    alone = [
        not fault_of_side(side, Side.HEAD, Clock.VALUE, metric(absolute=by_difference))
        for side, by_difference in zip(launches, absolute, strict=True)
    ]
    assert sound_sides([read_by(Clock.VALUE, side) for side in launches], absolute) == alone


@given(SIDES)
def test_packed_launches_are_as_sound_as_others(
    sides: list[tuple[list[list[float]], bool]],
) -> None:
    absolute = [by_difference for _, by_difference in sides]
    packed = [Given(Clock.VALUE, values) for values, _ in sides]
    others = [read_by(Clock.VALUE, plain(values)) for values, _ in sides]
    assert sound_sides(packed, absolute) == sound_sides(others, absolute)
