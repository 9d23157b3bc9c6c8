"""What the list of all series says of their limits."""

import json
from pathlib import Path

import pytest

from perfci.__main__ import main

SETTINGS = """
benchmarks:
  - name: health
    http: {url: "http://127.0.0.1:9/", duration: 1s}
    metrics: [latency, error_rate, throughput]
gate:
  rules:
    - {match: "*:throughput", threshold: 15%}
"""


def test_the_list_says_from_where_a_series_blocks_or_why_it_never_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "perfci.yml").write_text(SETTINGS)
    monkeypatch.chdir(tmp_path)
    assert main(["list", "--json"]) == 0

    latency, errors, throughput = json.loads(capsys.readouterr().out)

    assert (latency["blocks from"], latency["because of"]) == ("10 %", "fail_on: minor")
    assert (throughput["blocks from"], throughput["because of"]) == ("15 %", "*:throughput")
    assert errors["blocks from"] == "never"
    assert "only a rule blocks it" in errors["because of"]
    assert (latency["sees"], errors["sees"]) == ("5 %", "1 point")
