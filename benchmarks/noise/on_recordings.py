"""The part of the laboratory that replays recorded launches."""

from collections.abc import Iterator
from functools import partial

from benchmarks.noise import rivals, targets
from benchmarks.noise.draw import Draws, draw
from benchmarks.noise.fixed import equal_power, fixed_design
from benchmarks.noise.recorded import Recorded, Streams
from benchmarks.noise.replay import on_wall_clock, replay
from benchmarks.noise.table import LINE, head, row
from benchmarks.noise.tally import Tally
from benchmarks.noise.workload_table import workload_table


def tell(recorded: Recorded, suites: int, seed: int) -> Iterator[str]:
    """Yield the lines of one recording's table, as they are ready.

    Args:
        recorded: launches of all slowdowns that the collector knows.
        suites: how many unchanged ones are drawn; of each slowdown half as many.
        seed: same seed, same suites.
    """
    streams, seconds = recorded.streams, recorded.seconds
    some = max(1, suites // 2)
    shortest = min(len(each) for by_name in streams.values() for each in by_name.values())
    drawn = {
        percent / 100: draw(suites, len(streams[0]), shortest, percent, seed) for percent in streams
    }
    yield (
        f"{len(streams[0])} workloads, {shortest} launches of each, {seconds:.2f} s a launch; "
        f"{suites} unchanged suites of 100, {some} of each slowdown with every 4th slower"
    )
    yield ""
    yield from workload_table(streams)
    yield from head("clock")
    ours = _each(streams, drawn)
    yield row(("perfci", "interleaved", "own"), ours, seconds)
    yield row(
        ("perfci, no other clock", "interleaved", "wall"),
        _each(on_wall_clock(streams), drawn),
        seconds,
    )
    fixed = equal_power(
        lambda design: replay(streams, drawn[0.05], design), 0.05, ours[0.05].found(0.05)
    )
    by_fixed = {
        change: replay(streams, draws, fixed_design(fixed)) for change, draws in drawn.items()
    }
    yield row((f"fixed design of {fixed}", "interleaved", "own"), by_fixed, seconds)
    for wall in (True, False):
        yield LINE
        for rival in rivals.RIVALS:
            judge = partial(rivals.judge, streams, rival=rival, wall=wall)
            told = {change: judge(draws) for change, draws in drawn.items()}
            yield row((rival.name, rival.data, "wall" if wall else "own"), told, seconds)
    yield ""
    for target in targets.of_rule(ours):
        yield str(target)
    yield str(targets.of_fixed(ours[0.0].cost(0.0), fixed))


def _each(streams: Streams, drawn: dict[float, Draws]) -> dict[float, Tally]:
    return {change: replay(streams, draws) for change, draws in drawn.items()}
