"""Files of another tool, small enough to see through, and many commands in one process."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from tests.command.conftest import Answer, environment

_DRIVER = """\
import contextlib, io, json, sys
from perfci.__main__ import main
for arguments in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    print(json.dumps([code, out.getvalue(), err.getvalue()]))
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(peak.split()[1])
"""


def hyperfine(**times: Sequence[float]) -> str:
    """Return what `hyperfine --export-json` writes of commands: their times in seconds."""
    results = [
        {"command": name, "times": list(values), "exit_codes": [0] * len(values)}
        for name, values in times.items()
    ]
    return json.dumps({"results": results}, indent=2)


def hyperfine_csv(**medians: object) -> str:
    """Return what `hyperfine --export-csv` writes of commands: their medians in seconds."""
    rows = (f'{name},1,0,"{median}",1,0,1,1\n' for name, median in medians.items())
    return "command,mean,stddev,median,user,system,min,max\n" + "".join(rows)


def one_after_another(
    folder: Path,
    *commands: Sequence[str],
    stdin: IO[Any] | int = subprocess.DEVNULL,
    env: Mapping[str, str] | None = None,
) -> list[Answer]:
    """Run commands in one process of their own."""
    return peaked(folder, *commands, stdin=stdin, env=env)[0]


def peaked(
    folder: Path,
    *commands: Sequence[str],
    stdin: IO[Any] | int = subprocess.DEVNULL,
    env: Mapping[str, str] | None = None,
) -> tuple[list[Answer], int]:
    """Run commands in one process of their own; return its peak of memory in kB, too."""
    done = subprocess.run(
        [sys.executable, "-c", _DRIVER, json.dumps(commands)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
        stdin=stdin,
        env=env or environment(),
    )
    *answers, peak = done.stdout.splitlines() or [""]
    assert done.returncode == 0, done.stderr
    found = [Answer(code=it[0], out=it[1], err=it[2]) for it in map(json.loads, answers)]
    return found, int(peak)
