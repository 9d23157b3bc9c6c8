"""Settings files: three spellings of one thing, and what is wrong with a bad one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from perfci.errors import ConfigurationError
from perfci.settings.files import find_file, read_file
from perfci.settings.load import Loaded, load

Load = Callable[..., Loaded]

YAML = """\
project: my-service
store: file:.perfci
mode: auto
setup: make release
benchmarks:
  - name: parse-big
    suite: codec
    run: ./target/release/app parse fixtures/big.json    # string = shell, list = argv
    metrics: [latency, memory_usage]
  - name: encode
    suite: codec
    python: benchmarks/codec.py:encode
    parameters: {size: [1MB, 16MB], fast: [true, 2, 0.5]}
    timeout: 2m
measure: {warmup: 1, rounds: auto, timeout: 300s, cooldown: 0s, max_time: 10m}
gate:
  sensitivity: 5%
  severity: {minor: 10%, moderate: 25%, major: 50%, critical: 100%}
  fail_on: minor
  max_regressions: null
  on_inconclusive: warn
  on_missing_baseline: record
  rules:
    - {match: "codec/*:latency", threshold: 5%, at_least: 2ms, level: error}
    - {match: "*:memory_usage", budget: 512MB, level: warn}
    - {match: "old/*", level: off}
expect: [codec/parse-big, codec/encode]
report: {html: true, charts: svg, comment: on-change}
branches: [main]
update_baseline: auto
output: perfci-results
"""

TOML = """\
project = "my-service"
store = "file:.perfci"
mode = "auto"
setup = "make release"
expect = ["codec/parse-big", "codec/encode"]
branches = ["main"]
update_baseline = "auto"
output = "perfci-results"

[[benchmarks]]
name = "parse-big"
suite = "codec"
run = "./target/release/app parse fixtures/big.json"
metrics = ["latency", "memory_usage"]

[[benchmarks]]
name = "encode"
suite = "codec"
python = "benchmarks/codec.py:encode"
timeout = "2m"
[benchmarks.parameters]
size = ["1MB", "16MB"]
fast = [true, 2, 0.5]

[measure]
warmup = 1
rounds = "auto"
timeout = "300s"
cooldown = "0s"
max_time = "10m"

[gate]
sensitivity = "5%"
severity = {minor = "10%", moderate = "25%", major = "50%", critical = "100%"}
fail_on = "minor"
on_inconclusive = "warn"
on_missing_baseline = "record"
rules = [
  {match = "codec/*:latency", threshold = "5%", at_least = "2ms", level = "error"},
  {match = "*:memory_usage", budget = "512MB", level = "warn"},
  {match = "old/*", level = "off"},
]

[report]
html = true
charts = "svg"
comment = "on-change"
"""


def pyproject() -> str:
    """Return the TOML form as a part of a project's own file."""
    moved = TOML.replace("[[", "[[tool.perfci.").replace(
        "\n[benchmarks.", "\n[tool.perfci.benchmarks."
    )
    for table in ("measure", "gate", "report"):
        moved = moved.replace(f"\n[{table}]", f"\n[tool.perfci.{table}]")
    return '[project]\nname = "x"\n\n[tool.perfci]\n' + moved


def test_the_three_spellings_mean_the_same(load_from: Load) -> None:
    from_yaml = load_from(YAML).settings
    from_toml = load_from(TOML, file="perfci.toml").settings
    from_project = load_from(pyproject(), file="pyproject.toml").settings

    assert from_yaml == from_toml == from_project
    assert from_yaml.gate.rules[0].at_least == (0.002, "s")
    assert from_yaml.gate.rules[1].budget == (512e6, "B")
    assert from_yaml.measure.max_time == 600.0
    assert from_yaml.benchmarks[1].timeout == 120.0
    assert from_yaml.benchmarks[1].parameters == {
        "size": ("1MB", "16MB"),
        "fast": (True, 2, 0.5),
    }


def test_every_spelling_knows_its_lines(load_from: Load) -> None:
    path = ("benchmarks", 1, "python")

    assert load_from(YAML).provenance(path) == "perfci.yml, line 12"
    assert load_from(TOML, file="perfci.toml").provenance(path) == "perfci.toml, line 19"
    in_project = load_from(pyproject(), file="pyproject.toml")
    assert in_project.provenance(path) == "pyproject.toml, line 23"
    # inside a value that spans lines, the line on which it begins
    rules = pyproject().splitlines().index("rules = [") + 1
    place = in_project.provenance(("gate", "rules", 1, "budget"))
    assert place == f"pyproject.toml, line {rules}"
    size = ("benchmarks", 1, "parameters", "size")
    assert in_project.provenance(size) == "pyproject.toml, line 26"
    assert in_project.provenance(("benchmarks", 1)) == "pyproject.toml, line 20"


def test_an_empty_file_means_the_defaults(load_from: Load) -> None:
    for text in ("", "# nothing\n", "---\n", "benchmarks:\ngate:\nmeasure:\n"):
        assert load_from(text).settings == load([]).settings


def test_words_of_yaml_1_1_are_words(load_from: Load) -> None:
    text = """
benchmarks:
  - name: off
    python: m:f
    parameters: {country: [no, yes, 1:30, 2026-12-31, 012, 1e5, -.1], y: [on]}
"""
    entry = load_from(text).settings.benchmarks[0]

    assert entry.name == "off"
    assert entry.parameters == {
        "country": ("no", "yes", "1:30", "2026-12-31", "012", "1e5", "-.1"),
        "y": ("on",),
    }


def test_a_key_given_twice_is_told_with_both_lines(load_from: Load) -> None:
    with pytest.raises(ConfigurationError, match=r"^gate\.rules is given twice") as caught:
        load_from("gate:\n  rules: []\n  fail_on: minor\n  rules: []\n")

    assert caught.value.message == "gate.rules is given twice (perfci.yml, lines 2 and 4)"


def test_dates_are_texts_in_toml_too(load_from: Load) -> None:
    text = "[[benchmarks]]\nname = 'a'\npython = 'm:f'\nparameters.day = [2026-12-31, 06:30:00]\n"
    entry = load_from(text, file="perfci.toml").settings.benchmarks[0]

    assert entry.parameters == {"day": ("2026-12-31", "06:30:00")}


def test_files_are_found_in_their_order_and_the_others_told(tmp_path: Path) -> None:
    assert find_file(tmp_path).path is None
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\n")
    assert find_file(tmp_path).path is None

    (tmp_path / "pyproject.toml").write_text("[tool.perfci]\nmode = 'record'\n")
    found = find_file(tmp_path)
    assert found.path == tmp_path / "pyproject.toml"
    assert found.warnings == ()

    (tmp_path / "perfci.toml").write_text("")
    assert find_file(tmp_path).path == tmp_path / "perfci.toml"

    (tmp_path / "perfci.yml").write_text("mode: paired\n")
    found = find_file(tmp_path)
    assert found.path == tmp_path / "perfci.yml"
    assert found.warnings == ("perfci.yml is read, perfci.toml and pyproject.toml beside it not",)
    assert load([read_file(tmp_path / "perfci.yml")]).settings.mode == "paired"


def test_a_project_file_without_our_table_may_even_be_broken(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[broken")
    assert find_file(tmp_path).path is None

    (tmp_path / "pyproject.toml").write_text("[tool.perfci]\n[broken")
    with pytest.raises(ConfigurationError, match=r"^pyproject\.toml is not valid TOML"):
        find_file(tmp_path)
