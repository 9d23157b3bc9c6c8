import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfci.model.measurement import Clock
from perfci.model.work import Command
from perfci.runners.samples import Sample, metrics, net
from tests.runners.stage import bench, order

SECONDS = st.floats(0, 1e3)


@given(wall=SECONDS, share=st.floats(0, 1), delay=SECONDS)
def test_net_lies_between_cpu_and_wall(wall: float, share: float, delay: float) -> None:
    assert wall * share <= net(wall, wall * share, delay) <= wall


@pytest.mark.parametrize(
    ("wall", "cpu", "delay", "expected"),
    [
        (10.0, 3.0, 0.0, 10.0),  # it slept: nothing is taken away
        (10.0, 3.0, 4.0, 6.0),  # it slept and waited
        (10.0, 8.0, 4.0, 8.0),  # several threads waited at a time
        (10.0, 19.0, 0.0, 10.0),  # two processors
    ],
)
def test_net_takes_waiting_out(wall: float, cpu: float, delay: float, expected: float) -> None:
    assert net(wall, cpu, delay) == expected


def test_net_is_left_out_where_the_wait_was_not_read_every_time() -> None:
    told = Sample(wall=2.0, cpu=1.0, net=1.5, delay=0.5, whole=True)
    untold = Sample(wall=2.0, cpu=1.0, net=None, delay=None, whole=False)

    found = metrics(order(bench(Command(argv=("true",)))), [told, untold], [])

    assert set(found) == {"latency", "cpu_time", "cpu_usage"}
    assert found["latency"].clocks == {Clock.WALL: (2.0, 2.0), Clock.CPU: (1.0, 1.0)}
    assert found["latency"].delay == ()
    assert not found["latency"].whole


def test_the_share_of_processors_is_taken_over_what_cpu_time_was_read_over() -> None:
    command = Sample(wall=2.0, cpu=1.0, net=None, delay=None, whole=True)
    callable_ = Sample(wall=2.0, cpu=1.0, net=None, delay=None, whole=True, span=4.0)

    found = metrics(order(bench(Command(argv=("true",)))), [command, callable_], [])

    assert found["cpu_usage"].clocks == {Clock.VALUE: (0.5, 0.25)}
