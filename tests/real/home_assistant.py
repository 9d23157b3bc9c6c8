"""A real Home Assistant for tests: configured, onboarded, with a long-lived token, and stopped.

It comes with `python3.11 -m venv V && V/bin/pip install homeassistant==2024.3.3 'josepy<2'`; tests
find it by `PERFCI_TEST_HASS=V/bin/hass`. At its first start it installs a few packages more.
"""

import asyncio
import json
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode

from aiohttp import ClientSession

_PATIENCE = 120.0
"""Seconds: the first start of a fresh installation fetches packages."""
_CONFIGURATION = """\
homeassistant:
  name: bench
http:
  server_host: 127.0.0.1
  server_port: {port}
api:
auth:
onboarding:
websocket_api:
config:
input_boolean:
  bench:
    name: bench
    initial: false
  other:
    name: other
    initial: true
input_number:
  level:
    min: 0
    max: 1000
    initial: 3
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RealHome:
    """A Home Assistant that runs."""

    url: str
    token: str

    def state(self, entity: str) -> str:
        """Ask for the state of an entity."""
        headers = {"Authorization": f"Bearer {self.token}"}
        found = _ask(f"{self.url}/api/states/{entity}", headers=headers)
        return str(found["state"])


@contextmanager
def real_home(hass: str, folder: Path) -> Iterator[RealHome]:
    """Start one in an empty folder on a free port, and stop it in the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "configuration.yaml").write_text(_CONFIGURATION.format(port=port))
    url = f"http://127.0.0.1:{port}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([hass, "-c", str(folder)], stdout=log, stderr=log)
    try:
        _await(url, process, folder / "log")
        yield RealHome(url=url, token=_token(url))
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/api/onboarding", timeout=5).close()
        except HTTPError as error:
            error.close()  # it listens, and is not ready
        except (URLError, OSError):
            pass
        else:
            return
        time.sleep(0.1)
    raise AssertionError(f"Home Assistant did not start: {log.read_text()[-2000:]}")


def _token(url: str) -> str:
    client = f"{url}/"
    user = {"client_id": client, "name": "b", "username": "b", "password": "b" * 8}
    code = _ask(f"{url}/api/onboarding/users", json.dumps(user | {"language": "en"}))["auth_code"]
    form = {"client_id": client, "grant_type": "authorization_code", "code": code}
    short = _ask(f"{url}/auth/token", urlencode(form), {})["access_token"]
    headers = {"Authorization": f"Bearer {short}", "Content-Type": "application/json"}
    _ask(f"{url}/api/onboarding/analytics", "{}", headers)
    step = {"client_id": client, "redirect_uri": client}
    _ask(f"{url}/api/onboarding/integration", json.dumps(step), headers)
    return asyncio.run(_long_lived(url, short))


async def _long_lived(url: str, short: str) -> str:
    async with ClientSession() as session, session.ws_connect(f"{url}/api/websocket") as line:
        await line.receive_json()
        await line.send_json({"type": "auth", "access_token": short})
        await line.receive_json()
        wish = {"type": "auth/long_lived_access_token", "client_name": "perfci", "lifespan": 1}
        await line.send_json({"id": 1} | wish)
        return str((await line.receive_json())["result"])


def _ask(url: str, body: str | None = None, headers: dict[str, str] | None = None) -> Any:
    usual = {"Content-Type": "application/json"}
    request = urllib.request.Request(
        url, body.encode() if body else None, usual if headers is None else headers
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)
