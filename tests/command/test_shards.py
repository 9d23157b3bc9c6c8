"""A suite that several jobs measure is judged as one, and nothing of it gets lost unseen."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from perfci.__main__ import main
from perfci.cli.merge import merge
from perfci.cli.shard_union import by_machine
from perfci.errors import ConfigurationError, FormatError
from perfci.gate.policy import Policy
from perfci.model.measurement import Failure, Side
from perfci.model.revision import Revision
from perfci.model.run import Environment, Recording
from perfci.model.shard import Shard
from perfci.pipeline import Surroundings, evaluate
from perfci.plan.shards import design_of
from perfci.schema import run as document
from perfci.stats.compare import compare
from tests.command.conftest import App, Run
from tests.command.sharded import NAMES, enter, shard, write

MISSING = "shard 2 of 3 is missing: its job failed or its artifact was not downloaded"


@pytest.fixture(scope="module")
def three() -> tuple[Recording, ...]:
    return tuple(shard(index) for index in (1, 2, 3))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return enter(tmp_path, monkeypatch)


def result(folder: Path) -> Any:
    return json.loads((folder / "perfci-results/result.json").read_text())


def own(recording: Recording) -> Shard:
    assert recording.shard is not None
    return recording.shard


def test_shards_are_judged_as_one_in_any_order(here: Path, three: tuple[Recording, ...]) -> None:
    files = write(here, three)
    assert main(["gate", *files]) == 1
    first = result(here)
    assert first["summary"]["total"] == len(NAMES)
    assert first["message"] == "1 regression (moderate)"
    assert main(["gate", *files[::-1]]) == 1
    assert result(here)["findings"] == first["findings"]


def test_every_outcome_is_the_one_that_its_shard_came_to(three: tuple[Recording, ...]) -> None:
    alone = {
        it.key: it
        for part in three
        for it in compare(part.run, part.base_run, None, design_of(part))
    }
    whole, _ = merge(three)
    judged = evaluate(whole, Policy(), Surroundings()).verdict.findings
    assert {it.key: it.comparison for it in judged} == alone
    assert len(alone) == len(NAMES)


def test_a_missing_shard_is_an_error_that_names_it_and_the_rest_is_told(
    here: Path, three: tuple[Recording, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    lost = {it.id for it in three[1].run.measurements}
    assert main(["gate", *write(here, (three[0], three[2]))]) == 2
    assert MISSING in capsys.readouterr().err
    failed = [it for it in result(here)["findings"] if it["outcome"] == "failed"]
    assert len(failed) == len(lost)
    assert all(MISSING in it["reason"].lower() for it in failed)
    assert result(here)["summary"]["total"] == len(NAMES)
    assert MISSING in (here / "perfci-results/performance_results.xml").read_text().lower()


def test_a_shard_that_ended_early_is_an_error_whatever_is_expected(
    here: Path, three: tuple[Recording, ...]
) -> None:
    run = replace(three[1].run, measurements=())
    base = three[1].base_run
    assert base is not None
    cut = replace(
        three[1],
        run=run,
        base_run=replace(base, measurements=()),
        shard=replace(own(three[1]), complete=False),
    )
    assert main(["gate", *write(here, (three[0], cut, three[2]))]) == 2
    assert "shard 2 of 3 ended before it was measured" in json.dumps(result(here))


def test_an_empty_shard_may_be_there_or_not(here: Path) -> None:
    every = [shard(index, 4, names=("a", "b", "c")) for index in (1, 2, 3, 4)]
    (empty,) = [it for it in every if not it.run.measurements]
    assert main(["gate", *write(here, every)]) == 0
    assert main(["gate", *write(here, [it for it in every if it is not empty])]) == 0
    assert "it had no benchmarks" in (here / "perfci-results/report.html").read_text()
    # nothing is lost with it: what the others measured may become a baseline
    whole, _ = merge([it for it in every if it is not empty])
    assert all(part.shard and part.shard.complete for part in whole.parts)


def test_the_same_file_twice_counts_once(
    here: Path, three: tuple[Recording, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["gate", *write(here, (*three, three[0]))]) == 1
    assert "shard 1 of 3 was given 2 times, and counts once" in capsys.readouterr().err


def test_rerunning_a_shard_until_it_is_green_is_no_second_draw(
    three: tuple[Recording, ...],
) -> None:
    at = next(i for i, it in enumerate(three) if any("slow" in m.key for m in it.run.measurements))
    again = shard(at + 1, seed=8)
    whole, told = merge([*three, again])
    assert three[at].run.measurements[0] in whole.run.measurements
    assert again.run.measurements[0] not in whole.run.measurements
    assert "was run 2 times, and the first that measured all counts" in told[0]

    # what failed, or was cut off, is another matter; and so is one that went on from the first
    failure = Failure(id=three[at].run.measurements[0].id, side=Side.HEAD, reason="it crashed")
    crashed = replace(three[at], run=replace(three[at].run, failures=(failure,)))
    cut = replace(three[at], shard=replace(own(three[at]), complete=False))
    went_on = replace(again, earlier=(three[at].run.id,))
    others = [it for it in three if it is not three[at]]
    for pair in ((crashed, again), (cut, again), (three[at], went_on)):
        whole, _ = merge([*others, *pair])
        assert again.run.measurements[0] in whole.run.measurements


def other_shards(it: Recording) -> dict[str, Recording]:
    """Return a shard in forms that do not belong to the others, by what tells them apart."""
    part = own(it)
    place = part.place
    next_one = replace(place, index=place.index % 3 + 1)
    return {
        "head": replace(it, head=replace(it.head, commit="c")),
        "base": replace(it, base=Revision(commit="c")),
        "version of perfci": replace(it, version="9.9.9"),
        "project": replace(it, project="@everyone\n::error::"),
        "planned with different settings": replace(it, shard=replace(part, plan="0" * 16)),
        "rounds": replace(it, rounds=5),
        "number of shards": replace(it, shard=replace(part, place=replace(place, count=4))),
        "different benchmarks": replace(it, shard=replace(part, suite=part.suite[1:])),
        "not one of its benchmarks": replace(it, shard=replace(part, place=next_one)),
    }


def test_what_does_not_belong_together_is_refused(three: tuple[Recording, ...]) -> None:
    for what, other in other_shards(three[2]).items():
        with pytest.raises(ConfigurationError, match=what) as caught:
            merge([*three[:2], other])
        assert "\n" not in caught.value.message


def test_a_shard_and_a_whole_run_are_refused(three: tuple[Recording, ...]) -> None:
    with pytest.raises(ConfigurationError, match=r"is a shard, and .* is not"):
        merge([three[0], replace(three[1], shard=None)])


def test_two_files_that_claim_to_be_one_run_are_refused(three: tuple[Recording, ...]) -> None:
    with pytest.raises(ConfigurationError, match="two different files say that they are run"):
        merge([*three, replace(three[0], elapsed=99.0)])


def test_shards_of_another_project_are_refused(
    here: Path, three: tuple[Recording, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    files = write(here, [replace(it, project="other") for it in three])
    assert main(["gate", *files]) == 2
    assert "this was measured of the project 'other', and this is 'app'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("index", 0, "shard.index is less than 1"),
        ("index", 4, "shard.index is 4, and there are 3 shards"),
        ("count", 0, "shard.count is less than 1"),
        ("count", 10_000, "shard.count is more than 1000"),
        ("plan", 7, "shard.plan is not a text"),
        ("suite", [{"suite": "s", "benchmark": "a"}], "metrics is empty"),
        ("suite", "a", "shard.suite is not a list"),
    ],
)
def test_a_forged_shard_is_refused_with_its_place_in_the_file(
    three: tuple[Recording, ...], field: str, value: object, says: str
) -> None:
    told = json.loads(document.dump(three[0]))
    told["shard"][field] = value
    with pytest.raises(FormatError, match=re.escape(says)):
        document.load(json.dumps(told).encode(), "run.json")


def test_a_shard_is_in_its_file_as_it_was(three: tuple[Recording, ...]) -> None:
    for it in three:
        assert document.load(document.dump(it), "run.json").shard == it.shard


def test_machines_of_several_kinds_are_all_named_and_never_one_baseline(
    three: tuple[Recording, ...],
) -> None:
    other = Environment(cpu="other", cores=8, kernel="Linux 6.8")
    whole, _ = merge([*three[:2], replace(three[2], run=replace(three[2].run, environment=other))])
    assert str(whole.run.environment) == "c / other, 2 cores, Linux 6.8"
    kept = by_machine(whole)
    assert [it.run.environment.cpu for it in kept] == ["c", "other"]
    assert sum(len(it.run.measurements) for it in kept) == len(whole.run.measurements)
    assert len({it.run.id for it in kept}) == 2
    (one,) = by_machine(merge(three)[0])
    assert one.run.environment == three[0].run.environment
    assert one.run.id == merge(three[::-1])[0].run.id


WORK = "def work(n=0):\n    return sum(range({}))\n"
MAIN = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_EVENT_NAME": "push",
    "GITHUB_REF": "refs/heads/main",
    "GITHUB_REF_NAME": "main",
    "GITHUB_REPOSITORY": "owner/app",
}


@pytest.mark.slow
def test_jobs_measure_their_shards_and_the_gate_alone_keeps_the_baseline(
    app: App, perfci: Run
) -> None:
    app.settings(
        "benchmarks: [{name: sum, suite: s, python: 'library:work', parameters: {n: [1, 2]}}]\n"
        "branches: [main]\n"
    )
    app.write("library.py", WORK.format(900))
    app.write(".gitignore", ".perfci\nshards\nperfci-results\n")
    push = MAIN | {"GITHUB_SHA": app.commit()}
    said = ""
    for index in (1, 2, 3):
        answer = perfci("run", "--shard", f"{index}/3", "-o", f"shards/{index}", **push)
        assert answer.code == 0, answer
        said += answer.out
        assert f"shard {index} of 3" in answer.out
        assert "The verdict is that of `perfci gate`" in answer.out
        assert [it.name for it in (app.root / f"shards/{index}").iterdir()] == ["run.json"]
    assert "none of the 2 benchmarks is in it" in said
    assert not list(app.root.glob(".perfci/v1/*/branches/*/runs/*"))

    answer = perfci("gate", *(f"shards/{index}/run.json" for index in (1, 2, 3)), **push)
    assert answer.code == 0, answer
    assert len(list(app.root.glob(".perfci/v1/*/branches/*/runs/*"))) == 1
