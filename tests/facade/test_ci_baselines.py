"""What a pipeline finds better becomes the baseline where it is wanted, once it is approved."""

import time
from collections.abc import Callable

import pytest

from tests.facade.gates import SHORT, Gate, gate, working

__all__ = ["gate"]


def baseline_of(gate: Gate) -> tuple[str, float]:
    found = gate.framework.baseline_storage.get_baseline("codec", "parse", "latency")
    assert found is not None
    return found.version, found.baseline_value


@pytest.fixture
def improved(gate: Gate) -> Callable[..., tuple[str, float]]:
    """Return what the baseline of a test that takes a fifth is after a gate."""
    gate.baseline(working(5 * SHORT))
    gate.register(working(SHORT))

    def after(**config: object) -> tuple[str, float]:
        assert gate.run(upload_artifacts=False, **config).exit_code == 0
        return baseline_of(gate)

    return after


@pytest.mark.slow
def test_what_got_better_becomes_the_baseline_where_that_is_wanted(
    improved: Callable[..., tuple[str, float]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert improved()[0] == "1.0.0"
    assert improved(auto_update_baselines=True, baseline_update_threshold=0.95)[0] == "1.0.0"
    asked = {"auto_update_baselines": True, "require_manual_baseline_approval": True}
    assert improved(**asked)[0] == "1.0.0"
    # of two runs of one second nobody knows which is the newer
    time.sleep(1)
    monkeypatch.setenv("APPROVE_BASELINE_CODEC_PARSE", "true")
    version, value = improved(**asked)
    assert version.startswith("auto-")
    assert value < 5000 * SHORT


def test_a_pull_request_replaces_no_baseline(
    gate: Gate, improved: Callable[..., tuple[str, float]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITLAB_CI", "true")
    monkeypatch.setenv("CI_MERGE_REQUEST_IID", "7")
    monkeypatch.setenv("CI_PIPELINE_SOURCE", "merge_request_event")
    assert improved(auto_update_baselines=True)[0] == "1.0.0"
    assert "its baseline stays: a pull request" in str(gate.told()["warnings"])
