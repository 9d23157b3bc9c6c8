"""ab: what counts as failed, times too short for it, several runs, damage."""

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import FIXTURES, read, told

TEXT = (FIXTURES / "ab/fine.txt").read_text()


def values(text: str) -> dict[str, float]:
    series = told(read(text.encode(), "ab"))["series"]
    return {key.rpartition(":")[2]: it[4] for key, it in series.items()}


@pytest.mark.parametrize(
    ("line", "share"),
    [
        ("   (Connect: 0, Receive: 0, Length: 9, Exceptions: 0)", 0.0),
        ("   (Connect: 2, Receive: 1, Length: 9, Exceptions: 2)", 0.1),
        ("Non-2xx responses:      10", 0.2),
    ],
)
def test_what_failed_is_a_share_but_for_another_length(line: str, share: float) -> None:
    text = TEXT.replace("Total transferred", f"{line}\nTotal transferred")
    assert values(text)["error_rate"] == pytest.approx(share)


def test_the_mean_stands_for_a_median_of_zero() -> None:
    text = TEXT.replace("50%      1", "50%      0").replace("90%      4", "90%      0")
    found = values(text)
    assert found["latency"] == pytest.approx(0.001506)
    assert "latency_p90" not in found


def test_runs_of_one_page_are_launches() -> None:
    assert {it[2] for it in told(read((TEXT * 2).encode(), "ab"))["series"].values()} == {2}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (TEXT.replace("1327.92", "13.27.92"), "line 19: '13.27.92' is no number"),
        (TEXT.replace("50%      1", "50%      x"), "line 32: 'x' is no number"),
        ("", "holds no runs of ab"),
    ],
)
def test_a_damaged_file_is_refused_with_its_line(text: str, error: str) -> None:
    with pytest.raises(FormatError, match=error):
        read(text.encode(), "ab")
