"""Two files that have no series in common are not compared, and that is no pass."""

import json
from pathlib import Path

from tests.command.given import hyperfine, one_after_another

GO = "goos: linux\nBenchmarkParse-2 100 1000 ns/op\nPASS\n"
STEADY = tuple(1.0 + step / 1000 for step in range(10))


def test_files_without_a_series_in_common_are_an_error_that_names_some_of_each(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.json").write_text(hyperfine(a=STEADY, b=STEADY, c=STEADY))
    (tmp_path / "b.json").write_text(hyperfine(**{"parse v2": STEADY}))
    (tmp_path / "go.txt").write_text(GO)
    renamed, tools = one_after_another(
        tmp_path, ["compare", "a.json", "b.json"], ["compare", "b.json", "go.txt", "--json"]
    )
    assert renamed.code == 2
    said = " ".join(renamed.err.split())
    assert (
        "no series is in both files: a.json has default/a:latency and default/b:latency, " in said
    )
    assert "b.json has default/parse v2:latency" in said
    assert "default/c" not in said
    assert "`renamed`" in said
    assert tools.code == 2
    assert "go.txt has default/BenchmarkParse:latency" in " ".join(tools.err.split())


def test_one_series_in_common_is_enough(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(hyperfine(a=STEADY, b=STEADY))
    (tmp_path / "b.json").write_text(hyperfine(a=STEADY, c=STEADY))
    (answer,) = one_after_another(tmp_path, ["compare", "a.json", "b.json"])
    assert answer.code == 0, answer.out + answer.err


def test_a_name_that_the_settings_have_renamed_is_in_both(tmp_path: Path) -> None:
    (tmp_path / "perfci.yml").write_text("renamed: {default/old: default/new}\n")
    (tmp_path / "a.json").write_text(hyperfine(old=STEADY))
    (tmp_path / "b.json").write_text(hyperfine(new=STEADY))
    (answer,) = one_after_another(tmp_path, ["compare", "a.json", "b.json"])
    assert answer.code == 0, answer.out + answer.err


def test_failures_are_told_as_what_they_are(tmp_path: Path) -> None:
    there = {"name": "c", "unit": "s", "value": 1}
    failed = {
        "schema": "perfci.custom/1",
        "results": [{"name": "a", "error": "exit code 3"}, there],
    }
    (tmp_path / "a.json").write_text(hyperfine(b=STEADY))
    (tmp_path / "b.json").write_text(json.dumps(failed))
    (answer,) = one_after_another(tmp_path, ["compare", "a.json", "b.json"])
    assert answer.code == 2
    assert "1 benchmark failed: default/a" in answer.out
    assert "no series is in both" not in answer.err
