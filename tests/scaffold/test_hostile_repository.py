"""A repository may hold anything: what `perfci init` makes of it is bounded and harmless."""

import os
import time
from pathlib import Path

import pytest
import yaml

from perfci.scaffold.survey import MOST_BENCHMARKS, survey
from perfci.scaffold.tree import look
from tests.command.conftest import App, Run


def test_a_huge_repository_is_looked_at_from_the_top_and_no_further(tmp_path: Path) -> None:
    for place in ("a/generated", "benchmarks", "z"):
        (tmp_path / place).mkdir(parents=True)
    for number in range(1000):
        (tmp_path / f"a/generated/{number}.txt").touch()
    (tmp_path / "benchmarks/bench_a.py").write_text("def bench_a(): ...\n")

    tree = look(tmp_path, most=500)

    assert tree.files[0] == "benchmarks/bench_a.py"
    assert len(tree.files) < 500
    assert len(look(tmp_path).files) == 1001


def test_links_are_not_followed_and_loops_do_no_harm(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "bench_secret.py").write_text("def bench_secret(): ...\n")
    root = tmp_path / "root"
    (root / "benchmarks").mkdir(parents=True)
    (root / "benchmarks/loop").symlink_to(root)
    (root / "benchmarks/away").symlink_to(outside)
    (root / "benchmarks/bench_link.py").symlink_to(outside / "bench_secret.py")

    assert look(root).files == ()


@pytest.mark.timeout(60)
def test_what_is_no_plain_small_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pyproject.toml")
    with (tmp_path / "package.json").open("wb") as file:
        file.truncate(2**30)
    (tmp_path / "Cargo.toml").mkdir()
    started = time.monotonic()

    tree = look(tmp_path)

    assert tree.text("package.json") == ""
    assert tree.text("pyproject.toml") == ""
    assert survey(tmp_path).benchmarks[0].name == "example"
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    "name",
    [
        "a'b.js",
        'a"b.js',
        "a\nb.js",
        "$(id).js",
        "`id`.js",
        "-rf.js",
        "a;b.js",
        "{x}.js",
        "\u202e.js",
    ],
)
def test_names_that_a_shell_or_yaml_might_read_are_passed_over(tmp_path: Path, name: str) -> None:
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench" / name).write_text("1\n")
    (tmp_path / "package.json").write_text("{}")

    assert [item.name for item in survey(tmp_path).benchmarks] == ["example"]


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"scripts": []}', "\0", '"x"', '{"scripts": {"bench": 1}}', "{" * 9999]
)
def test_a_damaged_manifest_says_nothing(tmp_path: Path, text: str) -> None:
    for name in ("package.json", "pyproject.toml", "Cargo.toml", "go.mod", "composer.json"):
        (tmp_path / name).write_text(text)
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks/bench_deep.py").write_text("(" * 5000)

    assert survey(tmp_path).benchmarks[0].name == "example"


def test_an_unreadable_folder_is_passed_over(tmp_path: Path) -> None:
    closed = tmp_path / "bench"
    closed.mkdir(mode=0)
    try:
        assert survey(tmp_path).benchmarks[0].name == "example"
    finally:
        closed.chmod(0o700)


def test_of_very_many_benchmarks_the_first_are_taken_and_the_others_counted(
    app: App, perfci: Run
) -> None:
    app.write(
        "benchmarks/bench_many.py",
        "".join(f"def bench_{number}(): ...\n" for number in range(MOST_BENCHMARKS + 7)),
    )

    answer = perfci("init", "jenkins")

    assert answer.code == 0
    assert "7 more are left out" in answer.out
    settings = yaml.safe_load((app.root / "perfci.yml").read_text())
    assert len(settings["benchmarks"]) == MOST_BENCHMARKS


def test_a_branch_with_a_forged_name_stays_text(app: App, perfci: Run) -> None:
    app.git("symbolic-ref", "HEAD", "refs/heads/a'],x#b\"")
    app.commit()
    perfci("init", "github")
    text = (app.root / ".github/workflows/performance.yml").read_text()
    # YAML's `on` is a truth value to its older readers
    assert yaml.safe_load(text)[True]["push"]["branches"] == ["a'],x#b\""]
