"""What is imported when: heavy packages only by those who need them."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.synthetic import recording
from perfci.schema import run

LOADED = "import sys; {call}; print(' '.join(sorted(sys.modules)))"


def modules(call: str, cwd: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(call=call)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split())


def test_the_version_imports_nothing(tmp_path: Path) -> None:
    bare = modules("pass", tmp_path)
    more = modules("from perfci.__main__ import main; main(['--version'])", tmp_path) - bare
    assert more == {"perfci", "perfci.__main__"}


def test_comparing_imports_no_heavy_package(tmp_path: Path) -> None:
    for name, worse in (("base.json", 0.0), ("head.json", 0.5)):
        (tmp_path / name).write_bytes(run.dump(recording(3, worse=worse)))
    call = "from perfci.__main__ import main; main(['compare', 'base.json', 'head.json'])"
    loaded = modules(call, tmp_path)
    assert "perfci.stats.compare" in loaded
    heavy = {"scipy", "matplotlib", "boto3", "botocore", "requests", "jinja2"}
    assert not heavy & loaded


def test_the_help_imports_neither_numbers_nor_validation(tmp_path: Path) -> None:
    call = (
        "from perfci.__main__ import main\n"
        "import contextlib\n"
        "with contextlib.suppress(SystemExit): main(['--help'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{call}import sys; print(' '.join(sys.modules))"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert not {"numpy", "pydantic", "yaml"} & set(done.stdout.splitlines()[-1].split())
    assert "Fails the pull request" in done.stdout


@pytest.mark.parametrize("verb", ["run", "gate", "compare", "report", "init", "doctor"])
def test_every_verb_has_help_with_an_example(verb: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "perfci", verb, "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "example: perfci " in done.stdout
