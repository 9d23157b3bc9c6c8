"""Folders of artifacts: one a run, and old ones go without anything else going with them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from perfci.facade.ci.artifacts import delete_old, new_folder

NOW = datetime(2026, 11, 26, 12, 0, 0, tzinfo=UTC)


def old(root: Path, days: float) -> Path:
    folder = new_folder(root, NOW - timedelta(days=days))
    (folder / "performance_results.xml").write_text("<testsuites/>")
    return folder


def test_two_runs_of_one_second_have_folders_of_their_own(tmp_path: Path) -> None:
    first, second = new_folder(tmp_path / "out", NOW), new_folder(tmp_path / "out", NOW)
    assert first.name == "performance_artifacts_20261126T120000Z"
    assert second.is_dir()
    assert first != second


def test_only_folders_that_are_too_old_are_deleted(tmp_path: Path) -> None:
    kept, gone = old(tmp_path, 29.9), [old(tmp_path, 30.1), old(tmp_path, 30.1)]
    assert list(delete_old(tmp_path, NOW, days=30)) == []
    assert kept.is_dir()
    assert not any(folder.exists() for folder in gone)


def test_what_perfci_did_not_make_stays(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("x")
    root = tmp_path / "out"
    root.mkdir()
    for name in ("performance_artifacts", "performance_artifacts_mine", "other"):
        (root / name).mkdir()
    (root / "performance_artifacts_20200101T000000Z").symlink_to(outside)
    (root / "performance_artifacts_20200102T000000Z").write_text("a file")
    # no such day
    (root / "performance_artifacts_20201399T000000Z").mkdir()
    before = sorted(root.iterdir())

    assert list(delete_old(root, NOW, days=0)) == []

    assert sorted(root.iterdir()) == before
    assert (outside / "precious").read_text() == "x"


def test_a_link_inside_an_old_folder_is_removed_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("x")
    folder = old(tmp_path / "out", 40)
    (folder / "link").symlink_to(outside)
    assert list(delete_old(tmp_path / "out", NOW, days=30)) == []
    assert not folder.exists()
    assert (outside / "precious").read_text() == "x"


@pytest.mark.parametrize("days", [0, 30])
def test_a_folder_that_is_not_there_is_no_trouble(tmp_path: Path, days: int) -> None:
    assert list(delete_old(tmp_path / "nowhere", NOW, days=days)) == []
