import os
import resource
import stat
from pathlib import Path

import pytest

from perfci.model.emission import File, Output, Summary
from perfci.platforms.folder import FolderSink

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


def test_files_arrive_with_their_folders_and_replace_older_ones(tmp_path: Path) -> None:
    sink = FolderSink(tmp_path / "out")
    for content in (b"old", b"new\xff"):
        sink.deliver(File(path="charts/a b/x.svg", content=content))
    assert (tmp_path / "out/charts/a b/x.svg").read_bytes() == b"new\xff"
    assert [path.name for path in (tmp_path / "out/charts/a b").iterdir()] == ["x.svg"]


def test_other_emissions_pass(tmp_path: Path) -> None:
    sink = FolderSink(tmp_path / "out")
    sink.deliver(Summary(markdown="x"))
    sink.deliver(Output(name="x", value="x"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("path", ["/etc/x", "../x", "a/../../x", "", ".", "a\0b"])
def test_path_out_of_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(OSError, match="leads out of the output folder"):
        FolderSink(tmp_path / "out").deliver(File(path=path, content=b""))
    assert list(tmp_path.iterdir()) == []


def test_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/charts").symlink_to(tmp_path)
    (tmp_path / "victim").write_text("precious")
    (tmp_path / "out/report.html").symlink_to(tmp_path / "victim")
    sink = FolderSink(tmp_path / "out")
    with pytest.raises(OSError, match="leads out"):
        sink.deliver(File(path="charts/x.svg", content=b""))
    sink.deliver(File(path="report.html", content=b"report"))
    assert (tmp_path / "victim").read_text() == "precious"
    assert (tmp_path / "out/report.html").read_bytes() == b"report"


def test_full_disk_is_told_and_leaves_the_older_file(tmp_path: Path) -> None:
    sink = FolderSink(tmp_path)
    sink.deliver(File(path="run.json", content=b"old"))
    # a limit on the size of files stands in for a full disk
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            sink.deliver(File(path="run.json", content=b"x" * 5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]
    assert (tmp_path / "run.json").read_bytes() == b"old"


def test_files_are_as_readable_as_the_users_others(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        FolderSink(tmp_path).deliver(File(path="run.json", content=b""))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "run.json").stat().st_mode) == 0o640


@AS_ROOT
@pytest.mark.parametrize("made_before", [False, True])
def test_root_in_a_container_leaves_files_to_the_workspaces_owner(
    tmp_path: Path, *, made_before: bool
) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    os.chown(workspace, 1001, 127)
    if made_before:
        (workspace / "out").mkdir()
    FolderSink(workspace / "out").deliver(File(path="charts/x.svg", content=b""))
    for place in ("out", "out/charts", "out/charts/x.svg"):
        facts = (workspace / place).stat()
        assert (facts.st_uid, facts.st_gid) == (1001, 127)
