"""Which artifacts may say what a baseline is, and what of their bytes is taken."""

import io
import json
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from perfci.errors import StoreError
from perfci.stores.artifact.open import artifact_store
from perfci.stores.artifact.store import ArtifactStore
from perfci.stores.forge_archive import pack
from tests.stores.branch import read
from tests.stores.fakes.github import FakeGitHub, Run, action_in, github
from tests.stores.fakes.server import Reply, Request

NAME = "v1/app/branches/main/runs/a.json.gz"


@pytest.fixture
def fake() -> Iterator[FakeGitHub]:
    with github() as found:
        yield found


def store_in(fake: FakeGitHub, output: Path) -> ArtifactStore:
    environ = action_in(fake)
    return artifact_store("artifact:perf", "perf", environ, output=output, wait=lambda _: None)


GOOD = Run()
BAD = {
    "failed": Run(conclusion="failure"),
    "was cancelled": Run(conclusion="cancelled"),
    "goes on": Run(conclusion=None),
    "is a pull request's": Run(event="pull_request"),
    "runs what a stranger asked for": Run(event="pull_request_target"),
    "follows another": Run(event="workflow_run"),
    "is of another branch": Run(branch="mainline"),
    "is of a fork whose branch is called main": Run(head_repository=99),
    "is of a fork's pull request from its main": Run(head_repository=99, event="pull_request"),
}


@pytest.mark.parametrize("run", BAD.values(), ids=BAD.keys())
def test_no_artifact_is_believed_whose_run(fake: FakeGitHub, tmp_path: Path, run: Run) -> None:
    fake.runs |= {50: GOOD, 51: run}
    fake.add("perf", pack({NAME: b"good"}), 50)
    fake.add("perf", pack({NAME: b"poison", f"{NAME}-2": b"poison"}), 51)
    store = store_in(fake, tmp_path)
    assert store.list("v1/app/branches/main/") == (NAME,)
    assert read(store, NAME) == b"good"


@pytest.mark.parametrize("event", ["push", "schedule", "workflow_dispatch"])
def test_a_run_of_the_branch_itself_is_believed(
    fake: FakeGitHub, tmp_path: Path, event: str
) -> None:
    fake.runs[50] = Run(event=event)
    fake.add("perf", pack({NAME: b"good"}), 50)
    assert store_in(fake, tmp_path).list("v1/") == (NAME,)


def test_a_good_run_says_nothing_of_another_branch(fake: FakeGitHub, tmp_path: Path) -> None:
    fake.runs[50] = Run(branch="feature")
    other = NAME.replace("main", "feature")
    fake.add("perf", pack({NAME: b"poison", other: b"good"}), 50)
    store = store_in(fake, tmp_path)
    assert store.list("v1/app/branches/main/") == ()
    assert store.list("v1/") == (other,)


@pytest.mark.parametrize("field", ["head_branch", "head_repository"])
def test_a_run_is_believed_by_what_it_says_itself_not_by_the_list(
    fake: FakeGitHub, tmp_path: Path, field: str
) -> None:
    run = {
        "event": "push",
        "conclusion": "success",
        "head_branch": "main",
        "repository": {"id": 1296269},
        "head_repository": {"id": 1296269},
    }
    run |= {field: "feature" if field == "head_branch" else {"id": 9}}
    fake.runs[50] = GOOD
    fake.add("perf", pack({NAME: b"poison"}), 50)
    fake.interfere = lambda it: (
        Reply(body=json.dumps(run).encode()) if it.path.endswith("/runs/50") else None
    )
    assert store_in(fake, tmp_path).list("v1/") == ()


def test_of_two_artifacts_the_newer_is_right(fake: FakeGitHub, tmp_path: Path) -> None:
    fake.runs |= {50: GOOD, 51: GOOD}
    fake.add("perf", pack({NAME: b"old"}), 50)
    fake.add("perf", pack({NAME: b"new"}), 51)
    assert read(store_in(fake, tmp_path), NAME) == b"new"


def test_branches_are_listed_by_the_beginning_of_their_names(
    fake: FakeGitHub, tmp_path: Path
) -> None:
    fake.runs |= {50: GOOD, 51: Run(branch="maint")}
    other = NAME.replace("main", "maint")
    fake.add("perf", pack({NAME: b"x"}), 50)
    fake.add("perf", pack({other: b"x"}), 51)
    assert store_in(fake, tmp_path).list("v1/app/branches/main") == (NAME, other)


def test_a_server_that_cannot_look_for_a_name_is_no_harm(fake: FakeGitHub, tmp_path: Path) -> None:
    def forget_the_name(request: Request) -> Reply | None:
        if request.query.get("name"):
            del request.query["name"]  # type: ignore[attr-defined]
        return None

    fake.runs[50] = GOOD
    fake.add("other", pack({NAME: b"poison"}), 50)
    fake.interfere = forget_the_name
    assert store_in(fake, tmp_path).list("v1/") == ()


def test_artifacts_that_expired_or_have_another_name_are_no_baseline(
    fake: FakeGitHub, tmp_path: Path
) -> None:
    fake.runs[50] = GOOD
    fake.add("perf", pack({NAME: b"old"}), 50, expired=True)
    fake.add("performance", pack({NAME: b"other"}), 50)
    store = store_in(fake, tmp_path)
    assert store.list("v1/") == ()
    [warning] = store.warnings
    assert "no artifact of main can be compared with: all of them have expired" in warning


def test_a_branch_whose_runs_all_failed_is_told(fake: FakeGitHub, tmp_path: Path) -> None:
    fake.runs |= {50: BAD["failed"], 51: BAD["failed"]}
    for number in (50, 51):
        fake.add("perf", pack({NAME: b"x"}), number)
    store = store_in(fake, tmp_path)
    assert store.get(NAME) is None
    [warning] = store.warnings
    assert "none of its 2 newest runs that kept one is a push that succeeded" in warning


def test_the_newest_good_run_is_found_behind_pages_of_others(
    fake: FakeGitHub, tmp_path: Path
) -> None:
    fake.page = 7
    fake.runs[50] = GOOD
    fake.runs[51] = Run(head_repository=99)
    fake.add("perf", pack({NAME: b"good"}), 50)
    for _ in range(30):
        fake.add("perf", pack({NAME: b"poison"}), 51)
    store = store_in(fake, tmp_path)
    assert store.list("v1/") == (NAME,)
    asked = [it for it in fake.requests if it.path.endswith("/actions/runs/51")]
    assert asked == [], "a fork is seen in the list already"


def test_what_expires_between_list_and_download_is_passed_over(
    fake: FakeGitHub, tmp_path: Path
) -> None:
    def expire(request: Request) -> Reply | None:
        gone = request.path.endswith("/zip")
        return Reply(status=410, body=b'{"message": "Artifact has expired"}') if gone else None

    fake.runs[50] = GOOD
    fake.add("perf", pack({NAME: b"good"}), 50)
    fake.interfere = expire
    assert store_in(fake, tmp_path).list("v1/") == ()


def zipped(*entries: tuple[str, bytes], mode: int = stat.S_IFREG | 0o644) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "../v1/x",
        "/etc/passwd",
        "v1/../../x",
        "v1/.git/config",
        "v1//x",
        "v1\\x",
        "v2/x",
        "x",
        "v1/",
    ],
)
def test_entries_that_are_no_blobs_are_passed_over(
    fake: FakeGitHub, tmp_path: Path, name: str
) -> None:
    fake.runs[50] = GOOD
    fake.add("perf", zipped((name, b"x"), (NAME, b"good")), 50)
    assert store_in(fake, tmp_path).list("") == (NAME,)


def test_what_lies_in_two_folders_alike_is_taken_once(fake: FakeGitHub, tmp_path: Path) -> None:
    fake.runs[50] = GOOD
    places = (NAME, f"a/perfci-store/{NAME}", f"b/c/perfci-store/{NAME}")
    fake.add("perf", zipped(*((place, b"good") for place in places)), 50)
    store = store_in(fake, tmp_path)
    assert store.list("") == (NAME,)
    assert read(store, NAME) == b"good"


def test_links_are_passed_over(fake: FakeGitHub, tmp_path: Path) -> None:
    fake.runs[50] = GOOD
    fake.add("perf", zipped((NAME, b"/etc/passwd"), mode=stat.S_IFLNK | 0o777), 50)
    assert store_in(fake, tmp_path).list("") == ()


def bomb() -> bytes:
    """Return a small archive that unfolds to a large one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(NAME, bytes(257 << 20))
    return buffer.getvalue()


def many() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(20_001):
            archive.writestr(f"v1/{number}", b"")
    return buffer.getvalue()


def twice() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return zipped((NAME, b"good"), (NAME, b"evil"))


def encrypted() -> bytes:
    data = bytearray(zipped((NAME, b"good")))
    for start, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(start) + at] |= 1
    return bytes(data)


def flipped() -> bytes:
    good = zipped((NAME, bytes(range(256)) * 40))
    at = len(good) // 2
    return good[:at] + bytes([good[at] ^ 0xFF]) + good[at + 1 :]


HOSTILE = [
    (bomb, "unfolds to more than 256 MB"),
    (many, "holds more than 20,000 files"),
    (twice, "holds .* twice, and not alike"),
    (encrypted, "no archive that can be read"),
    (flipped, "no archive that can be read"),
    (lambda: zipped((NAME, b"good"))[:-10], "no archive that can be read"),
    (lambda: b"<html>sign in</html>", "no archive that can be read"),
    (lambda: zlib.compress(b"x"), "no archive that can be read"),
]


@pytest.mark.parametrize(("make", "says"), HOSTILE)
def test_a_hostile_archive_is_an_error_that_names_it(
    fake: FakeGitHub,
    tmp_path: Path,
    make: Callable[[], bytes],
    says: str,
) -> None:
    fake.runs[50] = GOOD
    number = fake.add("perf", make(), 50)
    with pytest.raises(StoreError, match=says) as caught:
        store_in(fake, tmp_path).get(NAME)
    assert f"artifact:perf: the artifact perf (number {number})" in caught.value.message
    assert "remove it" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_bytes_that_are_not_those_of_the_digest_are_refused(
    fake: FakeGitHub, tmp_path: Path
) -> None:
    def swap(request: Request) -> Reply | None:
        there = request.method == "GET" and request.parts[0] == "blob"
        return Reply(body=zipped((NAME, b"evil"))) if there else None

    fake.runs[50] = GOOD
    fake.add("perf", zipped((NAME, b"good")), 50)
    fake.interfere = swap
    with pytest.raises(StoreError, match="did not arrive as it was stored"):
        store_in(fake, tmp_path).get(NAME)


def test_an_artifact_larger_than_ours_is_not_even_downloaded(
    fake: FakeGitHub, tmp_path: Path
) -> None:
    def list_huge(request: Request) -> Reply | None:
        if not request.path.endswith("/actions/artifacts") or request.query["name"] != "perf":
            return None
        run = (
            b'{"id": 50, "repository_id": 1296269, "head_repository_id": 1296269, '
            b'"head_branch": "main"}'
        )
        size = b"99999999999"
        item = b'{"id": 1, "name": "perf", "expired": false, "size_in_bytes": %b, %b}'
        listed = item % (size, b'"workflow_run": ' + run)
        return Reply(body=b'{"artifacts": [%b, 7, null, {"id": "x"}]}' % listed)

    fake.runs[50] = GOOD
    fake.interfere = list_huge
    with pytest.raises(StoreError, match="it has 95367 MB"):
        store_in(fake, tmp_path).get(NAME)
