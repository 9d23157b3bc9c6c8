"""What perfci uploads in a workflow that act runs: act keeps it whole, and gives it back.

`PERFCI_TEST_ACT` names act. It has no API to list artifacts by: for that perfci asks the fake.
"""

import json
import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stores.contract import INDEX, RUN
from tests.stores.fakes.clients import OFFICIAL, needs_official
from tests.stores.fakes.github import FakeGitHub, action_in, github

ACT = os.environ.get("PERFCI_TEST_ACT", "")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not ACT, reason="PERFCI_TEST_ACT names no act"),
]
ROOT = Path(__file__).parents[2]
UPLOAD = """
import os, sys
from pathlib import Path
from perfci.stores.artifact.open import artifact_store

_, name, blob = sys.argv
store = artifact_store("artifact:perf", "perf", os.environ, output=Path("left"), wait=print)
assert store.put(name, Path(blob).read_bytes(), replaces=None)
store.close()
print("UPLOADED")
"""


@pytest.fixture
def fake() -> Iterator[FakeGitHub]:
    with github() as found:
        yield found


@pytest.fixture
def blob(tmp_path: Path) -> Path:
    """Return a file of more than one block."""
    path = tmp_path / "blob"
    path.write_bytes(os.urandom(9 << 20))
    return path


def test_act_keeps_what_perfci_uploads(fake: FakeGitHub, tmp_path: Path, blob: Path) -> None:
    said = in_act(fake, tmp_path, [upload(tmp_path, RUN, blob)])
    assert said.count("UPLOADED") == 1
    assert kept(tmp_path)[RUN] == blob.read_bytes()


def test_an_upload_under_a_name_that_is_taken_leaves_a_whole_artifact_at_act(
    fake: FakeGitHub, tmp_path: Path, blob: Path
) -> None:
    """act, unlike GitHub, refuses no name: it replaces what is there."""
    small = tmp_path / "small"
    small.write_bytes(b"small")
    said = in_act(fake, tmp_path, [upload(tmp_path, RUN, blob), upload(tmp_path, INDEX, small)])
    assert said.count("UPLOADED") == 2
    assert kept(tmp_path)[INDEX] == b"small"


@needs_official
@pytest.mark.parametrize("version", OFFICIAL)
def test_the_official_client_downloads_from_act_what_perfci_uploaded(
    fake: FakeGitHub, tmp_path: Path, blob: Path, version: str
) -> None:
    client = " ".join(OFFICIAL[version])
    in_act(fake, tmp_path, [upload(tmp_path, RUN, blob), f"{client} fetch perf {tmp_path}/got"])
    assert (tmp_path / "got" / RUN).read_bytes() == blob.read_bytes()


def upload(folder: Path, name: str, blob: Path) -> str:
    """Return the step that uploads a file as an object of the store."""
    script = folder / "upload.py"
    script.write_text(UPLOAD)
    return f"{sys.executable} {script} {name} {blob}"


def in_act(fake: FakeGitHub, folder: Path, steps: list[str]) -> str:
    """Run some steps on a push; return what they said."""
    repository = folder / "repository"
    place = repository / ".github" / "workflows" / "perf.yml"
    place.parent.mkdir(parents=True)
    told = action_in(fake)
    # act knows these itself
    for name in [it for it in told if it.startswith(("ACTIONS", "GITHUB_SERVER", "GITHUB_RUN"))]:
        del told[name]
    job = {"runs-on": "ubuntu-latest", "steps": [{"run": it, "env": told} for it in steps]}
    place.write_text(json.dumps({"on": "push", "jobs": {"perf": job}}))
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.com"]
    for argv in (["init", "--quiet", "-b", "main"], ["add", "-A"], ["commit", "--quiet", "-mx"]):
        subprocess.run([*git, *argv], cwd=repository, check=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [ACT, "push", "-P", "ubuntu-latest=-self-hosted", "--no-cache-server", "--pull=false"]
    command += ["--artifact-server-path", str(folder / "kept")]
    command += ["--artifact-server-addr", "127.0.0.1", "--artifact-server-port", str(port)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(folder / "cache")}
    ended = subprocess.run(
        [*command, "-s", "GITHUB_TOKEN=tok_abcdef"],
        cwd=repository,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def kept(folder: Path) -> dict[str, bytes]:
    """Return what is in the one artifact that act keeps."""
    [archive] = [it for it in (folder / "kept").rglob("*") if it.is_file()]
    with zipfile.ZipFile(archive) as found:
        return {name: found.read(name) for name in found.namelist()}
