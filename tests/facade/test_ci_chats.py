"""Who hears of a gate's answer, and that nobody hears where they are."""

import pytest

from tests.facade.gates import SHORT, Gate, gate, raising, working
from tests.notifiers.services import TOKEN, Slack, up

__all__ = ["gate"]


@pytest.mark.slow
def test_where_gates_are_off_chats_hear_of_what_fails_nothing(gate: Gate) -> None:
    gate.baseline(working(SHORT))
    gate.register(working(4 * SHORT))

    with up(Slack()) as slack:
        result = gate.run(
            slack_webhook_url=slack.url,
            enable_performance_gates=False,
            max_acceptable_regressions=0,
        )

    assert result.exit_code == 0
    assert gate.told()["verdict"] == "warn"
    assert gate.told()["findings"][0]["severity"] == "critical"
    (message,) = slack.shown
    assert "codec/parse" in str(message)
    for path in gate.root.rglob("*"):
        assert not path.is_file() or TOKEN.encode() not in path.read_bytes()


def test_chats_hear_nothing_where_that_is_wanted(gate: Gate) -> None:
    gate.register(raising)
    with up(Slack()) as slack:
        found = gate.run(
            slack_webhook_url=slack.url,
            enable_notifications=False,
            retry_failed_tests=False,
            upload_artifacts=False,
        )
    assert found.exit_code == 2
    assert slack.requests == []


def test_a_chat_that_hears_nothing_changes_no_exit_code(
    gate: Gate, capsys: pytest.CaptureFixture[str]
) -> None:
    gate.register(raising)
    gone = f"http://127.0.0.1:9/services/T0001/B0001/{TOKEN}"
    waits: list[float] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("perfci.wiring.process.wait", waits.append)
        result = gate.run(slack_webhook_url=gone, retry_failed_tests=False)
    assert result.exit_code == 2
    told = capsys.readouterr().err
    assert "not delivered" in told
    assert TOKEN not in told


def test_an_address_that_a_test_tells_stands_in_no_file(gate: Gate) -> None:
    url = f"https://hooks.slack.com/services/T0001/B0001/{TOKEN}"

    def telling() -> None:
        message = f"cannot reach {url}"
        raise RuntimeError(message)

    gate.register(telling)
    result = gate.run(slack_webhook_url=url, enable_notifications=False, retry_failed_tests=False)
    assert result.exit_code == 2
    for path in gate.output.rglob("*"):
        assert not path.is_file() or TOKEN.encode() not in path.read_bytes()
