from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from perfci.errors import WorktreeError
from perfci.model.measurement import Side
from perfci.ports import Opened
from perfci.worktrees.git import Git

Sh = Callable[..., str]
Commit = Callable[..., str]
Open = Callable[..., AbstractContextManager[Opened]]
State = Callable[[], tuple[object, ...]]


def text(opened: Opened, side: Side, name: str = "app.py") -> str:
    return (opened.places.roots[side] / name).read_text()


def test_base_and_working_tree_lie_side_by_side(
    sides: Open, git: Git, repository: Path, phases: list[str]
) -> None:
    (repository / "app.py").write_text("edited")
    (repository / "new.py").write_text("new")
    with sides("HEAD") as opened:
        assert text(opened, Side.BASE) == "print(3)\n"
        assert text(opened, Side.HEAD) == "edited"
        assert text(opened, Side.HEAD, "new.py") == "new"
        assert not (opened.places.roots[Side.BASE] / "new.py").exists()
        assert opened.places.checkout == repository
        assert opened.places.definitions == opened.places.roots[Side.HEAD]
        assert opened.base is not None
        commit = git.head_commit()
        assert (opened.base.commit, opened.base.ref, opened.base.dirty) == (commit, "HEAD", False)
        assert (opened.head.commit, opened.head.ref, opened.head.dirty) == (commit, "main", True)
        assert opened.warnings == ()
    assert phases == [
        f"checking out base ({commit[:7]})",
        f"checking out head ({commit[:7]}+)",
    ]


def test_commits_are_compared_as_they_are_whatever_the_working_tree_holds(
    sides: Open, git: Git, repository: Path
) -> None:
    (repository / "app.py").write_text("edited")
    with sides("HEAD~2", "HEAD") as opened:
        assert text(opened, Side.BASE) == "print(1)\n"
        assert text(opened, Side.HEAD) == "print(3)\n"
        assert opened.head.commit == git.head_commit()
        assert not opened.head.dirty
    with sides("main", "main~1") as opened:
        assert text(opened, Side.HEAD) == "print(2)\n"
        assert opened.head.ref == "main~1"


def test_both_paths_are_equally_long_and_outside_the_checkout(
    sides: Open, repository: Path
) -> None:
    with sides("HEAD~1") as opened:
        lengths = {len(str(root)) for root in opened.places.roots.values()}
        assert len(lengths) == 1
        assert not any(root.is_relative_to(repository) for root in opened.places.roots.values())


def test_checkout_index_branches_and_stash_stay_as_they_are(
    sides: Open, repository: Path, scratch: Path, sh: Sh, state: State
) -> None:
    (repository / "app.py").write_text("stashed")
    sh(repository, "stash", "--quiet")
    (repository / "app.py").write_text("staged")
    sh(repository, "add", "app.py")
    (repository / "app.py").write_text("edited")
    (repository / "new.py").write_text("")
    before = state()
    with sides("HEAD~1") as opened:
        # what a build may leave
        (opened.places.roots[Side.HEAD] / "built").write_text("")
        (opened.places.roots[Side.BASE] / "app.py").write_text("built")
    assert state() == before
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_everything_is_removed_when_the_measuring_ends_badly(
    sides: Open, repository: Path, scratch: Path, state: State, error: type[BaseException]
) -> None:
    before = state()
    with pytest.raises(error), sides("HEAD~1"):
        raise error
    assert state() == before
    assert list(scratch.iterdir()) == []


def test_everything_is_removed_when_a_side_cannot_be_brought_up(
    sides: Open, repository: Path, scratch: Path, state: State, commit: Commit
) -> None:
    commit(repository, {"service/app.py": "1"})
    before = state()
    with (
        pytest.raises(WorktreeError, match=r"base \(.*\) has no folder service") as caught,
        sides("HEAD~1", subfolder="service"),
    ):
        pass
    assert "record" in caught.value.hint
    assert state() == before
    assert list(scratch.iterdir()) == []


def test_equal_sides_are_refused(sides: Open, scratch: Path) -> None:
    with pytest.raises(WorktreeError, match="base and head are the same code") as caught:
        sides("main").__enter__()
    assert "have the same files" in caught.value.message
    assert "--base HEAD~1" in caught.value.hint
    assert list(scratch.iterdir()) == []


def test_commits_with_one_tree_are_refused(sides: Open, repository: Path, commit: Commit) -> None:
    commit(repository, {})
    with pytest.raises(WorktreeError, match="base and head are the same code"):
        sides("HEAD~1").__enter__()


def test_own_output_does_not_make_the_sides_differ(sides: Open, repository: Path) -> None:
    (repository / "out").mkdir()
    (repository / "out" / "run.json").write_text("{}")
    (repository / ".perfci").mkdir()
    (repository / ".perfci" / "x").write_text("")
    own = ["out/", str(repository / ".perfci"), "../elsewhere", "/tmp/x", "."]
    with pytest.raises(WorktreeError, match="same code"):
        sides("HEAD", exclude=own).__enter__()


def test_sides_that_differ_only_in_what_head_defines_are_refused_by_name(
    sides: Open, repository: Path, commit: Commit
) -> None:
    commit(repository, {"bench.py": "def f(): return 1"})
    (repository / "perfci.yml").write_text("benchmarks: []")
    (repository / "bench.py").write_text("def f(): pass")
    with pytest.raises(WorktreeError, match="same code") as caught:
        sides("HEAD", definitions=["bench.py"]).__enter__()
    assert "bench.py, perfci.yml" in caught.value.message
    with sides("HEAD", definitions=["other.py"]) as opened:
        assert opened.warnings == ()


def test_a_benchmark_file_that_base_does_not_have_is_measured_as_new(
    sides: Open, repository: Path
) -> None:
    (repository / "bench.py").write_text("def f(): pass")
    with sides("HEAD", definitions=["bench.py"]) as opened:
        assert (opened.places.roots[Side.HEAD] / "bench.py").exists()


def test_changed_definition_is_told(sides: Open, repository: Path, commit: Commit) -> None:
    commit(repository, {"benchmarks/x.py": "1", "benchmarks/y.py": "1"})
    commit(repository, {"benchmarks/x.py": "2", "app.py": "other"})
    with sides("HEAD~1", definitions=["benchmarks/x.py", "./benchmarks/y.py"]) as opened:
        (warning,) = opened.warnings
        assert warning == (
            "benchmarks/x.py differs between base and head; head's version is used on both"
            " sides, so changes inside it are not measured. To measure a module's own function"
            " name it as package.module:function."
        )


def test_a_definition_that_base_does_not_have_is_not_said_to_differ(
    sides: Open, repository: Path, commit: Commit
) -> None:
    commit(repository, {"benchmarks/x.py": "1", "app.py": "other"})
    with sides("HEAD~1", definitions=["benchmarks/x.py"]) as opened:
        assert opened.warnings == ()


def test_project_in_a_sub_folder_is_measured_there(
    sides: Open, repository: Path, commit: Commit
) -> None:
    commit(repository, {"services/api/app.py": "1", "services/api/perfci.yml": "1"})
    (repository / "services/api/perfci.yml").write_text("2")
    (repository / "services/api/out").mkdir()
    (repository / "services/api/out/run.json").write_text("{}")
    with sides("HEAD", subfolder="services/api", exclude=["out"]) as opened:
        assert opened.warnings[0].startswith("only services/api/perfci.yml changed")
    (repository / "shared.py").write_text("a neighbour counts, too")
    with sides("HEAD", subfolder="services/api", exclude=["out"]) as opened:
        root = opened.places.roots[Side.HEAD]
        assert root.parts[-3:] == ("head", "services", "api")
        assert (root / "perfci.yml").read_text() == "2"
        assert not (root / "out").exists()
        assert (root.parent.parent / "shared.py").exists()
        assert opened.places.checkout == repository


def test_shallow_checkout_of_a_merge_finds_the_commit_merged_into(
    *, sides: Open, git: Git, repository: Path, tmp_path: Path, sh: Sh, commit: Commit
) -> None:
    sh(repository, "switch", "--quiet", "--create", "topic", "HEAD~1")
    commit(repository, {"topic.py": "1"})
    sh(repository, "switch", "--quiet", "--detach", "main")
    sh(repository, "merge", "--quiet", "--no-ff", "--no-edit", "topic")
    sh(repository, "update-ref", "refs/pull/1/merge", "HEAD")
    sh(repository, "switch", "--quiet", "main")
    runner = tmp_path / "runner"
    sh(tmp_path, "init", "--quiet", str(runner))
    sh(runner, "remote", "add", "origin", f"file://{repository}")
    sh(runner, "fetch", "--quiet", "--depth=1", "origin", "+refs/pull/1/merge:refs/remotes/pull/1")
    sh(runner, "checkout", "--quiet", "--detach", "refs/remotes/pull/1")
    ci = git.at(runner)
    base = ci.parents("HEAD")[0]
    assert base == git.commit("main")
    with sides(base, "HEAD", where=ci) as opened:
        assert text(opened, Side.BASE) == text(opened, Side.HEAD) == "print(3)\n"
        assert text(opened, Side.HEAD, "topic.py") == "1"
        assert opened.head.ref == ""
    with sides("HEAD~1", "HEAD", where=ci) as opened:
        assert opened.base is not None
        assert opened.base.commit == base


def test_hooks_of_the_repository_are_not_run(sides: Open, repository: Path, tmp_path: Path) -> None:
    hook = repository / ".git" / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    with sides("HEAD~1"):
        pass
    assert not (tmp_path / "ran").exists()
