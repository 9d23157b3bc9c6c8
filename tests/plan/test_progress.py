"""What is told while it is measured, in every mode."""

import pytest

from perfci.cli.progress import LiveProgress, PlainProgress


@pytest.mark.parametrize("shown", [PlainProgress(), LiveProgress(120)])
def test_what_is_left_is_unfinished_and_nothing_is_doubted(
    shown: PlainProgress | LiveProgress, capsys: pytest.CaptureFixture[str]
) -> None:
    shown.launched("codec/parse", done=1, doubtful=4, left=9.5)

    assert "1 launch, 4 unfinished, at most 9.5 s left" in capsys.readouterr().err
