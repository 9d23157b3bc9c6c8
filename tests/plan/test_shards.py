"""Who measures what: every job works the same split out by itself."""

from dataclasses import replace
from typing import Any

import pytest

from perfci.errors import ConfigurationError
from perfci.model.identity import BenchmarkId
from perfci.model.shard import Place
from perfci.plan.make import make_plan
from perfci.plan.plan import Circumstances, Plan, Wish
from perfci.plan.shards import narrowed, own, place_of, split
from perfci.settings.flags import from_flags, from_sets
from perfci.settings.load import load
from tests.measure.test_loop import Known, Ticking, run
from tests.measure.test_loop import plan as measure_plan
from tests.measure.test_rerun import again, recorded
from tests.plan.test_make import ON_MAIN

GITLAB = {"GITLAB_CI": "true", "CI_NODE_TOTAL": "4"}


def named(count: int, suite: str = "s") -> list[BenchmarkId]:
    return [BenchmarkId(suite=suite, name=f"n{at}") for at in range(count)]


def plan(
    place: Place | None, *sets: str, benchmarks: int = 10, globs: tuple[str, ...] = ()
) -> Plan:
    listed: list[dict[str, Any]] = [{"name": f"n{at}", "run": "x"} for at in range(benchmarks)]
    loaded = load([from_flags({"benchmarks": listed}), from_sets(["setup=make", *sets])])
    there = Circumstances(context=ON_MAIN, folder="app", in_repository=True)
    return make_plan(loaded, there, Wish(globs=globs, shard=place, seed=1))


@pytest.mark.parametrize("count", [1, 2, 3, 7, 16, 40])
def test_every_benchmark_is_in_exactly_one_shard_and_shards_are_of_one_size(count: int) -> None:
    suite = named(30)
    parts = split(suite, count)
    assert sorted(each for part in parts for each in part) == sorted(suite)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_the_order_in_which_they_are_written_changes_nothing() -> None:
    assert split(named(50), 4) == split(named(50)[::-1], 4)


def test_one_more_benchmark_moves_few_of_the_others() -> None:
    moved = 0
    for suite in map(str, range(20)):
        before, after = split(named(100, suite), 4), split(named(101, suite), 4)
        moved += sum(len(old - new) for old, new in zip(before, after, strict=True))
    assert moved / 20 < 4


def test_names_that_no_text_should_hold_have_their_place_too() -> None:
    odd = [BenchmarkId(suite="a\0b", name="\ud800", params=(("|", "x" * 60_000),)), *named(2)]
    assert sum(map(len, split(odd, 2))) == 3


@pytest.mark.parametrize(
    ("text", "environ", "place"),
    [
        ("2/4", {}, (2, 4)),
        (" 1/1 ", {}, (1, 1)),
        ("auto", GITLAB | {"CI_NODE_INDEX": "4"}, (4, 4)),
        ("auto", {"GITLAB_CI": "true", "CI_NODE_TOTAL": "1"}, (1, 1)),
        ("auto", {"CIRCLECI": "true", "CIRCLE_NODE_INDEX": "0", "CIRCLE_NODE_TOTAL": "3"}, (1, 3)),
        (
            "auto",
            {
                "BUILDKITE": "true",
                "BUILDKITE_PARALLEL_JOB": "2",
                "BUILDKITE_PARALLEL_JOB_COUNT": "3",
            },
            (3, 3),
        ),
        ("auto", {"BUILDKITE": "true"}, (1, 1)),
    ],
)
def test_a_shard_is_named_or_told_by_the_system(
    text: str, environ: dict[str, str], place: tuple[int, int]
) -> None:
    found = place_of(text, environ)
    assert (found.index, found.count) == place


@pytest.mark.parametrize(
    ("text", "environ", "says"),
    [
        ("5/4", {}, "there is no shard 5 among 4"),
        ("0/4", {}, "there is no shard 0 among 4"),
        ("1/0", {}, "1 to 1000 shards"),
        ("1/10000", {}, "1 to 1000 shards"),
        ("1", {}, "is no shard"),
        ("", {}, "is no shard"),
        ("-1/4", {}, "is no shard"),
        ("٢/٤", {}, "is no shard"),
        ("9" * 5000 + "/4", {}, "is no shard"),
        ("auto", {}, "nothing here says which shard"),
        # counted from 0 by some other system, whose name nobody knows
        ("auto", {"CI_NODE_INDEX": "0", "CI_NODE_TOTAL": "2"}, "nothing here says which shard"),
        ("auto", GITLAB | {"CI_NODE_INDEX": "two"}, "names no shard"),
        ("auto", GITLAB, "names no shard"),
        ("auto", GITLAB | {"CI_NODE_INDEX": "5"}, "no shard 5 among 4"),
    ],
)
def test_what_is_no_shard_is_refused_with_the_next_step(
    text: str, environ: dict[str, str], says: str
) -> None:
    with pytest.raises(ConfigurationError, match=says) as caught:
        place_of(text, environ)
    assert "--shard" in caught.value.hint or "add 1" in caught.value.hint


def test_shards_share_the_error_level_by_their_series() -> None:
    parts = [plan(Place(index=at, count=4)) for at in (1, 2, 3, 4)]
    assert sum(len(part.benchmarks) for part in parts) == 10
    assert sum(part.design.alpha for part in parts) == pytest.approx(plan(None).design.alpha)
    for part in parts:
        assert part.design.alpha == pytest.approx(0.01 * len(part.benchmarks) / 10)
        assert part.shard is not None
        assert own(part.shard) == {item.id for item in part.benchmarks}


def test_shards_agree_on_their_plan_and_other_settings_give_another() -> None:
    def digest(index: int, *sets: str, count: int = 2, benchmarks: int = 10) -> str:
        made = plan(Place(index=index, count=count), *sets, benchmarks=benchmarks).shard
        assert made is not None
        return made.plan

    one = digest(1)
    assert one == digest(2)
    others = [
        digest(1, "gate.sensitivity=3%"),
        digest(1, "measure.warmup=9"),
        digest(1, "measure.rounds=5"),
        digest(1, "base=main"),
        digest(1, count=3),
        digest(1, benchmarks=11),
    ]
    assert one not in others
    assert len(set(others)) == len(others)


def test_an_empty_shard_builds_nothing() -> None:
    parts = [plan(Place(index=at, count=12)) for at in range(1, 13)]
    assert sorted(len(part.benchmarks) for part in parts) == [0, 0, *[1] * 10]
    assert all(bool(part.setup) is bool(part.benchmarks) for part in parts)


def test_a_selection_is_split_and_stays_a_selection() -> None:
    parts = [plan(Place(index=at, count=2), globs=("*n1*", "*n2*")) for at in (1, 2)]
    assert [len(part.benchmarks) for part in parts] == [1, 1]
    assert all(part.design.partial for part in parts)


def test_only_runs_of_the_same_shard_are_taken_in_by_a_rerun() -> None:
    whole = measure_plan(*"abcdef")
    one, other = (narrowed(whole, Place(index=at, count=2)) for at in (1, 2))
    measured = replace(recorded(run(one, Known(Ticking()))), shard=one.shard)
    assert again(one, Known(Ticking()), measured).pooled.runs == (measured.run.id,)
    assert again(other, Known(Ticking()), measured).pooled.runs == ()
    assert again(whole, Known(Ticking()), measured).pooled.runs == ()
    complete = recorded(run(whole, Known(Ticking())))
    assert again(one, Known(Ticking()), complete).pooled.runs == ()
