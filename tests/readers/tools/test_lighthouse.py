"""Lighthouse: several reports of a page, and pages that could not be loaded or measured.

The fixtures are reports of a page on localhost without what describes how to show them.
"""

import json

import pytest

from perfci.errors import FormatError
from tests.readers.tools.reading import FIXTURES, read, recorded, told

FOLDER = FIXTURES / "lighthouse"
PAGE = "http://localhost/[device=mobile]"


def test_reports_of_a_page_are_its_launches() -> None:
    recording = recorded(*(FOLDER / f"run-{number}.json" for number in (1, 2, 3)))
    series = told(recording)["series"]
    assert len(series) == 6
    assert {tuple(it[2:4]) for it in series.values()} == {(3, 3)}
    # by hand: the second of the three values in order
    assert series[f"default/{PAGE}:first_contentful_paint"][-1] == 0.634161


def test_other_files_of_the_folder_are_let_pass() -> None:
    report = FOLDER / "run-1.json"
    beside = FOLDER.parent / "vitest/summary.json"
    both = recorded(beside, report, as_="lighthouse")
    assert told(both) == told(recorded(report))


@pytest.mark.parametrize(
    ("audit", "reason"),
    [
        (
            {"scoreDisplayMode": "error", "errorMessage": "NO_LCP"},
            "largest-contentful-paint: NO_LCP",
        ),
        (
            {"scoreDisplayMode": "error"},
            "largest-contentful-paint: it could not be measured",
        ),
        ({"numericValue": "NaN"}, "its largest_contentful_paint has the value nan"),
    ],
)
def test_a_page_that_was_measured_in_part_is_a_failed_benchmark(
    audit: dict[str, object], reason: str
) -> None:
    report = json.loads((FOLDER / "run-1.json").read_bytes())
    report["audits"]["largest-contentful-paint"] = audit
    assert told(read(json.dumps(report).encode(), "lighthouse")) == {
        "series": {},
        "failed": {f"default/{PAGE}": reason},
    }


def test_no_report_among_several_files_is_told_of_the_first() -> None:
    beside = FOLDER.parent / "vitest/summary.json"
    with pytest.raises(FormatError, match="lighthouseVersion is missing"):
        recorded(beside, beside, as_="lighthouse")


def test_an_old_report_is_read_as_a_new_one() -> None:
    audits = {"cumulative-layout-shift": {"numericValue": 0.25}}
    report = {
        "lighthouseVersion": "5.6.0",
        "requestedUrl": "https://example.com:8443/a",
        "runtimeError": {"code": "NO_ERROR", "message": ""},
        "configSettings": {"emulatedFormFactor": "desktop"},
        "audits": audits,
    }
    recording = read(json.dumps(report).encode(), "lighthouse")
    assert told(recording)["series"] == {
        "default/https://example.com:8443/a[device=desktop]:cumulative_layout_shift": [
            "score",
            "lower",
            1,
            1,
            0.25,
        ]
    }
    assert recording.run.environment.facts == {"lighthouse": "5.6.0"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"lighthouseVersion": "12", "requestedUrl": "u"}', "audits is missing"),
        (b'{"lighthouseVersion": "12", "requestedUrl": "u", "audits": {}}', "holds no audits"),
        (b'{"lighthouseVersion": "12", "audits": {}}', "requestedUrl is missing"),
        (b'[{"url": "u", "isRepresentativeRun": true}]', "is a list, not an object"),
        (b'{"lighthouseVersion": "12", "reques', "is not valid JSON: "),
    ],
)
def test_damage_is_told_with_its_place(data: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(data, "lighthouse")
