"""The report as Jenkins serves it: no script, no style of its own, and all of it readable."""

import asyncio
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from perfci.model.emission import File
from perfci.reports.html import HtmlReporter
from tests.reports import suites

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
POLICY = "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self';"
"""What Jenkins sends with a build's files unless an administrator changed it."""
_SEEN = """({
  text: document.body.innerText,
  images: [...document.images].filter((it) => !it.complete || !it.naturalWidth).length,
  drawings: [...document.querySelectorAll("svg")].map((it) => it.getBoundingClientRect().width),
  sheets: [...document.styleSheets].length,
})"""


@contextmanager
def served(files: dict[str, bytes]) -> Iterator[str]:
    """Serve files with Jenkins' header; yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = files.get(self.path.lstrip("/"))
            self.send_response(200 if content is not None else 404)
            self.send_header("Content-Security-Policy", POLICY)
            kind = "image/svg+xml" if self.path.endswith(".svg") else "text/html; charset=utf-8"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def browser(place: Path) -> Iterator[str]:
    """Start a browser; yield the address at which it takes commands."""
    with subprocess.Popen(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            f"--user-data-dir={place}",
            "--remote-debugging-address=127.0.0.1",
            "--remote-debugging-port=0",
            "about:blank",
        ],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stderr
        told = (re.search(r"ws://\S+", line) for line in process.stderr)
        try:
            yield next(found[0] for found in told if found)
        finally:
            process.terminate()
            process.wait(30)


async def _look(socket: str, url: str) -> Any:
    numbers = count(1)
    async with aiohttp.ClientSession() as session, session.ws_connect(socket) as wire:

        async def ask(method: str, target: str = "", **parameters: object) -> Any:
            number = next(numbers)
            message = {"id": number, "method": method, "params": parameters}
            await wire.send_json(message | ({"sessionId": target} if target else {}))
            while True:
                answer = await wire.receive_json()
                if answer.get("id") == number:
                    return answer["result"]

        made = await ask("Target.createTarget", url="about:blank")
        attached = await ask("Target.attachToTarget", targetId=made["targetId"], flatten=True)
        page = attached["sessionId"]
        await ask("Page.enable", page)
        await ask("Page.navigate", page, url=url)
        while (await wire.receive_json()).get("method") != "Page.loadEventFired":
            pass
        seen = await ask("Runtime.evaluate", page, expression=_SEEN, returnByValue=True)
        return seen["result"]["value"]


def seen(files: dict[str, bytes], place: Path) -> dict[str, Any]:
    """Return what the browser shows of `report.html` among some files."""
    with served(files) as address, browser(place) as socket:
        found = asyncio.run(asyncio.wait_for(_look(socket, f"{address}/report.html"), 100))
    assert isinstance(found, dict)
    return found


def report(name: str) -> dict[str, bytes]:
    emissions = HtmlReporter(charts=True).render(suites.EVERY[name]())
    return {it.path: it.content for it in emissions if isinstance(it, File)}


def test_the_verdict_and_the_tables_are_read_in_order(tmp_path: Path) -> None:
    text = seen(report("picture"), tmp_path)["text"]
    order = [
        "1 benchmark got slower",
        "codec/parse[size=16MB]",
        "+61.2 %",
        "api/health",
        "codec/quiet-20",
    ]
    places = [text.find(words) for words in order]
    assert -1 not in places, dict(zip(order, places, strict=True))
    assert places == sorted(places)


def test_no_word_of_a_style_or_a_script_is_shown_and_no_picture_is_broken(tmp_path: Path) -> None:
    found = seen(report("kinds"), tmp_path)
    assert found["images"] == 0
    assert not re.search(r"[{};]\s*$|addEventListener|@media", found["text"], re.MULTILINE)
    # nothing drawn without its style fills more than a window
    assert all(width <= 800 for width in found["drawings"])


def test_hostile_names_are_text_there_too(tmp_path: Path) -> None:
    text = seen(report("hostile"), tmp_path)["text"]
    assert "<script>alert(1)</script>" in text.replace("\u200b", "")


def test_this_browser_obeys_the_policy(tmp_path: Path) -> None:
    page = b"<style>p{display:none}</style><p>shown<script>document.body.append('ran')</script>"
    found = seen({"report.html": page}, tmp_path)
    assert found["text"].strip() == "shown"
