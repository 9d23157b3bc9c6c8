"""Which command only starts: its instructions are subtracted."""

import subprocess

import pytest

from perfci.model.work import Command
from perfci.runners.counting.startup import ignores_hash_seed, startup
from tests.runners.stage import shell


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("python parse.py -X big.json", "python -c pass"),
        ("python3.12 -X utf8 -OO parse.py", "python3.12 -X utf8 -OO -c pass"),
        ("/opt/app/.venv/bin/python -Xutf8 -m app", "/opt/app/.venv/bin/python -Xutf8 -c pass"),
        ("python -BX importtime parse.py", "python -BX importtime -c pass"),
        ("python -Sc pass", "python -S -c pass"),
        (
            "python --check-hash-based-pycs never x.py",
            "python --check-hash-based-pycs never -c pass",
        ),
        ("pypy3 parse.py", "pypy3 -c pass"),
        (
            "node --max-old-space-size=64 -r ./hook.js x.js",
            "node --max-old-space-size=64 -r ./hook.js -e 0",
        ),
        ("node -pe 1", "node -e 0"),
        ("ruby -W:no-deprecated -I lib x.rb", "ruby -W:no-deprecated -I lib -e ''"),
        ("perl -w -Mstrict -I lib x.pl", "perl -w -Mstrict -I lib -e ''"),
        ("perl -ne print", "perl -e ''"),
        ("bash -euo pipefail run.sh", "bash -euo pipefail -c :"),
        ("bash -lc run", "bash -l -c :"),
        ("./target/release/app --python", ""),
        ("pythonic x.py", ""),
        ("make bench", ""),
    ],
)
def test_an_interpreter_is_started_with_its_options_and_no_program(
    command: str, expected: str
) -> None:
    found = startup(Command(argv=tuple(command.split())))
    assert found == tuple(word.strip("'") for word in expected.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python parse.py", "python -c pass"),
        ("python parse.py > /dev/null 2>&1", "python -c pass"),
        ("MODE=fast python -O parse.py '$HOME'", "MODE=fast python -O -c pass"),
        ("perl x.pl", "perl -e ''"),
        ("python a.py; python b.py", ""),
        ("python a.py | sort", ""),
        ("python $(find . -name a.py)", ""),
        ("(python a.py)", ""),
        ("python a.py\npython b.py", ""),
        ("~/bin/python a.py", ""),
        ("'python a.py", ""),
        ("./app parse", ""),
    ],
)
def test_a_text_for_the_shell_counts_where_it_starts_one_interpreter(
    text: str, expected: str
) -> None:
    assert startup(shell(text)) == (("/bin/sh", "-c", expected) if expected else ())


def test_the_users_own_comes_first() -> None:
    command = Command(argv=("python", "x.py"), startup=("python", "-c", "import app"))
    assert startup(command) == ("python", "-c", "import app")


@pytest.mark.parametrize(
    "command", ["bash -euo pipefail x", "sh x", "perl -w -ne print", "python3 -BX utf8 x"]
)
def test_what_only_starts_ends_well(command: str) -> None:
    found = startup(Command(argv=tuple(command.split())))
    assert subprocess.run(found, check=False, timeout=60).returncode == 0


@pytest.mark.parametrize(
    ("command", "ignored"),
    [
        ("python -I x.py", True),
        ("python -BEc pass", True),
        ("python -X E x.py", False),
        ("python -B x.py -E", False),
        ("perl -E x", False),
        ("./app -I", False),
    ],
)
def test_python_that_ignores_the_hash_seed_is_known(command: str, *, ignored: bool) -> None:
    assert ignores_hash_seed(Command(argv=tuple(command.split()))) is ignored
    assert ignores_hash_seed(shell(command)) is ignored
