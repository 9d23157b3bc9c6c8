"""The store in GitHub's artifacts: what one workflow run keeps, and the next ones find."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from perfci.baselines import WINDOW, load_history, record, whole_history
from perfci.errors import StoreError
from perfci.ports import Store
from perfci.stores.artifact.open import artifact_store
from perfci.stores.artifact.store import ArtifactStore
from perfci.stores.forge_archive import LEFT, pack
from tests.stores.branch import PASSED, job, numbers_of, points, read
from tests.stores.contract import INDEX, RUN
from tests.stores.fakes.github import FakeGitHub, Run, action_in, github
from tests.stores.forge_contract import ForgeContract

RUNS = "v1/app/branches/main/runs"
PAIR = f"v1/app/pairs/{'a' * 40}-{'b' * 40}/20261123T065000Z-1a2b3c4d.json.gz"


@pytest.fixture
def fake() -> Iterator[FakeGitHub]:
    with github() as found:
        yield found


def store_in(fake: FakeGitHub, output: Path, **others: str) -> ArtifactStore:
    environ = {**action_in(fake), **others}
    return artifact_store("artifact:perf", "perf", environ, output=output, wait=lambda _: None)


def put(store: Store, **names: bytes) -> None:
    for name, data in names.items():
        assert store.put(f"{RUNS}/{name}.json.gz", data, replaces=None)


def downloads(fake: FakeGitHub) -> int:
    return sum(request.path.endswith("/zip") for request in fake.requests)


class TestArtifactStore(ForgeContract):
    @pytest.fixture
    def store(self, fake: FakeGitHub, tmp_path: Path) -> ArtifactStore:
        return store_in(fake, tmp_path)

    def test_eight_rivals_lose_no_increment(
        self, store: Store, compete: Callable[[], None]
    ) -> None:
        """Rivals are other workflow runs: see the test of overlapping pushes."""
        assert not store.swaps


@pytest.mark.parametrize("camel", [False, True])
def test_the_next_run_finds_what_this_one_uploaded(
    fake: FakeGitHub, tmp_path: Path, *, camel: bool
) -> None:
    fake.camel = camel
    store = store_in(fake, tmp_path)
    put(store, a=b"first")
    store.put(INDEX, b"{}", replaces=None)
    assert fake.names() == [], "only close uploads"
    store.close()
    assert fake.names() == [(100, "perf")]
    fake.begin(101)
    later = store_in(fake, tmp_path)
    assert later.list("v1/") == (INDEX, f"{RUNS}/a.json.gz")
    assert read(later, INDEX) == b"{}"


def test_a_run_that_put_nothing_uploads_nothing(fake: FakeGitHub, tmp_path: Path) -> None:
    store = store_in(fake, tmp_path)
    assert store.get(RUN) is None
    store.close()
    assert fake.names() == []


def test_each_artifact_carries_what_was_before_and_one_is_read(
    fake: FakeGitHub, tmp_path: Path
) -> None:
    for number in range(101, 106):
        store = store_in(fake, tmp_path)
        put(store, **{f"r{number}": b"x"})
        store.close()
        fake.begin(number)
    fake.requests.clear()
    found = store_in(fake, tmp_path).list(f"{RUNS}/")
    assert found == tuple(f"{RUNS}/r{number}.json.gz" for number in range(101, 106))
    assert downloads(fake) == 1


def test_eight_pushes_that_overlap_lose_nothing(fake: FakeGitHub, tmp_path: Path) -> None:
    store = store_in(fake, tmp_path)
    put(store, r000=b"0")
    store.close()
    numbers = range(101, 109)
    fake.begin(101)
    stores = {}
    for number in numbers:
        fake.runs[number] = Run(conclusion=None)
        fake.now = number
        stores[number] = store_in(fake, tmp_path)
        put(stores[number], **{f"r{number}": b"x"})
    for number in numbers:
        fake.now = number
        stores[number].close()
        fake.runs[number].conclusion = "success"
    fake.begin(200)
    everything = tuple(f"{RUNS}/r{number}.json.gz" for number in ("000", *numbers))
    last = store_in(fake, tmp_path)
    assert last.list(f"{RUNS}/") == everything
    put(last, r200=b"y")
    last.close()
    fake.begin(201)
    fake.requests.clear()
    assert store_in(fake, tmp_path).list(f"{RUNS}/") == (*everything, f"{RUNS}/r200.json.gz")
    assert downloads(fake) == 1, "one carries them all"


def test_two_jobs_and_attempts_of_one_run_keep_an_artifact_each(
    fake: FakeGitHub, tmp_path: Path
) -> None:
    for name in ("a", "b", "c"):
        store = store_in(fake, tmp_path)
        put(store, **{name: b"x"})
        store.close()
    assert fake.names() == [(100, "perf"), (100, "perf-2"), (100, "perf-3")]
    fake.begin(101)
    found = store_in(fake, tmp_path).list(f"{RUNS}/")
    assert found == tuple(f"{RUNS}/{name}.json.gz" for name in ("a", "b", "c"))


def test_a_name_that_a_job_took_and_died_hides_no_artifact_of_the_next(
    fake: FakeGitHub, tmp_path: Path
) -> None:
    fake.reserve("perf")
    store = store_in(fake, tmp_path)
    put(store, a=b"x")
    store.close()
    assert fake.names() == [(100, "perf-2")]
    fake.begin(101)
    assert store_in(fake, tmp_path).list(f"{RUNS}/") == (f"{RUNS}/a.json.gz",)


def test_of_the_runs_the_newest_are_carried_on(fake: FakeGitHub, tmp_path: Path) -> None:
    store = store_in(fake, tmp_path)
    put(store, **{f"r{number:03}": b"x" for number in range(WINDOW + 5)})
    store.put("v1/app/branches/main/acceptances/x.json", b"{}", replaces=None)
    store.close()
    fake.begin(101)
    later = store_in(fake, tmp_path)
    assert later.list(f"{RUNS}/")[0] == f"{RUNS}/r005.json.gz"
    assert len(later.list(f"{RUNS}/")) == WINDOW
    assert later.get("v1/app/branches/main/acceptances/x.json") is not None


def test_what_is_deleted_is_not_carried_on(fake: FakeGitHub, tmp_path: Path) -> None:
    store = store_in(fake, tmp_path)
    put(store, a=b"x", b=b"y")
    store.close()
    fake.begin(101)
    store = store_in(fake, tmp_path)
    store.delete(f"{RUNS}/a.json.gz")
    store.close()
    fake.begin(102)
    assert store_in(fake, tmp_path).list("v1/") == (f"{RUNS}/b.json.gz",)


def test_a_large_artifact_goes_up_in_blocks_of_equal_names(
    fake: FakeGitHub, tmp_path: Path
) -> None:
    store = store_in(fake, tmp_path)
    data = os.urandom(9 << 20)
    put(store, a=data)
    store.close()
    blocks = [it for it in fake.requests if it.query.get("comp") == "block"]
    assert [len(it.body) >> 20 for it in blocks] == [8, 1]
    fake.begin(101)
    assert read(store_in(fake, tmp_path), f"{RUNS}/a.json.gz") == data


def test_a_pull_request_reads_its_target_and_writes_no_baseline(
    fake: FakeGitHub, tmp_path: Path
) -> None:
    store = store_in(fake, tmp_path)
    put(store, a=b"x")
    store.close()
    fake.begin(101, Run(branch="feature", event="pull_request", conclusion=None))
    pull = store_in(fake, tmp_path)
    assert pull.list(f"{RUNS}/") == (f"{RUNS}/a.json.gz",)
    with pytest.raises(StoreError, match="refs/pull/7/merge") as caught:
        put(pull, b=b"y")
    assert "'main'" in caught.value.hint
    pull.close()
    assert fake.names() == [(100, "perf")]


def test_a_run_of_one_branch_keeps_nothing_of_another(fake: FakeGitHub, tmp_path: Path) -> None:
    store = store_in(fake, tmp_path)
    with pytest.raises(StoreError, match="belongs to the branch of its workflow run"):
        store.put("v1/app/branches/release/history.json", b"{}", replaces=None)


def test_a_rerun_finds_the_pairs_of_its_own_workflow_run_alone(
    fake: FakeGitHub, tmp_path: Path
) -> None:
    fake.begin(101, Run(branch="main", event="pull_request", conclusion=None, head_repository=9))
    first = store_in(fake, tmp_path)
    first.put(PAIR, b"launches", replaces=None)
    first.close()
    assert fake.names() == [(101, "perf-pairs")]
    again = store_in(fake, tmp_path)
    assert again.list(PAIR.rpartition("/")[0] + "/") == (PAIR,)
    assert again.list(f"{RUNS}/") == ()
    again.put(PAIR.replace("1a2b", "2b3c"), b"more", replaces=None)
    again.close()
    assert len(store_in(fake, tmp_path).list("v1/app/pairs/")) == 2
    fake.begin(102)
    assert store_in(fake, tmp_path).list("v1/app/pairs/") == ()


ELSEWHERE = [
    ({"GITHUB_SERVER_URL": "https://git.example.com"}, "Enterprise Server"),
    ({"ACTIONS_RUNTIME_TOKEN": ""}, "ACTIONS_RUNTIME_TOKEN is not set"),
    ({"ACTIONS_RESULTS_URL": ""}, "ACTIONS_RESULTS_URL is not set"),
    ({"ACTIONS_RUNTIME_TOKEN": "a.b.c"}, "are not what GitHub gives"),
]


@pytest.mark.parametrize(("others", "says"), ELSEWHERE)
def test_what_cannot_be_uploaded_is_left_for_a_step_that_can(
    fake: FakeGitHub, tmp_path: Path, others: dict[str, str], says: str
) -> None:
    store = store_in(fake, tmp_path, **others)
    put(store, a=b"first")
    with pytest.raises(StoreError, match=says) as caught:
        store.close()
    assert str(tmp_path / LEFT) in caught.value.message
    assert "actions/upload-artifact" in caught.value.hint
    assert f"path: {tmp_path / LEFT}" in caught.value.hint
    left = left_in(tmp_path)
    assert left[f"{RUNS}/a.json.gz"] == b"first"
    fake.add("perf", pack(left), 100)
    fake.begin(101)
    assert store_in(fake, tmp_path).list("v1/") == (f"{RUNS}/a.json.gz",)


def left_in(folder: Path) -> dict[str, bytes]:
    files = [it for it in (folder / LEFT).rglob("*") if it.is_file()]
    return {it.relative_to(folder / LEFT).as_posix(): it.read_bytes() for it in files}


def test_a_step_that_uploads_what_is_left_keeps_the_history(
    fake: FakeGitHub, tmp_path: Path
) -> None:
    """As the composite action does: its steps are given no right to upload by themselves."""
    for number in (101, 102, 103):
        output = tmp_path / str(number)
        store = store_in(fake, output, PERFCI_ARTIFACT_STEP="true", ACTIONS_RUNTIME_TOKEN="")
        put(store, **{f"r{number}": b"x"})
        store.close()
        fake.add("perf", pack(left_in(output)), fake.now)
        fake.begin(number)
    fake.requests.clear()
    assert len(store_in(fake, tmp_path).list(f"{RUNS}/")) == 3
    assert downloads(fake) == 1


def test_servers_that_speak_githubs_language_are_uploaded_to(
    fake: FakeGitHub, tmp_path: Path
) -> None:
    others = {"GITHUB_SERVER_URL": "https://gitea.example.com", "GITEA_ACTIONS": "true"}
    store = store_in(fake, tmp_path, **others)
    put(store, a=b"first")
    store.close()
    assert fake.names() == [(100, "perf")]


def test_a_history_grows_from_run_to_run(fake: FakeGitHub, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        store = store_in(fake, tmp_path)
        record(store, job(number, branch="main"), PASSED, points(number))
        store.close()
        fake.begin(100 + number)
    store = store_in(fake, tmp_path)
    assert numbers_of(load_history(store, "app", "main")[0]) == [1, 2, 3]
    assert store.list("v1/app/branches/main/runs/")[-1].endswith(".json.gz")


def test_what_an_overlapping_run_recorded_comes_to_the_index(
    fake: FakeGitHub, tmp_path: Path
) -> None:
    fake.runs[101] = Run(conclusion=None)
    stores = {}
    for number in (100, 101):
        fake.now = number
        stores[number] = store_in(fake, tmp_path)
        record(stores[number], job(number, branch="main"), PASSED, points(1))
    for number in (100, 101):
        fake.now = number
        stores[number].close()
        fake.runs[number].conclusion = "success"
    fake.begin(102)
    found, _ = whole_history(store_in(fake, tmp_path), "app", "main")
    assert numbers_of(found) == [100, 101]
