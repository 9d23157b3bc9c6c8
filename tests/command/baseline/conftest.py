"""The verbs of `perfci baseline` called in this process: they measure nothing, and are many."""

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfci.cli.guard import guarded
from tests.command.conftest import Answer, Run, environment


@pytest.fixture
def inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """Call `perfci ARGUMENTS` in the test's folder, from its door on, and return its answer."""
    # of its own: measurements of parallel tests do not lock each other out
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}

    def run(*arguments: str, cwd: Path = tmp_path / "app", **variables: str) -> Answer:
        wanted = environment(TMPDIR=str(temporary)) | variables
        with monkeypatch.context() as patch:
            patch.setattr(tempfile, "tempdir", None)  # it was read before, from other variables
            for name in set(os.environ) - set(wanted):
                patch.delenv(name)
            for name, value in wanted.items():
                patch.setenv(name, value)
            patch.chdir(cwd)
            code = guarded(list(arguments))
        said = capsys.readouterr()
        return Answer(code=code, out=said.out, err=said.err)

    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)
