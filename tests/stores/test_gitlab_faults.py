"""What goes wrong between perfci and GitLab, and what is said then."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfci.errors import ConfigurationError, StoreError
from perfci.stores.gitlab.open import gitlab_store
from perfci.stores.gitlab.store import GitLabStore
from tests.stores.branch import read
from tests.stores.contract import INDEX, RUN
from tests.stores.fakes.gitlab import FakeGitLab, gitlab, variables_of
from tests.stores.fakes.server import Reply, Request


@pytest.fixture
def fake() -> Iterator[FakeGitLab]:
    with gitlab() as found:
        yield found


def store_in(fake: FakeGitLab, output: Path, **others: str) -> GitLabStore:
    environ = {**variables_of(fake), **others}
    return gitlab_store("gitlab:perfci", "perfci", environ, output=output, wait=lambda _: None)


REFUSALS = [
    (401, "401 Unauthorized", "CI_JOB_TOKEN lives as long as its job"),
    (403, "403 Forbidden - Package protected.", "Protected packages"),
    (403, "403 Forbidden - Your project is over its storage limit", "prune"),
    (403, "403 Forbidden", "Developer"),
    (404, "404 Project Not Found", "allowlist"),
    (400, "400 Bad request - File is too large", "larger limit"),
    (413, "", "larger limit"),
    (507, "", "no room left"),
]


@pytest.mark.parametrize(("status", "message", "hint"), REFUSALS)
def test_a_refused_write_says_what_to_grant(
    fake: FakeGitLab, tmp_path: Path, status: int, message: str, hint: str
) -> None:
    def refuse(request: Request) -> Reply | None:
        body = json.dumps({"message": message}).encode()
        return Reply(status=status, body=body) if request.method == "PUT" else None

    fake.interfere = refuse
    with pytest.raises(StoreError) as caught:
        store_in(fake, tmp_path).put(RUN, b"x", replaces=None)
    assert caught.value.message.startswith(f"gitlab:perfci: cannot write {RUN}: the server answ")
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert fake.tokens["job-token"] not in caught.value.message + caught.value.hint


def test_a_project_that_may_not_be_seen_is_no_empty_baseline(
    fake: FakeGitLab, tmp_path: Path
) -> None:
    store = store_in(fake, tmp_path)
    fake.private = True
    for ask in (lambda: store.get(RUN), lambda: store.list("v1/"), lambda: store.delete(RUN)):
        with pytest.raises(StoreError, match="404 Project Not Found") as caught:
            ask()
        assert "allowlist" in caught.value.hint


def test_that_is_so_without_job_artifacts_to_look_at_as_well(
    fake: FakeGitLab, tmp_path: Path
) -> None:
    fake.private = True
    with pytest.raises(StoreError, match=f"cannot read {RUN}: .* 404 Project Not Found"):
        store_in(fake, tmp_path, CI_JOB_NAME="").get(RUN)


def test_the_users_own_token_is_named_where_it_is_wrong(fake: FakeGitLab, tmp_path: Path) -> None:
    store = store_in(fake, tmp_path, PERFCI_GITLAB_TOKEN="glpat-wrong-secret")
    with pytest.raises(StoreError, match="401 Unauthorized") as caught:
        store.list("v1/")
    assert "PERFCI_GITLAB_TOKEN" in caught.value.hint
    assert "glpat-wrong-secret" not in caught.value.message


def test_a_group_that_keeps_one_file_of_each_name_says_so_where_nothing_may_be_removed(
    fake: FakeGitLab, tmp_path: Path
) -> None:
    fake.duplicates = fake.may_delete = False
    store = store_in(fake, tmp_path)
    assert store.put(INDEX, b"1", replaces=None)
    blob = store.get(INDEX)
    assert blob is not None
    with pytest.raises(StoreError, match="Duplicate package is not allowed") as caught:
        store.put(INDEX, b"2", replaces=blob.version)
    assert "Duplicate packages" in caught.value.hint
    with pytest.raises(StoreError, match=f"cannot remove {INDEX}"):
        store.delete(INDEX)
    assert read(store, INDEX) == b"1"


def test_bytes_that_are_not_those_of_the_checksum_are_refused(
    fake: FakeGitLab, tmp_path: Path
) -> None:
    store = store_in(fake, tmp_path)
    store.put(RUN, b"good", replaces=None)
    fake.interfere = lambda it: (
        Reply(headers={"X-Checksum-SHA256": "0" * 64}, body=b"evil")
        if it.path.endswith(".json.gz")
        else None
    )
    with pytest.raises(StoreError, match="did not arrive as it was stored"):
        store.get(RUN)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Sign in</html>",
        b"{}",
        b"",
        b'"x"',
        b"[" * 100_000,
    ],
)
def test_a_list_that_is_none_is_an_error(fake: FakeGitLab, tmp_path: Path, body: bytes) -> None:
    store = store_in(fake, tmp_path)
    fake.interfere = lambda it: Reply(body=body) if it.path.endswith("/packages") else None
    with pytest.raises(StoreError, match="gave no list") as caught:
        store.list("v1/")
    assert "CI_API_V4_URL" in caught.value.hint


def test_what_a_list_holds_beside_packages_is_passed_over(fake: FakeGitLab, tmp_path: Path) -> None:
    store = store_in(fake, tmp_path)
    items = [None, 7, "x", {}, {"id": "7", "name": "perfci"}, {"id": 3, "name": ["perfci"]}]
    fake.interfere = lambda it: (
        Reply(body=json.dumps(items).encode()) if it.path.endswith("/packages") else None
    )
    assert store.list("v1/") == ()


def test_a_rival_that_removed_the_same_file_is_no_harm(fake: FakeGitLab, tmp_path: Path) -> None:
    store = store_in(fake, tmp_path)
    store.put(RUN, b"x", replaces=None)
    fake.interfere = lambda it: Reply(status=404) if it.method == "DELETE" else None
    store.delete(RUN)


def test_damaged_job_artifacts_are_told(fake: FakeGitLab, tmp_path: Path) -> None:
    fake.artifacts["main", "perf 1/4"] = b"no archive"
    with pytest.raises(StoreError, match="artifacts of the job perf 1/4 on main is no archive"):
        store_in(fake, tmp_path).get(RUN)


@pytest.mark.parametrize("name", ["", "a b", "-x", "x.", "a..b", "a/b", "ä", "x" * 201])
def test_a_name_that_gitlab_does_not_take_is_refused(
    fake: FakeGitLab, tmp_path: Path, name: str
) -> None:
    with pytest.raises(ConfigurationError, match="names no package"):
        gitlab_store(f"gitlab:{name}", name, variables_of(fake), output=tmp_path, wait=print)


@pytest.mark.parametrize(
    ("others", "says"),
    [
        ({"CI_JOB_TOKEN": ""}, "CI_JOB_TOKEN or PERFCI_GITLAB_TOKEN"),
        ({"CI_API_V4_URL": ""}, "CI_API_V4_URL"),
        ({"CI_API_V4_URL": "gitlab.example.com"}, "CI_API_V4_URL"),
        ({"CI_API_V4_URL": "file:///etc"}, "CI_API_V4_URL"),
        ({"CI_PROJECT_ID": " "}, "CI_PROJECT_ID"),
    ],
)
def test_a_variable_that_is_missing_is_named(
    fake: FakeGitLab, tmp_path: Path, others: dict[str, str], says: str
) -> None:
    with pytest.raises(ConfigurationError, match=says) as caught:
        store_in(fake, tmp_path, **others)
    assert "file:.perfci" in caught.value.hint
