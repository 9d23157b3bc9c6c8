"""asv's results of one commit: with the list of benchmarks beside them, and without."""

import json
from typing import Any

import pytest

from perfci.errors import FormatError
from perfci.model.run import Recording
from perfci.readers.formats import FORMATS
from perfci.readers.recording import Import, recording_of
from perfci.readers.source import Source
from tests.readers.tools.reading import FIXTURES, NOW, read, recorded, told

FOLDER = FIXTURES / "asv"


def document(**changes: Any) -> bytes:
    return json.dumps({"commit_hash": "a1", "results": {"m.time_x": 1.0}, **changes}).encode()


def several(*files: bytes) -> dict[str, Any]:
    found = FORMATS["asv"].parse(
        [Source(name=f"{at}.json", data=data) for at, data in enumerate(files)]
    )
    assert not isinstance(found, Recording)
    return told(recording_of(found, Import(tool="asv", run_id="x", moment=NOW)))


def test_the_list_of_benchmarks_gives_names_to_parameters_and_units() -> None:
    found = told(recorded(*sorted(FOLDER.glob("*.json"), reverse=True), as_="asv"))
    key = "default/bench.TimeSuite.time_sum[kind='a',n=1000]:latency"
    assert found["series"][key] == ["s", "lower", 1, 4, 4.5515e-06]
    assert found["series"]["default/bench.track_answers:value"][0] == "answers"
    assert list(found["failed"]) == ["default/bench.TimeSuite.time_breaks[kind='a',n=10]"]


def test_what_was_skipped_or_is_of_another_version_is_told() -> None:
    known = {"m.time_x": {"code": "", "version": "2"}, "m.time_y": {"version": "1"}}
    results = {"m.time_x": [[1.0], [], "1"], "m.time_y": [[float("nan"), 2.0], [["1", "2"]], "1"]}
    columns = ["result", "params", "version"]
    data = document(results=results, result_columns=columns, version=2)
    found = FORMATS["asv"].parse(
        [
            Source(name="r.json", data=data),
            Source(name="benchmarks.json", data=json.dumps(known).encode()),
        ]
    )
    assert not isinstance(found, Recording)
    assert [(item.name, item.params) for item in found.found] == [("m.time_y", (("p1", "2"),))]
    assert len(found.left) == 2


def test_several_environments_of_one_commit_are_told_apart() -> None:
    series = several(document(env_name="py3.11"), document(env_name="py3.12"))["series"]
    assert list(series) == [
        "default/m.time_x[environment=py3.11]:latency",
        "default/m.time_x[environment=py3.12]:latency",
    ]


def test_a_benchmark_that_failed_whole_has_failed_for_each_of_its_parameters() -> None:
    rows = {"m.time_x": [None, [["1", "2"]]], "m.time_z": [[0.5], []]}
    found = several(document(results=rows, result_columns=["result", "params"]))
    assert list(found["failed"]) == ["default/m.time_x[p1=1]", "default/m.time_x[p1=2]"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (document()[:-9], "not valid JSON"),
        (b'{"machine": "box", "version": 1}', "holds no results"),
        (document(results={}), "no result that counts"),
        (document(results=[1]), "results is a list, not an object"),
        (document(results={"m.time_x": "fast"}), r"m\.time_x\[0\]\[0\] is the text 'fast'"),
        (document(results={"m.x": {"result": [1], "params": [[1, 2]]}}), "a value for each comb"),
    ],
)
def test_damage_is_named_by_its_place(data: bytes, says: str) -> None:
    with pytest.raises(FormatError, match=says):
        read(data, "asv")


def test_results_of_several_commits_are_a_history() -> None:
    with pytest.raises(FormatError, match="results of 2 commits") as caught:
        several(document(), document(commit_hash="b2"))
    assert "baseline import" in caught.value.hint
