"""Variables and inputs."""

from collections.abc import Callable

import pytest

from perfci.settings.environment import config_of, from_environ, working_directory_of
from perfci.settings.load import Loaded

Load = Callable[..., Loaded]
Complaints = Callable[..., list[str]]


def test_a_variable_sets_the_key_of_its_name(load_from: Load) -> None:
    loaded = load_from(
        environ={
            "PERFCI_MODE": "paired",
            "PERFCI_GATE__FAIL_ON": "major",
            "PERFCI_GATE__SEVERITY__MINOR": "12%",
            "PERFCI_GATE__MAX_REGRESSIONS": "3",
            "PERFCI_REPORT__HTML": "false",
            "PERFCI_EXPECT": "[a/b, 'c/*']",
            "PERFCI_BENCHMARKS": "[{name: a, run: [echo, x]}]",
        }
    )
    settings = loaded.settings

    assert settings.mode == "paired"
    assert settings.gate.fail_on == "major"
    assert settings.gate.severity.minor == 0.12
    assert settings.gate.max_regressions == 3
    assert settings.report.html is False
    assert settings.expect == ("a/b", "c/*")
    assert settings.benchmarks[0].run == ("echo", "x")
    assert loaded.provenance(("benchmarks", 0)) == "PERFCI_BENCHMARKS"


def test_a_text_is_taken_as_it_stands(load_from: Load) -> None:
    settings = load_from(
        environ={
            "PERFCI_PROJECT": "123",
            "PERFCI_BASE": "1234567",
            "PERFCI_SETUP": "make a  # all: of it\nmake b",
            "PERFCI_STORE": "file:x: y",
        }
    ).settings

    assert settings.project == "123"
    assert settings.base == "1234567"
    assert settings.setup == "make a  # all: of it\nmake b"
    assert settings.store == "file:x: y"


def test_a_command_may_be_a_list_or_begin_like_one(load_from: Load) -> None:
    assert load_from(environ={"PERFCI_SETUP": "[make, 'a b']"}).settings.setup == ("make", "a b")
    test = "[ -f x ] && make"
    assert load_from(environ={"PERFCI_SETUP": test}).settings.setup == test


def test_empty_variables_and_inputs_count_as_not_set(load_from: Load) -> None:
    loaded = load_from(
        "mode: record", environ={"PERFCI_MODE": "", "INPUT_MODE": "  ", "INPUT_RUN": ""}
    )

    assert loaded.settings.mode == "record"
    assert loaded.settings.benchmarks == ()


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("PERFCI_GATE__SENSITIVTY", "PERFCI_GATE__SENSITIVITY"),
        ("PERFCI_GATE_SENSITIVITY", "PERFCI_GATE__SENSITIVITY"),
        ("PERFCI_FAIL_ON", "PERFCI_GATE__FAIL_ON"),
        ("PERFCI_MOD", "PERFCI_MODE"),
    ],
)
def test_a_variable_that_is_almost_a_setting_is_an_error(
    complaints: Complaints, variable: str, meant: str
) -> None:
    assert complaints(environ={variable: "1"}) == [
        f"{variable} is not known; did you mean {meant}?"
    ]


def test_a_variable_of_a_known_section_must_be_a_known_key(complaints: Complaints) -> None:
    assert complaints(environ={"PERFCI_GATE__ZZZ": "1"}) == ["PERFCI_GATE__ZZZ is not known"]
    assert complaints(environ={"PERFCI_BENCHMARKS__0__RUN": "x"}) == [
        "PERFCI_BENCHMARKS__0__RUN is not known"
    ]


@pytest.mark.parametrize("variable", ["PERFCI_DEBUG", "PERFCI_TOKEN", "PERFCI_CONFIG", "PERFCI_QQ"])
def test_other_variables_are_let_pass(load_from: Load, variable: str) -> None:
    assert load_from(environ={variable: "1"}).settings == load_from().settings


def test_a_variable_that_is_not_yaml_is_told_with_its_name(complaints: Complaints) -> None:
    told = complaints(environ={"PERFCI_BRANCHES": "[a"})

    assert told[0].startswith("branches: '[a' cannot be read")
    assert told[0].endswith("(PERFCI_BRANCHES)")


@pytest.mark.parametrize("variable", ["INPUT_MAX-REGRESSIONS", "INPUT_MAX_REGRESSIONS"])
def test_an_input_is_read_with_its_hyphen_or_without(load_from: Load, variable: str) -> None:
    loaded = load_from(environ={variable: " 2\n"})

    assert loaded.settings.gate.max_regressions == 2
    assert loaded.provenance(("gate", "max_regressions")) == variable


def test_every_input_reaches_its_setting(load_from: Load) -> None:
    settings = load_from(
        environ={
            "INPUT_RUN": "./app --fast | cat",
            "INPUT_MODE": "paired",
            "INPUT_BASE": "v1.0",
            "INPUT_STORE": "file:x",
            "INPUT_SETUP": "make",
            "INPUT_FAIL-ON": "none",
            "INPUT_THRESHOLD": "7%",
            "INPUT_MAX-REGRESSIONS": "0",
            "INPUT_UPDATE-BASELINE": "never",
            "INPUT_OUTPUT-DIR": "out",
        }
    ).settings

    assert [(entry.name, entry.run) for entry in settings.benchmarks] == [
        ("benchmark", "./app --fast | cat")
    ]
    assert (settings.mode, settings.base, settings.store) == ("paired", "v1.0", "file:x")
    assert (settings.setup, settings.update_baseline, settings.output) == ("make", "never", "out")
    assert (settings.gate.fail_on, settings.gate.max_regressions) == ("none", 0)
    assert settings.gate.rules[0].threshold == pytest.approx(0.07)


def test_the_run_input_replaces_the_files_benchmarks(load_from: Load) -> None:
    text = "benchmarks: [{name: a, run: x}, {name: b, run: y}]"
    loaded = load_from(text, environ={"INPUT_RUN": "z"})

    assert [entry.name for entry in loaded.settings.benchmarks] == ["benchmark"]
    assert loaded.provenance(("benchmarks", 0)) == "INPUT_RUN"


def test_a_wrong_input_is_told_with_its_variable(complaints: Complaints) -> None:
    assert complaints(environ={"INPUT_THRESHOLD": "5"}) == [
        "gate.rules[0].threshold: '5' is not a percentage; write it like 5% (INPUT_THRESHOLD)"
    ]


def test_file_and_folder_are_no_settings() -> None:
    environ = {"INPUT_CONFIG": "ci/perf.yml", "INPUT_WORKING-DIRECTORY": "sub"}

    assert from_environ(environ).tree == {}
    assert (config_of(environ), working_directory_of(environ)) == ("ci/perf.yml", "sub")
    assert (config_of({}), working_directory_of({})) == (None, ".")
    assert config_of({"PERFCI_CONFIG": "x.toml"}) == "x.toml"
