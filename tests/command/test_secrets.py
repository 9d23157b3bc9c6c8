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


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize("variable", ["DEPLOY_TOKEN", "INPUT_GITHUB-TOKEN"])
def test_a_variable_whose_name_says_that_it_is_a_secret_needs_no_setting(
    app: App, perfci: Run, variable: str
) -> None:
    # an action's inputs reach no program: whoever says this one knows it from elsewhere
    app.write("known", SECRET)
    app.settings("benchmarks: [{name: a, run: 'cat known; exit 4'}]\n")

    answer = perfci("run", **{variable: SECRET})

    assert "***" in answer.out
    assert SECRET not in answer.out + answer.err
    assert told(app) == []


@pytest.mark.slow
def test_what_is_left_of_a_secret_that_was_cut_in_two_is_masked(app: App, perfci: Run) -> None:
    # of what setup prints the last 8,000 bytes are told, of what a benchmark prints 4,096
    app.write("say.py", "import os, sys\nprint(os.environ['MY_WORD'] + 'x' * int(sys.argv[1]))\n")
    for kept, settings in {
        8000: "setup: 'python3 say.py 7989; exit 3'\nbenchmarks:\n",
        4096: "benchmarks:\n  - {name: a, run: 'python3 say.py 4085; exit 4'}\n",
    }.items():
        app.settings(settings + NAMED)

        answer = perfci("run", MY_WORD=SECRET)

        assert answer.code == 2, answer
        files = (app.root / "perfci-results").rglob("*")
        texts = [answer.out, answer.err, *(it.read_text() for it in files if it.is_file())]
        assert any("***xxxx" in it for it in texts), kept
        assert not any("tok+en" in it for it in texts), kept


def test_a_key_of_several_lines_is_masked_line_by_line(app: App, perfci: Run) -> None:
    key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhki\nG9w0BAQEFAASCBKcwg\nab\n-----END KEY-----\n"
    app.write("say.sh", 'echo "$MY_PRIVATE_KEY" | sed "s/^/key> /"; exit 4\n')
    app.settings("benchmarks: [{name: a, run: 'sh say.sh'}]\n")

    answer = perfci("run", MY_PRIVATE_KEY=key)

    assert answer.code == 2, answer
    assert "key> ***" in answer.out
    files = (app.root / "perfci-results").rglob("*")
    texts = [answer.out, answer.err, *(it.read_text() for it in files if it.is_file())]
    assert not any(line in it for it in texts for line in key.split() if len(line) > 5)
    assert "key> ab" in answer.out, "what is short protects nothing"
