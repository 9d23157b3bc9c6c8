"""What a pipeline of the Python framework says by its variables: the weakest word."""

import pytest

from perfci.settings.documented import from_documented
from perfci.settings.environment import from_environ
from perfci.settings.load import Loaded, load


def loaded(**environ: str) -> Loaded:
    return load([from_documented(environ), from_environ(environ)])


@pytest.mark.parametrize(
    ("environ", "fail_on"),
    [
        ({}, "minor"),
        ({"ENABLE_PERFORMANCE_GATES": "true"}, "minor"),
        ({"FAIL_ON_CRITICAL_REGRESSION": "true"}, "critical"),
        ({"FAIL_ON_CRITICAL_REGRESSION": "False"}, "none"),
        ({"FAIL_ON_MAJOR_REGRESSION": "false"}, "critical"),
        ({"FAIL_ON_MAJOR_REGRESSION": "1", "FAIL_ON_CRITICAL_REGRESSION": "no"}, "major"),
        ({"ENABLE_PERFORMANCE_GATES": "false", "FAIL_ON_MAJOR_REGRESSION": "true"}, "none"),
        ({"FAIL_ON_CRITICAL_REGRESSION": "true", "PERFCI_GATE__FAIL_ON": "moderate"}, "moderate"),
        ({"FAIL_ON_CRITICAL_REGRESSION": "  "}, "minor"),
    ],
)
def test_they_set_what_fails_where_nothing_else_does(environ: dict[str, str], fail_on: str) -> None:
    assert loaded(**environ).settings.gate.fail_on == fail_on


def test_they_bound_the_number_of_regressions_and_silence_chats() -> None:
    settings = loaded(MAX_ACCEPTABLE_REGRESSIONS="3", ENABLE_NOTIFICATIONS="false").settings
    assert settings.gate.max_regressions == 3
    assert settings.notify.on == "never"


def test_the_variable_is_named_as_the_source() -> None:
    found = loaded(FAIL_ON_MAJOR_REGRESSION="true")
    assert found.provenance(("gate", "fail_on")) == "FAIL_ON_MAJOR_REGRESSION"


@pytest.mark.parametrize(
    ("variable", "text"),
    [("FAIL_ON_CRITICAL_REGRESSION", "maybe"), ("MAX_ACCEPTABLE_REGRESSIONS", "-3")],
)
def test_a_value_that_says_nothing_is_named(variable: str, text: str) -> None:
    (problem,) = from_documented({variable: text}).problems
    assert problem.startswith(f"{variable}: ")
    assert text in problem
