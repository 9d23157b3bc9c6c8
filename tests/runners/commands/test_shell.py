"""A text for the shell that starts one program does not leave a shell waiting beside it."""

import subprocess
from pathlib import Path

import pytest

from perfci.model.measurement import Side
from perfci.runners.commands.runner import CommandRunner
from perfci.runners.commands.shell import direct
from tests.runners.stage import ALONE, ENVIRON, alone, bench, order, scratch_of, shell

SHELL = ("/bin/sh", "-c")


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("./app parse big.json", "exec ./app parse big.json"),
        ("  app 'two words' > out 2>&1", "  exec app 'two words' > out 2>&1"),
        ("LEVEL=3 MODE=fast app", "LEVEL=3 MODE=fast exec app"),
        ('python3 -c "import json"', 'exec python3 -c "import json"'),
        ("~/bin/app # the big one", "exec ~/bin/app # the big one"),
    ],
)
def test_one_plain_program_takes_the_shells_place(text: str, exact: str) -> None:
    assert direct((*SHELL, text)) == (*SHELL, exact)


@pytest.mark.parametrize(
    "text",
    [
        "cd build && ./app",
        "./app | wc -l",
        "./app; ./other",
        "./app &",
        "echo text",
        "[ -f app ]",
        "while true; do break; done",
        "$APP parse",
        "app $(cat arguments)",
        "app\nother",
        "A='two words' app",
        "'a program' x",
        "app 'an open quote",
        "",
        "(app)",
        "> out app",
    ],
)
def test_anything_else_is_left_as_it_is(text: str) -> None:
    assert direct((*SHELL, text)) == (*SHELL, text)


@pytest.mark.parametrize("text", ["A=5 B=6 env", "env A=5 B=6 printenv", "sh -c 'echo 5'"])
def test_it_says_the_same_as_without(text: str, tmp_path: Path) -> None:
    environ = {"PATH": "/usr/bin:/bin"}
    said = [
        subprocess.run(argv, capture_output=True, cwd=tmp_path, env=environ, check=True).stdout
        for argv in ((*SHELL, text), direct((*SHELL, text)))
    ]
    lines = [sorted(set(each.splitlines()) - {b"_=/usr/bin/env"}) for each in said]
    assert lines[0] == lines[1]


def test_of_a_text_all_that_ran_is_seen(tmp_path: Path) -> None:
    places = alone(tmp_path / "head")
    runner = CommandRunner(places, ENVIRON, scratch_of(tmp_path))
    try:
        work = shell("python3 -S -c 'sum(range(300000))'")
        benchmark = bench(work)
        runner.prepare(benchmark, ALONE)
        report = runner.launch(order(benchmark, ALONE))
    finally:
        runner.close()
    assert report.launches[Side.HEAD]["latency"].whole
