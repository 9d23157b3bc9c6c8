"""What lies in several places is all measured, or named with what to do about it."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from perfci.scaffold.survey import MOST_PROJECTS, survey
from tests.command.conftest import App, Run

# each starts perfci once or twice
pytestmark = pytest.mark.slow

TEST = "def test_sum(benchmark):\n    benchmark(sum, range(100))\n"
VITEST = "import { bench } from 'vitest'\nbench('sort', () => { [3, 1, 2].sort() })\n"
GO = 'package x\n\nimport "testing"\n\nfunc BenchmarkSum(b *testing.B) {\n}\n'


def repository(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def settings(app: App) -> dict[str, Any]:
    document = yaml.safe_load((app.root / "perfci.yml").read_text())
    assert isinstance(document, dict)
    return document


def keys(root: Path) -> list[str]:
    return sorted(f"{item.suite}/{item.name}" for item in survey(root).benchmarks)


def test_a_benchmark_folder_with_a_manifest_of_its_own_is_looked_at(tmp_path: Path) -> None:
    manifest = {"bench/package.json": "{}", "bench/vite.config.mjs": "1\n", "pyproject.toml": ""}
    scripts = {"bench/sort.mjs": "1\n", "bench/src/library.mjs": "1\n"}
    repository(tmp_path, manifest | scripts | {"benchmarks/test_speed.py": TEST})

    assert keys(tmp_path) == ["bench-node/sort", "pytest/speed"]


def test_what_is_left_out_is_named_with_its_place_and_a_way_in(app: App, perfci: Run) -> None:
    manifest = {"web/package.json": "{}", "pyproject.toml": ""}
    repository(app.root, manifest | {"web/a.bench.ts": VITEST, "bench/test_speed.py": TEST})

    answer = perfci("init", "github")

    assert "not used: vitest in web, which measures by itself" in answer.out
    assert "name its command, and perfci reads what it measured" in answer.out
    text = (app.root / "perfci.yml").read_text()
    assert "# not here: vitest in web," in text
    way_in = next(line for line in text.splitlines() if "name: mine" in line).lstrip(" #")
    assert yaml.safe_load(way_in) == [
        {"name": "mine", "run": "its command", "read": "vitest", "cwd": "web"}
    ]
    assert [item["name"] for item in settings(app)["benchmarks"]] == ["speed"]


def test_modules_below_a_module_are_built_and_measured_where_they_lie(tmp_path: Path) -> None:
    modules = dict.fromkeys(("go.mod", "tools/go.mod", "x/none/go.mod"), "module a\n")
    repository(tmp_path, modules | {"a_test.go": GO, "tools/deep/b_test.go": GO})

    found = survey(tmp_path)

    assert [(item.suite, item.folder) for item in found.benchmarks] == [
        ("go", ""),
        ("deep", "tools/deep"),
    ]
    assert found.setup == (
        "go test -c -o 'perfci.test' './' && "
        "(cd tools && go test -c -o 'deep/perfci.test' './deep')"
    )


def test_the_crates_of_a_workspace_are_measured(tmp_path: Path) -> None:
    crates = {"Cargo.toml": "[workspace]\nmembers = ['a', 'b']\n", "a/Cargo.toml": "[package]\n"}
    more = {"b/Cargo.toml": "[package]\n", "a/benches/fold.rs": "fn main() {}\n"}
    repository(tmp_path, crates | more)

    (found,) = survey(tmp_path).benchmarks

    assert (found.suite, found.name, found.folder) == ("a-cargo", "fold", "a")


def test_functions_are_called_by_the_python_of_their_project(app: App, perfci: Run) -> None:
    projects = {"a/requirements.txt": "rich\n", "b/requirements.txt": "rich\n"}
    files = ("a/benchmarks/bench_x.py", "b/benchmarks/bench_y.py")
    repository(app.root, projects | dict.fromkeys(files, "def bench_z(): ...\n"))

    answer = perfci("init", "github")

    assert settings(app)["interpreter"] == "a/.venv/bin/python"
    assert [item["python"] for item in settings(app)["benchmarks"]] == [
        "a/benchmarks/bench_x.py:bench_z"
    ]
    assert "not used: 1 function in b, which another Python must call" in answer.out
    assert settings(app)["setup"].count("venv .venv") == 1


def test_a_script_is_run_by_the_python_of_its_project(tmp_path: Path) -> None:
    script = "if __name__ == '__main__':\n    print(1)\n"
    repository(tmp_path, {"a/requirements.txt": "rich\n", "a/bench/b.py": script})

    (found,) = survey(tmp_path).benchmarks

    assert found.target == ("a/.venv/bin/python", "a/bench/b.py")


def test_projects_that_nobody_measures_are_not_built_and_ask_for_no_tools(tmp_path: Path) -> None:
    site = {"site/package.json": '{"devDependencies": {"vite": "5"}}'}
    repository(tmp_path, site | {"pyproject.toml": "", "benchmarks/test_speed.py": TEST})

    found = survey(tmp_path)

    assert "npm" not in found.setup
    assert found.toolchains == ()


def test_a_script_may_measure_any_of_them_so_all_are_built(tmp_path: Path) -> None:
    measured = {"web/package.json": "{}", "web/bench/sort.js": "1\n"}
    repository(tmp_path, {"svc/go.mod": "module a\n", "bench/all.sh": "./svc/svc\n"} | measured)

    assert keys(tmp_path) == ["scripts/all", "web-node/sort"]
    assert survey(tmp_path).setup == "(cd svc && go build ./...)"


def test_of_very_many_projects_those_not_looked_at_are_named(app: App, perfci: Run) -> None:
    names = [f"p{number:02}" for number in range(MOST_PROJECTS + 5)]
    repository(app.root, {f"{name}/go.mod": "module a\n" for name in names})

    answer = perfci("init", "github")

    assert "5 projects with go.mod in p10, p11, p12, and so on" in answer.out


def told(out: str) -> str:
    """Return the block that `perfci init` shows to be copied."""
    return "\n".join(line[11:] for line in out.splitlines() if line.startswith(" " * 11))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("perfci.yml", "project: mine\nbenchmarks: []\n"),
        ("pyproject.toml", "[tool.perfci]\nproject = 'mine'\nbenchmarks = []\n"),
    ],
)
def test_settings_that_measure_nothing_are_kept_and_told_what_to_add(
    app: App, perfci: Run, name: str, text: str
) -> None:
    repository(app.root, {name: text, "bench/sort.mjs": "1\n", "package.json": "{}"})

    # once more: now the pipeline is there, too
    for answer in (perfci("init", "github"), perfci("init", "github")):
        assert (answer.code, answer.err) == (0, "")
        assert f"{name} has no benchmark yet" in answer.out
        read = yaml.safe_load if name.endswith("yml") else tomllib.loads
        assert read(told(answer.out))["benchmarks"][0]["run"] == ["node", "bench/sort.mjs"]
    assert (app.root / name).read_text() == text


def test_what_is_told_to_add_is_valid(app: App, perfci: Run) -> None:
    files = {"perfci.toml": "benchmarks = []\n", "bench/sort.mjs": "1\n", "package.json": "{}"}
    repository(app.root, files)
    repository(app.root, {"perfci.toml": told(perfci("init", "github").out)})

    assert "node/sort" in perfci("list").out
