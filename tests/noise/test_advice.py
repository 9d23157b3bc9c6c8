"""Each piece of advice is given where the gates give cause, and not elsewhere."""

import pytest

from perfci.model.comparison import Comparison
from perfci.model.measurement import Clock, Stage
from perfci.noise.advice import Conditions, advise
from perfci.noise.gates import gate_of
from perfci.noise.summary import Summary, summarise
from perfci.stats.wording import COARSE, FLOOR, ended_early
from tests.reports.builders import MEMORY, came, evaluation

PLAIN = Conditions(rounds=None, max_time=600.0, computing=frozenset({"codec/parse"}))
WIDE, NARROW, USUAL = (-0.1, 0.1), (-0.004, 0.004), (-0.014, 0.014)


def summary(*comparisons: Comparison, gates: int = 5) -> Summary:
    made = evaluation(*comparisons)
    return summarise([gate_of(made, series=len(comparisons))] * gates)


def calm(interval: tuple[float, float] = USUAL, **more: object) -> Comparison:
    facts: dict[str, object] = {"launches": 16, "detectable": 0.05, **more}
    return came("codec/parse", "unchanged", 0.0, interval, **facts)  # type: ignore[arg-type]


def told(it: Summary, conditions: Conditions = PLAIN) -> dict[str, str]:
    return {advice.about: advice.text for advice in advise(it, conditions)}


def test_nothing_is_said_where_all_is_well() -> None:
    assert told(summary(calm())) == {}


def test_an_alarm_is_explained_or_put_down_to_chance() -> None:
    alarm = came("codec/parse", "regressed", 0.2)
    said = told(summary(alarm))["false alarms"]
    assert said.startswith("5 gates of 5 raised a false alarm (codec/parse:latency)")
    assert "where 1 % of them may" in said
    assert "apart beside their code" in said
    many = [gate_of(evaluation(it), series=1) for it in [alarm, *[calm()] * 19]]
    assert "repeat with more of them (--gates)" in told(summarise(many))["false alarms"]


def test_wall_time_that_hides_a_change_names_the_clock_to_take_instead() -> None:
    noisy = calm(WIDE, clock=Clock.WALL, clock_reason="the work waits for other things")
    said = told(summary(noisy))["clock"]
    assert said.startswith(
        "codec/parse:latency is judged by wall time, because the work waits for other things:"
    )
    assert "`metrics: [cpu_time]`" in said
    served = Conditions(rounds=None, max_time=600.0, computing=frozenset())
    assert "`duration`, `requests`" in told(summary(noisy), served)["clock"]


def test_wall_time_that_shows_enough_is_let_be() -> None:
    assert "clock" not in told(summary(calm(clock=Clock.WALL)))
    assert "clock" not in told(summary(calm(WIDE)))


def test_time_that_was_up_is_told_with_what_would_do() -> None:
    cut = came(
        "codec/parse",
        "inconclusive",
        0.0,
        WIDE,
        launches=2,
        explanation=ended_early(Stage.SCREEN),
        needed=8,
    )
    said = told(summary(cut))
    # the made run took 192 s for 2 launches; 8 take four times as long, in whole minutes
    assert "in 5 gates of 5 the time was up" in said["time"]
    assert "from 10 min 0 s to about 13 min 0 s" in said["time"]
    assert "rounds" not in said


def test_launches_that_would_decide_are_named() -> None:
    open_ = came("codec/parse", "inconclusive", 0.0, WIDE, needed=40, explanation="it spreads")
    said = told(summary(open_))["rounds"]
    assert said.startswith("codec/parse:latency stayed inconclusive (it spreads): about 40 launch")
    fixed = Conditions(rounds=5, max_time=600.0, computing=frozenset())
    assert "not 5 (measure.rounds)" in told(summary(open_), fixed)["rounds"]
    hopeless = came("codec/parse", "inconclusive", 0.0, WIDE)
    assert "no sensible number of launches" in told(summary(hopeless))["rounds"]


@pytest.mark.parametrize("why", [COARSE, FLOOR])
def test_what_no_launch_decides_gets_no_number_of_launches(why: str) -> None:
    floor = came(
        "codec/parse", "inconclusive", 0.0, (0, 0), metric=MEMORY, needed=7, explanation=why
    )
    said = told(summary(floor))
    assert said["metric"].startswith(f"codec/parse:memory_usage cannot be decided here: {why}")
    assert "rounds" not in said


def test_a_machine_that_sees_too_little_says_what_it_could_see() -> None:
    # half widths of 10 % hide 1 % + 2.05 * 10 %, however often it is measured
    said = told(summary(calm(WIDE)))["sensitivity"]
    assert said.startswith("this machine shows no change below 25 % of codec/parse:latency")
    assert "ask for no less than 29.5 %" in said


def test_few_launches_that_were_enough_are_not_held_against_the_machine() -> None:
    # with 4 launches it sees 7.7 %, with the 16 it could have had 4.4 %
    assert told(summary(calm((-0.033, 0.033), launches=4, detectable=0.077))) == {}
    fixed = Conditions(rounds=4, max_time=600.0, computing=frozenset())
    coarse = summary(calm((-0.033, 0.033), launches=4, detectable=0.077))
    assert "no change below 8.1 %" in told(coarse, fixed)["sensitivity"]


def test_a_calm_machine_is_told_that_it_could_see_less() -> None:
    said = told(summary(calm(NARROW)))["sensitivity"]
    assert "could be lowered from 5 % to 1.5 %" in said
    doubtful = summary(calm(NARROW), came("codec/other", "inconclusive", 0.0, NARROW))
    assert "sensitivity" not in told(doubtful)
