"""The report over ninety days of fifty benchmarks can be read by everybody, and asks nobody.

`.ci/parts` installs what audits it and names it: `PERFCI_TEST_NODE` a node, and
`PERFCI_TEST_NODE_MODULES` the folder where npm put axe-core and playwright-core.
"""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from perfci.model.emission import File
from perfci.reports.html import HtmlReporter
from tests.reports import suites
from tests.reports.test_browser import CHROMIUM
from tests.reports.test_trends_browser import history_of_ninety_days, ninety_days_of_benchmarks

_NODE = os.environ.get("PERFCI_TEST_NODE", "")
_MODULES = os.environ.get("PERFCI_TEST_NODE_MODULES", "")
_SCRIPT = Path(__file__).parent / "audit.mjs"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (_NODE and Path(_MODULES, "axe-core").is_dir()),
        reason="PERFCI_TEST_NODE_MODULES names no folder with axe-core and playwright-core",
    ),
]


def audited(content: bytes, folder: Path) -> list[dict[str, Any]]:
    """Return what is wrong at each width and in each colour scheme."""
    page = folder / "report.html"
    page.write_bytes(content)
    ended = subprocess.run(
        [_NODE, str(_SCRIPT), _MODULES, CHROMIUM, str(page)],
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    answer: list[dict[str, Any]] = json.loads(ended.stdout.splitlines()[-1])
    assert [(each["width"], each["scheme"]) for each in answer] == [
        *((1280, "light"), (1280, "dark")),
        *((400, "light"), (400, "dark")),
    ]
    return answer


@pytest.mark.parametrize("page", [ninety_days_of_benchmarks, history_of_ninety_days])
def test_ninety_days_of_fifty_benchmarks_have_no_violation_and_ask_for_nothing(
    page: Callable[[], bytes], tmp_path: Path
) -> None:
    for each in audited(page(), tmp_path):
        assert each["violations"] == []
        assert each["requests"] == []
        # nothing is to be scrolled sideways but what scrolls by itself
        assert each["beyond"] <= 0


def test_names_and_units_of_any_length_leave_the_page_as_wide_as_it_is(tmp_path: Path) -> None:
    page = HtmlReporter(charts=False).render(suites.EVERY["hostile"]())[0]
    assert isinstance(page, File)
    for each in audited(page.content, tmp_path):
        assert each["violations"] == []
        assert each["requests"] == []
        assert each["beyond"] <= 0


def test_this_audit_would_see_a_violation_a_request_and_what_is_too_wide(tmp_path: Path) -> None:
    broken = (
        b'<!doctype html><html lang="en"><title>a page</title><main><h1>a page</h1>'
        b'<p style="width: 1300px; color: #ccc; background: #ddd">faint</p>'
        b'<img src="http://127.0.0.1:9/x.png"></main>'
    )
    for each in audited(broken, tmp_path):
        assert {told.partition(":")[0] for told in each["violations"]} == {
            "color-contrast",
            "image-alt",
        }
        assert each["requests"] == ["http://127.0.0.1:9/x.png"]
        assert each["beyond"] > 0
