"""Servers through the whole line: perfci starts each side's own, asks it, and judges."""

import json
import socket
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.command.conftest import App, Run

SERVER = """\
import os, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        time.sleep({seconds})
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""
SETTINGS = """\
benchmarks:
  - name: answer
    suite: api
    http: {url: "http://127.0.0.1:{port}/", concurrency: 2, duration: 300ms}
    service: {run: [python3, server.py]}
    metrics: [latency, throughput, error_rate]
"""


def findings(app: App) -> dict[str, Any]:
    document = json.loads((app.root / "perfci-results" / "result.json").read_text())
    return {finding["metric"]: finding for finding in document["findings"]}


@pytest.mark.slow
def test_a_server_that_answers_later_fails_and_its_errors_are_compared(
    app: App, perfci: Run
) -> None:
    app.settings(SETTINGS)
    app.write("server.py", SERVER.format(seconds=0.01))
    app.commit("as it was")
    app.write("server.py", SERVER.format(seconds=0.02))
    app.commit("slower")

    answer = perfci("run", "--base", "HEAD~1")

    assert answer.code == 1, answer
    found = findings(app)
    assert (found["latency"]["outcome"], found["latency"]["clock"]) == ("regressed", "wall")
    assert found["throughput"]["outcome"] == "regressed"
    assert found["error_rate"]["outcome"] == "unchanged"
    assert found["latency"]["base"] >= 0.01
    assert found["latency"]["head"] >= 0.02


@pytest.mark.slow
def test_a_server_that_perfci_does_not_start_is_measured_on_head_alone(
    app: App, perfci: Run
) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        app.settings(f"benchmarks: [{{name: out, http: {{url: '{url}', duration: 100ms}}}}]\n")
        app.commit("first")
        app.write("changed", "")
        app.commit("second")

        answer = perfci("run", "--base", "HEAD~1")
        server.shutdown()

    assert answer.code == 0, answer
    assert {finding["outcome"] for finding in findings(app).values()} == {"new"}
    comment = (app.root / "perfci-results" / "comment.md").read_text()
    assert "base and head would be the same server" in comment


@pytest.mark.slow
def test_nobody_answers(app: App, perfci: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    app.settings(f"benchmarks: [{{name: out, http: {{url: 'http://127.0.0.1:{port}/'}}}}]\n")
    app.commit("first")

    answer = perfci("run")

    assert answer.code == 2, answer
    assert "refused" in answer.out


@pytest.mark.slow
def test_a_service_that_never_becomes_ready_ends_in_2_with_its_log(app: App, perfci: Run) -> None:
    app.settings(SETTINGS.replace("server.py]}", "idle.py], timeout: 500ms}"))
    app.write("idle.py", "import time\nprint('loading the model', flush=True)\ntime.sleep(600)\n")
    app.commit("first")

    answer = perfci("run")

    assert answer.code == 2, answer
    assert "has a service that was not ready within 0.5 s" in answer.out
    assert "loading the model" in answer.out
    assert (app.root / "perfci-results" / "run.json").exists()


@pytest.mark.slow
def test_the_machine_itself_is_measured(app: App, perfci: Run) -> None:
    app.settings("benchmarks: [{name: runner, system: {duration: 100ms}}]\n")
    app.commit("first")

    answer = perfci("run")

    assert answer.code == 0, answer
    health = findings(app)["system_health"]
    assert 1 <= health["head"] <= 100
    assert health["unit"] == "score"
