#!/usr/bin/env python3
"""Draws docs/trends.png: the report over 90 days of 50 benchmarks, as a browser shows it.

scripts/trends_picture.py [OUTPUT.png]

The runs are made up (seeded, with planted regressions: tests/reports/ninety_days.py), and kept in
and read from a real store; the page is the one that PerformanceReporter writes.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from perfci.facade.framework import PerformanceRegressionFramework  # noqa: E402 - of this tree
from perfci.facade.reporter.reporter import PerformanceReporter  # noqa: E402
from perfci.stores.local import FileStore  # noqa: E402
from tests.reports import ninety_days  # noqa: E402

WIDTH, HEIGHT = 1280, 1720


def page(folder: Path) -> Path:
    """Keep the runs, and write the report over them; return its page."""
    data = folder / "data"
    now = datetime.now(UTC)
    ninety_days.keep(FileStore("file:data", data), ninety_days.MACHINE, now - timedelta(hours=1))
    reporter = PerformanceReporter(PerformanceRegressionFramework(storage_path=data), folder)
    report = asyncio.run(reporter.generate_comprehensive_report(time_window_days=91))
    return report.html_path


def main() -> int:
    """Draw it."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        print("there is no Chromium here to take the picture")
        return 1
    output = Path(sys.argv[1] if sys.argv[1:] else ROOT / "docs" / "trends.png").resolve()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "perfci.yml").write_text(f"project: {ninety_days.PROJECT}\n")
        os.chdir(folder)
        command = [
            browser,
            *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            "--blink-settings=preferredColorScheme=1",
            f"--user-data-dir={folder / 'browser'}",
            f"--window-size={WIDTH},{HEIGHT}",
            f"--screenshot={output}",
            f"file://{page(folder)}",
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        os.chdir(ROOT)
    print(output)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
