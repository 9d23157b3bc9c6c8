"""A secret that the settings name is told by nobody, in whatever way a program says it."""

from pathlib import Path

import pytest

from tests.command.conftest import App, Run

SECRET = "s3cret/tok+en=="
NAMED = "  - {name: api, http: {url: 'http://127.0.0.1:9/', token_env: MY_WORD, timeout: 1s}}\n"


def told(app: App) -> list[Path]:
    """Return the files of perfci's that hold the secret in some spelling."""
    spellings = (SECRET, SECRET.replace("/", "\\/"), "s3cret%2Ftok%2Ben%3D%3D")
    files = [path for path in (app.root / "perfci-results").rglob("*") if path.is_file()]
    assert files
    return [path for path in files if any(it in path.read_text() for it in spellings)]


@pytest.mark.parametrize(
    "entry",
    [
        "{name: a, run: 'echo using $MY_WORD; exit 4'}",
        "{name: a, python: 'leak:work'}",
        (
            "{name: a, run: [python3, -c, 'import os, urllib.parse as u;"
            ' print(u.quote(os.environ["MY_WORD"], safe="")); exit(4)\']}'
        ),
    ],
    ids=["command", "callable", "quoted"],
)
def test_what_a_benchmark_says_is_masked(app: App, perfci: Run, entry: str) -> None:
    app.write("leak.py", "import os\ndef work(): raise RuntimeError(os.environ['MY_WORD'])\n")
    app.settings(f"benchmarks:\n  - {entry}\n{NAMED}")

    answer = perfci("run", MY_WORD=SECRET)

    assert answer.code == 2, answer
    assert "***" in answer.out
    assert SECRET not in answer.out + answer.err
    assert told(app) == []


def test_what_setup_says_is_masked(app: App, perfci: Run) -> None:
    app.settings(f"setup: 'echo setup $MY_WORD; exit 3'\nbenchmarks:\n{NAMED}")

    answer = perfci("run", MY_WORD=SECRET)

    assert answer.code == 2, answer
    assert "setup ***" in answer.err
    assert SECRET not in answer.out + answer.err


def test_a_variable_whose_name_says_that_it_is_a_secret_needs_no_setting(
    app: App, perfci: Run
) -> None:
    app.settings("benchmarks: [{name: a, run: 'echo $DEPLOY_TOKEN; exit 4'}]\n")

    answer = perfci("run", DEPLOY_TOKEN=SECRET)

    assert SECRET not in answer.out + answer.err
    assert told(app) == []
