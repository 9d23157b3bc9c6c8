"""Both sides running the same code is refused; running their own is not."""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from perfci.errors import MeasurementError, WorktreeError
from perfci.model.benchmark import Benchmark
from perfci.model.measurement import Side
from perfci.model.work import Command
from perfci.ports import Places, Runner
from perfci.runners.callables.runner import FunctionRunner
from perfci.runners.commands.runner import CommandRunner
from tests.runners.stage import (
    BOTH,
    ENVIRON,
    bench,
    function,
    scratch_of,
    shell,
    side_by_side,
)


class Stage:
    """Two sides and a checkout, and runners over them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places: Places = side_by_side(folder)
        self.checkout = self.places.checkout
        self.runners: list[Runner] = []

    def write(self, path: str, text: str = "", *roots: Path) -> None:
        """Write a file into both sides and the checkout, or where it is told."""
        for root in roots or (*self.places.roots.values(), self.checkout):
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            if text.startswith("#!"):
                file.chmod(0o755)

    def command(self, *argv: str, **environ: str) -> None:
        self._prepare(bench(Command(argv=argv)), environ)

    def shell(self, text: str, **environ: str) -> None:
        self._prepare(bench(shell(text)), environ)

    def function(self, target: str, **environ: str) -> None:
        places, scratch = self.places, scratch_of(self.folder)
        runner = FunctionRunner(places, ENVIRON | environ, scratch, sys.executable)
        self.runners.append(runner)
        runner.prepare(bench(function(target)), BOTH)

    def _prepare(self, benchmark: Benchmark, environ: dict[str, str]) -> None:
        runner = CommandRunner(self.places, ENVIRON | environ, scratch_of(self.folder))
        self.runners.append(runner)
        runner.prepare(benchmark, BOTH)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    for runner in stage.runners:
        runner.close()


def test_a_program_that_imports_the_checkout_is_refused(stage: Stage) -> None:
    stage.write("app/__init__.py")
    stage.write("bench.py", "import app")

    with pytest.raises(WorktreeError) as caught:
        stage.command("python3", "-P", "bench.py", PYTHONPATH=str(stage.checkout))

    assert f"{stage.checkout}/app/__init__.py (module app)" in caught.value.message
    assert "codec/parse on base" in caught.value.message
    assert all(str(root) in caught.value.message for root in stage.places.roots.values())
    assert "setup" in caught.value.hint


def test_a_python_started_by_a_shell_is_looked_into_too(stage: Stage) -> None:
    stage.write("app.py")

    with pytest.raises(WorktreeError, match="module app"):
        stage.shell("true && python3 -P -c 'import app'", PYTHONPATH=str(stage.checkout))


def test_a_program_that_imports_its_own_side_passes(stage: Stage) -> None:
    stage.write("app/__init__.py")
    stage.write("bench.py", "import app, json")

    stage.command("python3", "bench.py")


def test_dependencies_in_the_checkouts_environment_pass(stage: Stage) -> None:
    packages = ".venv/lib/python3.11/site-packages"
    stage.write(f"{packages}/dependency.py", "", stage.checkout)

    stage.command("python3", "-c", "import dependency", PYTHONPATH=str(stage.checkout / packages))


@pytest.mark.parametrize("own", ["app/__init__.py", "src/app/__init__.py", "app.py"])
def test_an_install_of_the_project_itself_is_refused(stage: Stage, own: str) -> None:
    installed = stage.folder / "elsewhere" / "site-packages"
    stage.write("app/__init__.py", "", installed)
    stage.write(own, "", *stage.places.roots.values())

    with pytest.raises(WorktreeError, match=r"site-packages/app/__init__\.py"):
        stage.command("python3", "-P", "-c", "import app", PYTHONPATH=str(installed))


def test_one_folder_on_both_sides_is_meant_so(stage: Stage) -> None:
    installed = stage.folder / "elsewhere" / "site-packages"
    stage.write("app/__init__.py", "", installed)
    root = stage.checkout
    stage.write("app/__init__.py", "", root)
    stage.places = replace(stage.places, roots=dict.fromkeys(Side, root), definitions=root)

    stage.command("python3", "-P", "-c", "import app", PYTHONPATH=str(installed))


def test_a_folder_named_like_a_dependency_is_no_install(stage: Stage) -> None:
    installed = stage.folder / "elsewhere" / "site-packages"
    stage.write("data/__init__.py", "", installed)
    stage.write("data/points.csv")
    stage.write("json.py")

    stage.command("python3", "-P", "-c", "import data, json", PYTHONPATH=str(installed))


def test_the_other_side_is_refused(stage: Stage) -> None:
    stage.write("app.py")
    head = str(stage.places.roots[Side.HEAD])

    with pytest.raises(WorktreeError, match="on base would use"):
        stage.command("python3", "-P", "-c", "import app", PYTHONPATH=head)


def test_looking_leaves_the_users_own_customisation_alone(stage: Stage) -> None:
    mine = stage.folder / "mine"
    stage.write("sitecustomize.py", "import sys; sys.mine = True", mine)
    stage.write("bench.py", "import os, sys; assert sys.mine; os._exit(0)")

    stage.command("python3", "bench.py", PYTHONPATH=str(mine))


def test_looking_does_not_show_in_the_path(stage: Stage) -> None:
    code = "import sys; assert not [each for each in sys.path if 'scratch' in each], sys.path"

    stage.command("python3", "-c", code)


@pytest.mark.parametrize("argument", ["{}/tool.sh", "--with={}/tool.sh", "{}"])
def test_an_argument_inside_the_checkout_is_refused(stage: Stage, argument: str) -> None:
    text = argument.format(stage.checkout)

    with pytest.raises(WorktreeError, match="checkout"):
        stage.command("echo", text)
    with pytest.raises(WorktreeError, match="checkout"):
        stage.shell(f"echo '{text}' | cat")


def test_a_program_found_inside_the_checkout_is_refused(stage: Stage) -> None:
    stage.write("bin/tool", "#!/bin/sh\n", stage.checkout)
    path = f"{stage.checkout}/bin:{ENVIRON['PATH']}"

    with pytest.raises(WorktreeError, match=r"bin/tool \(found on PATH\)"):
        stage.command("tool", PATH=path)
    with pytest.raises(WorktreeError, match=r"bin/tool \(found on PATH\)"):
        stage.shell("A=1 true;tool --fast", PATH=path)


def test_a_link_into_the_checkout_is_refused(stage: Stage) -> None:
    stage.write("tool", "#!/bin/sh\n", stage.checkout)
    for root in stage.places.roots.values():
        (root / "tool").symlink_to(stage.checkout / "tool")

    with pytest.raises(WorktreeError, match="tool"):
        stage.command("./tool")


def test_the_checkouts_interpreter_and_its_tools_pass(stage: Stage) -> None:
    folder = stage.checkout / ".venv" / "bin"
    folder.mkdir(parents=True)
    (folder / "python").symlink_to(sys.executable)
    stage.write(".venv/pyvenv.cfg", f"home = {Path(sys.executable).parent}\n", stage.checkout)
    stage.write(".venv/bin/tool", f"#!{folder}/python\n", stage.checkout)
    stage.write(".venv/bin/binary", "#!/bin/sh\n", stage.checkout)
    path = f"{folder}:{ENVIRON['PATH']}"

    stage.command("python", "-c", "pass", PATH=path)
    stage.command("tool", PATH=path)
    with pytest.raises(WorktreeError, match="bin/binary"):
        stage.command("binary", PATH=path)


def test_a_program_of_the_side_itself_passes(stage: Stage) -> None:
    stage.write("bin/tool", "#!/bin/sh\n", *stage.places.roots.values())

    stage.command("bin/tool")
    stage.command("tool", PATH=f"bin:{ENVIRON['PATH']}")


def test_a_callable_that_imports_the_checkout_is_refused(stage: Stage) -> None:
    stage.write("lib/app.py", "", stage.checkout)
    stage.write("bench.py", "def work():\n    import app", *stage.places.roots.values())

    with pytest.raises(WorktreeError, match="module app"):
        stage.function("bench.py:work", PYTHONPATH=str(stage.checkout / "lib"))


def test_a_callables_own_side_hides_an_install(stage: Stage) -> None:
    installed = stage.folder / "elsewhere" / "site-packages"
    stage.write("app/__init__.py", "raise ImportError", installed)
    stage.write("src/app/__init__.py", "def work(): pass")

    stage.function("app:work", PYTHONPATH=str(installed))


def test_heads_file_of_a_callable_passes_on_base_and_another_does_not(stage: Stage) -> None:
    head = stage.places.roots[Side.HEAD]
    stage.write("bench.py", "def work(): pass", head)
    stage.function("bench.py:work")

    stage.write("more.py", "", head)
    stage.write("bench.py", f"import sys; sys.path.append({str(head)!r})\ndef work(): import more")
    with pytest.raises(WorktreeError, match=r"more\.py"):
        stage.function("bench.py:work")


def test_alone_nothing_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "app"
    root.mkdir()
    (root / "app.py").touch()
    places = Places(roots={Side.HEAD: root}, checkout=root, definitions=root)
    runner = CommandRunner(places, ENVIRON, scratch_of(tmp_path))
    try:
        benchmark = bench(Command(argv=("python3", "-c", "import app", str(root))))
        runner.prepare(benchmark, (Side.HEAD,))
    finally:
        runner.close()


def test_a_failing_program_is_a_failure_before_it_is_a_refusal(stage: Stage) -> None:
    stage.write("app.py", "raise ValueError('broken')")

    with pytest.raises(MeasurementError, match="exited with 1 on base"):
        stage.command("python3", "-P", "-c", "import app", PYTHONPATH=os.fspath(stage.checkout))
