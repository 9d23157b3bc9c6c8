"""What a person sees on the terminal."""

import re

import pytest

from perfci.model.evaluation import Evaluation
from perfci.reports.terminal import table
from perfci.reports.text import columns
from tests.reports import suites
from tests.reports.builders import ERRORS, came, evaluation
from tests.reports.golden import assert_golden
from tests.reports.suites import EVERY

REPORT = "perfci-results/report.html"


def shown(
    found: Evaluation, *, width: int = 140, colour: bool = False, ascii_only: bool = False
) -> str:
    return table(found, width=width, colour=colour, ascii_only=ascii_only, report=REPORT)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("width", [140, 80, 40])
def test_the_table_is_the_one_that_was_looked_at(name: str, width: int) -> None:
    assert_golden(f"terminal-{name}-{width}.txt", shown(EVERY[name](), width=width).encode())


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("width", [200, 140, 120, 100, 80, 60, 40])
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    lines = shown(EVERY[name](), width=width).splitlines()
    assert {line for line in lines if columns(line) > width} == set()


def test_no_colour_means_no_control_character_at_all() -> None:
    for make in EVERY.values():
        assert re.findall(r"[^\n\x20-\x7e\xa0-\U0010ffff]", shown(make())) == []


def test_colour_changes_nothing_but_colour() -> None:
    for make in EVERY.values():
        coloured = shown(make(), colour=True)
        assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == shown(make())
        assert "\x1b[1;3" in coloured


def test_ascii_only_leaves_no_other_character() -> None:
    small = evaluation(came("a/b", "regressed", 0.5, base=3e-6))
    assert "µs" in shown(small)
    assert " us " in shown(small, ascii_only=True)
    for make in EVERY.values():
        assert shown(make(), ascii_only=True).isascii()


def test_a_name_forges_no_command_to_a_ci_system() -> None:
    for line in shown(suites.hostile(), width=200).splitlines():
        assert not line.lstrip().startswith("::")
        assert not re.search(r"##\w*\[", line)


def test_columns_line_up_behind_wide_characters() -> None:
    found = evaluation(
        came("名前/広い", "regressed", 0.5), came("plain/name", "regressed", 0.4), launches=False
    )
    rows = [line for line in shown(found).splitlines() if "latency" in line]
    assert len({columns(row[: row.index("latency")]) for row in rows}) == 1


def test_the_output_of_what_failed_is_quoted_once() -> None:
    text = shown(suites.failed())
    assert "      | Segmentation fault\n" in text
    assert text.count("Segmentation fault") == 1


def test_thousands_of_rows_are_cut_and_counted() -> None:
    text = shown(suites.many(2000, worse=500))
    assert "  300 more regressed: see the report\n" in text
    assert "  1,500 more  " in text
    assert len(text.splitlines()) < 250


def test_less_of_what_should_be_high_is_told_in_words() -> None:
    assert re.search(r"-20\.0 % +less throughput", shown(suites.kinds()))


def test_warnings_come_last() -> None:
    found = evaluation(came("a/b", "unchanged", 0.0), warnings=("the first", "the second"))
    assert shown(found).endswith("warning: the first\nwarning: the second\n")


def test_without_a_report_none_is_named() -> None:
    text = table(suites.two_files(), width=120, colour=False, ascii_only=False)
    assert text.splitlines()[-1] == (
        "FAIL   1 regression (major); the gate fails on minor and above"
    )


def test_a_change_by_one_point_is_no_plural() -> None:
    text = shown(evaluation(came("a/b", "regressed", 0.01, metric=ERRORS, base=0.001)))
    assert re.search(r"\+1 point  ", text)
    more = shown(evaluation(came("a/b", "regressed", 0.02, metric=ERRORS, base=0.001)))
    assert re.search(r"\+2 points  ", more)
