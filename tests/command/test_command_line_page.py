"""docs/command-line.md, walked through: every command of it, in its order."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from perfci.cli.parser import parse
from perfci.errors import ExitCode
from tests.command.conftest import App, environment

PAGE = (Path(__file__).parents[2] / "docs/command-line.md").read_text()
FILES = re.findall(r"```(?:python|yaml)\n# (\S+)\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = re.findall(r"^\$ (.*?)(?:  +# (.*))?$", PAGE, re.MULTILINE)
OURS = [command for command, _ in COMMANDS if command.startswith("perfci ")]
(SHOWN,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
(HOOK,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
ROLES = ("AUTHOR", "COMMITTER")


def expected(comment: str) -> int:
    told = re.match(r"exit code (\d)", comment)
    return int(told[1]) if told else 0


@pytest.mark.parametrize("command", OURS)
def test_every_command_is_one_that_there_is(command: str) -> None:
    parse(shlex.split(command)[1:])


def test_the_exit_codes_are_all_told() -> None:
    table = re.findall(r"^\| (\d) \| ", PAGE, re.MULTILINE)
    assert [int(code) for code in table] == [code.value for code in ExitCode]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_page_can_be_walked_through(app: App, tmp_path: Path) -> None:
    for name, text in FILES:
        app.write(name, text)
    said: dict[str, str] = {}
    for command, comment in COMMANDS:
        if command.startswith("pip "):
            continue
        done = shell(app, command, tmp_path)
        assert done.returncode == expected(comment), (command, done.stdout, done.stderr)
        said.setdefault(command, done.stdout)

    assert columns(said["perfci run --base HEAD"]) == columns(SHOWN)
    assert "recorded 2 series" in said["perfci run"]
    assert (app.root / "again/report.html").is_file()
    assert app.git("status", "--short", ".perfci") == ""


@pytest.mark.slow
def test_the_hook_lets_nothing_slower_go(app: App, tmp_path: Path) -> None:
    for name, text in FILES:
        app.write(name, text)
    app.git("update-ref", "refs/remotes/origin/main", app.commit())
    (edit,) = {command for command, _ in COMMANDS if command.startswith("sed ")}
    hook = app.root / ".git/hooks/pre-push"
    hook.write_text(HOOK)
    hook.chmod(0o755)
    assert shell(app, edit, tmp_path).returncode == 0
    app.commit()
    assert shell(app, str(hook), tmp_path).returncode == 1


def columns(text: str) -> list[list[str]]:
    """Return what each line says in words: numbers and the machine differ, twice as slow or so."""
    text = re.sub(r"\(main\)  .*|, wall .*", "", text)
    text = re.sub(r"\b[0-9a-f]{7}\+?|[+-]?\b[0-9][\w.]*", "#", text)
    text = re.sub(r"\b(major|critical)\b", "major", text)
    # how many it took, which a narrow screen shows on a line of its own
    text = re.sub(r"\s+# launches.*", "", text)
    return [line.split() for line in text.splitlines()]


def shell(app: App, command: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    who = {f"GIT_{role}_{what}": "a@example.org" for role in ROLES for what in ("NAME", "EMAIL")}
    (tmp_path / "tmp").mkdir(exist_ok=True)
    variables = environment(TMPDIR=str(tmp_path / "tmp"), COLUMNS="120") | who
    return subprocess.run(
        ["bash", "-c", command],
        cwd=app.root,
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
