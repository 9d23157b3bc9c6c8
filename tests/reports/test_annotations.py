"""What stands above the log and beside the code."""

from perfci.reports.annotations import annotations_of
from perfci.reports.definitions import Definitions
from tests.reports.builders import came, evaluation
from tests.reports.suites import CRASH


def test_what_failed_comes_before_what_got_worse() -> None:
    worse = [came(f"codec/{number}", "regressed", 0.6) for number in range(3)]
    found = annotations_of(evaluation(*worse, CRASH), Definitions())
    assert [it.title.endswith(" failed") for it in found] == [True, False, False, False]
