"""The job's own page on GitHub: it tells what `perfci run` would, of every answer of the gate."""

from pathlib import Path

import pytest

from perfci.errors import ConfigurationError
from perfci.facade.ci.door import integration
from tests.facade.gates import Gate, gate, raising

__all__ = ["gate"]


@pytest.fixture
def page(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file that the runner names, as an earlier step has left it."""
    path = gate.root / "summary.md"
    path.write_text("of an earlier step\n")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    return path


def told(value: float, gate: Gate) -> None:
    """Register a test that answers its own milliseconds."""
    gate.register(lambda: value)


def test_the_page_tells_what_got_worse_below_what_was_there(gate: Gate, page: Path) -> None:
    told(10.0, gate)
    assert gate.run().exit_code == 0
    first = page.read_text()
    assert first.startswith("of an earlier step\n")
    told(40.0, gate)
    assert gate.run().exit_code == 1
    text = page.read_text().removeprefix(first)
    assert text == (gate.output / "performance_artifacts" / "comment.md").read_text()
    assert "**critical**" in text
    assert "`codec/parse` latency" in text


def test_settings_that_cannot_be_read_are_told_on_the_page(gate: Gate, page: Path) -> None:
    (gate.root / "perfci.yml").write_text("gate: {fail_onn: minor}\n")
    told(10.0, gate)
    assert gate.run().exit_code == 2
    assert "did you mean" in page.read_text()


def test_a_variable_that_cannot_be_read_is_told_on_the_page(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENABLE_PERFORMANCE_GATES", "perhaps")
    with pytest.raises(ConfigurationError):
        integration()
    assert "ENABLE\\_PERFORMANCE\\_GATES" in page.read_text()


def test_a_page_that_cannot_be_written_changes_no_exit_code(
    gate: Gate, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(gate.root))
    told(10.0, gate)
    assert gate.run().exit_code == 0
    said = capsys.readouterr().err
    assert "not delivered: nothing can be appended to the file that GITHUB_STEP_SUMMARY" in said
    assert "leave the variable as the runner sets it" in said


@pytest.mark.parametrize("platform", ["", "GITLAB_CI", "JENKINS_URL"])
def test_elsewhere_there_is_no_such_page(
    gate: Gate,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    platform: str,
) -> None:
    if platform:
        monkeypatch.setenv(platform, "true")
    gate.register(raising)
    before = {path for path in gate.root.iterdir() if path.is_file()}
    assert gate.run(retry_failed_tests=False).exit_code == 2
    assert {path for path in gate.root.iterdir() if path.is_file()} == before
    assert "not delivered" not in capsys.readouterr().err
