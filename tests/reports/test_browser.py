"""The report in a real browser."""

import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from perfci.model.emission import File
from perfci.reports.html import HtmlReporter
from tests.reports import suites

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"


@contextmanager
def served(content: bytes) -> Iterator[tuple[str, list[str]]]:
    """Serve one page at every path; yield its address and the paths that were asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/report.html", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def opened(address: str, place: Path) -> tuple[str, list[str]]:
    """Open a page; return what became of it, and what the console said."""
    ended = subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            f"--user-data-dir={place}",
            "--enable-logging=stderr",
            "--dump-dom",
            address,
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    said = [line for line in ended.stderr.splitlines() if ":CONSOLE" in line]
    return ended.stdout, said


@pytest.mark.parametrize("name", ["picture", "kinds", "hostile"])
def test_the_browser_asks_for_the_page_alone_and_complains_of_nothing(
    name: str, tmp_path: Path
) -> None:
    page = HtmlReporter(charts=False).render(suites.EVERY[name]())[0]
    assert isinstance(page, File)
    with served(page.content) as (address, asked):
        _, said = opened(address, tmp_path)
    assert said == []
    assert set(asked) <= {"/report.html", "/favicon.ico"}


def test_the_script_makes_the_table_sortable_and_filtered(tmp_path: Path) -> None:
    page = HtmlReporter(charts=False).render(suites.picture())[0]
    assert isinstance(page, File)
    with served(page.content) as (address, _):
        drawn, _ = opened(address, tmp_path)
    assert len(re.findall(r"<th scope=\"col\"[^>]*><button", drawn)) == 9
    assert '<label class="filter">Show only <input type="search"></label>' in drawn


def test_this_test_would_see_a_request_and_a_breach(tmp_path: Path) -> None:
    page = HtmlReporter(charts=False).render(suites.picture())[0]
    assert isinstance(page, File)
    broken = page.content.replace(b"<footer>", b'<img src="/x.png"><p style="color:red">a<footer>')
    with served(broken) as (address, asked):
        _, said = opened(address, tmp_path)
    assert len(said) == 2
    assert "/x.png" not in asked
    free = re.sub(rb"<meta http-equiv[^>]*>", b"", broken)
    with served(free) as (address, asked):
        _, said = opened(address, tmp_path / "again")
    assert "/x.png" in asked
