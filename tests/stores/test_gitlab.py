"""The store in GitLab's package registry: what one pipeline keeps, and the next ones find."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from perfci.baselines import branch_key, record, whole_history
from perfci.stores.forge_archive import pack
from perfci.stores.gitlab.names import (
    file_of_name,
    folder_of_version,
    is_long,
    name_of_file,
    version_of_folder,
)
from perfci.stores.gitlab.open import gitlab_store
from perfci.stores.gitlab.store import GitLabStore
from tests.stores.branch import INDEX as INDEX_OF_FEATURE
from tests.stores.branch import PASSED, job, numbers_of, points, read, write
from tests.stores.contract import INDEX, RUN
from tests.stores.fakes.gitlab import FakeGitLab, gitlab, variables_of
from tests.stores.fakes.server import serving
from tests.stores.forge_contract import ForgeContract

LONG = f"v1/app/branches/{branch_key('ä' * 120)}/history.json"


@pytest.fixture
def fake() -> Iterator[FakeGitLab]:
    with gitlab() as found:
        yield found


def store_in(fake: FakeGitLab, output: Path, **others: str) -> GitLabStore:
    environ = {**variables_of(fake), **others}
    return gitlab_store("gitlab:perfci", "perfci", environ, output=output, wait=lambda _: None)


class TestGitLabStore(ForgeContract):
    @pytest.fixture
    def store(self, fake: FakeGitLab, tmp_path: Path) -> GitLabStore:
        return store_in(fake, tmp_path)


class TestWithoutTheRightToRemove(ForgeContract):
    """A developer's pipeline may add to a package, and remove nothing."""

    @pytest.fixture
    def store(self, fake: FakeGitLab, tmp_path: Path) -> GitLabStore:
        fake.may_delete = False
        return store_in(fake, tmp_path)


class TestWithOneFileOfEachName(ForgeContract):
    """A group may forbid a second file of a name."""

    @pytest.fixture
    def store(self, fake: FakeGitLab, tmp_path: Path) -> GitLabStore:
        fake.duplicates = False
        return store_in(fake, tmp_path)


class TestBehindSmallPages(ForgeContract):
    @pytest.fixture
    def store(self, fake: FakeGitLab, tmp_path: Path) -> GitLabStore:
        fake.page = 2
        return store_in(fake, tmp_path)


def test_another_job_finds_what_this_one_put(fake: FakeGitLab, tmp_path: Path) -> None:
    assert store_in(fake, tmp_path).put(RUN, b"run", replaces=None)
    other = store_in(fake, tmp_path, CI_JOB_TOKEN="", PERFCI_GITLAB_TOKEN="glpat-own-secret")
    assert read(other, RUN) == b"run"
    assert {"job-token", "private-token"} <= {key for it in fake.requests for key in it.headers}


def test_a_replaced_file_is_taken_away_where_that_is_allowed(
    fake: FakeGitLab, tmp_path: Path
) -> None:
    store = store_in(fake, tmp_path)
    for number in range(3):
        blob = store.get(INDEX)
        assert store.put(INDEX, b"%d" % number, replaces=blob.version if blob else None)
    assert fake.files_of("history.json") == [b"2"]
    fake.may_delete = False
    for number in range(3, 5):
        blob = store.get(INDEX)
        assert store.put(INDEX, b"%d" % number, replaces=blob.version if blob else None)
    assert fake.files_of("history.json") == [b"2", b"3", b"4"]
    asked = [it for it in fake.requests if it.method == "DELETE"]
    assert len(asked) == 3, "after one refusal it is not asked for again"


def test_what_was_deleted_without_the_right_to_is_gone_all_the_same(
    fake: FakeGitLab, tmp_path: Path
) -> None:
    fake.may_delete = False
    store = store_in(fake, tmp_path)
    store.put(RUN, b"x", replaces=None)
    store.put(INDEX, b"x", replaces=None)
    store.delete(RUN)
    assert store.list("") == (INDEX,)
    assert store_in(fake, tmp_path).get(RUN) is None


def test_a_package_of_a_like_name_is_another(fake: FakeGitLab, tmp_path: Path) -> None:
    environ = variables_of(fake)
    other = gitlab_store("gitlab:perfci-2", "perfci-2", environ, output=tmp_path, wait=print)
    other.put(RUN, b"x", replaces=None)
    assert store_in(fake, tmp_path).list("") == ()


def test_a_file_that_others_put_into_the_package_is_none_of_ours(
    fake: FakeGitLab, tmp_path: Path
) -> None:
    store = store_in(fake, tmp_path)
    store.put(RUN, b"x", replaces=None)
    fake.add("perfci", "1.0.0", "app.tar.gz", b"y")
    fake.add("perfci", version_of_folder("v1/app"), "READ_ME", b"y")
    fake.add("perfci", "_zoo", "x", b"y")
    assert [it for it in store.list("") if it.startswith("v1/")] == [RUN]


@pytest.mark.parametrize(
    "folder",
    ["", "v1", "v1/app/branches/main/runs", "v1/a..b/%2E", "v1/ä+b_c", "v1/A", "a.", "x.y/z-"],
)
def test_a_folder_is_turned_back_from_its_version(folder: str) -> None:
    version = version_of_folder(folder)
    assert folder_of_version(version) == folder
    assert ".." not in version
    assert name_of_file(file_of_name("a%2Fb.json.gz")) == "a%2Fb.json.gz"


@pytest.mark.parametrize(
    "version", ["", "1.0.0+A", "v1+_2f", "v1+_41", "v1++x", "_FF", "_zx", "v1+_61"]
)
def test_a_version_that_perfci_would_not_write_is_none_of_ours(version: str) -> None:
    folder = folder_of_version(version)
    assert folder is None or version_of_folder(folder) == version


def test_a_branch_name_too_long_for_a_version_is_found_again(
    fake: FakeGitLab, tmp_path: Path
) -> None:
    assert is_long(version_of_folder(LONG.rpartition("/")[0]))
    store = store_in(fake, tmp_path)
    assert store.put(LONG, b"1", replaces=None)
    assert store.put(RUN, b"2", replaces=None)
    other = store_in(fake, tmp_path)
    assert set(other.list("")) == {LONG, RUN}
    assert read(other, LONG) == b"1"
    assert other.list(LONG.rpartition("/")[0]) == (LONG,)


def test_the_storage_behind_is_given_no_token(fake: FakeGitLab, tmp_path: Path) -> None:
    store = store_in(fake, tmp_path)
    store.put(RUN, b"x", replaces=None)
    with serving(fake.respond) as fake.storage:
        assert read(store, RUN) == b"x"
    assert fake.requests[-1].parts[0] == "storage"
    assert not fake.requests[-1].headers.keys() & {"job-token", "private-token"}


def test_a_merge_request_reads_the_project_that_it_goes_to(
    fake: FakeGitLab, tmp_path: Path
) -> None:
    others = {"CI_PROJECT_ID": "99", "CI_MERGE_REQUEST_PROJECT_ID": "group/app"}
    store_in(fake, tmp_path).put(RUN, b"x", replaces=None)
    assert read(store_in(fake, tmp_path, **others), RUN) == b"x"


def test_a_history_grows_from_pipeline_to_pipeline(fake: FakeGitLab, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        record(store_in(fake, tmp_path), job(number), PASSED, points(number))
    found, warnings = whole_history(store_in(fake, tmp_path), "app", "feature")
    assert (numbers_of(found), warnings) == ([1, 2, 3], ())


def test_what_a_rival_wrote_over_comes_to_the_index_all_the_same(
    fake: FakeGitLab, tmp_path: Path
) -> None:
    """Of two who replace the index at once, the later one wins; both runs are there."""
    record(store_in(fake, tmp_path), job(1), PASSED, points(1))
    old = read(store_in(fake, tmp_path), INDEX_OF_FEATURE)
    record(store_in(fake, tmp_path), job(2), PASSED, points(2))
    write(store_in(fake, tmp_path), INDEX_OF_FEATURE, old)
    found, _ = whole_history(store_in(fake, tmp_path), "app", "feature")
    assert numbers_of(found) == [1, 2]


def test_the_target_branchs_job_artifacts_stand_in_for_an_empty_registry(
    fake: FakeGitLab, tmp_path: Path
) -> None:
    name = "perfci-results/perfci-store/v1/app/branches/main/history.json"
    archive = pack({name: b"kept", "perfci-results/report.html": b"<html>"})
    fake.artifacts["main", "perf 1/4"] = archive
    store = store_in(fake, tmp_path)
    assert store.list("v1/") == (INDEX,)
    [warning] = store.warnings
    assert "no such package yet; read from the artifacts of the job perf 1/4 on main" in warning
    blob = store.get(INDEX)
    assert blob is not None
    assert blob.data == b"kept"
    assert store.put(INDEX, b"new", replaces=blob.version)
    assert not store.put(INDEX, b"newer", replaces=blob.version)
    assert read(store, INDEX) == b"new"
    later = store_in(fake, tmp_path)
    later.put(RUN, b"x", replaces=None)
    assert later.list("v1/") == (INDEX, RUN)


def test_job_artifacts_stand_in_for_a_registry_that_may_not_be_read(
    fake: FakeGitLab, tmp_path: Path
) -> None:
    fake.artifacts["release", "perf 1/4"] = pack({f"perfci-store/{INDEX}": b"kept"})
    fake.registry = False
    others = {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "release"}
    store = store_in(fake, tmp_path, **others)
    assert read(store, INDEX) == b"kept"
    assert store.list("") == (INDEX,)
    [warning] = store.warnings
    assert "403 Forbidden" in warning
    assert "the job perf 1/4 on release" in warning


def test_a_copy_of_what_is_put_lies_where_job_artifacts_take_it(
    fake: FakeGitLab, tmp_path: Path
) -> None:
    store_in(fake, tmp_path).put(INDEX, b"new", replaces=None)
    assert (tmp_path / "perfci-store" / INDEX).read_bytes() == b"new"
