"""A pipeline's variables say what both configurations hold, and mistakes name the variable."""

from dataclasses import fields

import pytest

from perfci.errors import ConfigurationError
from perfci.facade.ci.environment import config_from
from perfci.facade.config import CICDConfig, RegressionTestConfig, RegressionTestType

SECRET = "https://hooks.slack.com/services/T0/B0/abcdefghijklmnopqrstuvwx"


def test_without_variables_the_defaults_hold() -> None:
    assert config_from(CICDConfig, {"PATH": "/bin", "MAX_TEST_RETRIES": " "}) == CICDConfig()


def test_every_field_is_a_variable() -> None:
    other: dict[object, str] = {bool: "no", int: "7", float: "0.5"}
    named = {it.name.upper(): other.get(it.type, SECRET) for it in fields(CICDConfig)}

    config = config_from(CICDConfig, named)

    default = CICDConfig()
    same = [
        it.name
        for it in fields(CICDConfig)
        if getattr(config, it.name) == getattr(default, it.name)
    ]
    # these are off by default
    assert same == [
        "fail_on_major_regression",
        "auto_update_baselines",
        "require_manual_baseline_approval",
        "parallel_test_execution",
    ]


@pytest.mark.parametrize("text", ["true", "True", "YES", "on", "1"])
def test_a_switch_is_written_as_pipelines_write_it(text: str) -> None:
    assert config_from(CICDConfig, {"FAIL_ON_MAJOR_REGRESSION": text}).fail_on_major_regression


def test_how_tests_are_measured_is_said_by_variables_too() -> None:
    config = config_from(
        RegressionTestConfig,
        {
            "TEST_ITERATIONS": "20",
            "COOLDOWN_SECONDS": "0",
            "ENABLED_COMPONENTS": "codec, system_monitor",
            "ENABLED_TEST_TYPES": "latency memory_usage",
        },
    )
    assert (config.test_iterations, config.cooldown_seconds) == (20, 0)
    assert config.enabled_components == ["codec", "system_monitor"]
    assert config.enabled_test_types == [
        RegressionTestType.LATENCY,
        RegressionTestType.MEMORY_USAGE,
    ]


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("ENABLE_PERFORMANCE_GATES", "perhaps"),
        ("MAX_ACCEPTABLE_REGRESSIONS", "three"),
        ("MAX_ACCEPTABLE_REGRESSIONS", "-1"),
        ("BASELINE_UPDATE_THRESHOLD", "5%"),
        ("BASELINE_UPDATE_THRESHOLD", "nan"),
        ("TEST_TIMEOUT_MINUTES", "0"),
        ("TEST_TIMEOUT_MINUTES", "inf"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_with_its_variable(variable: str, text: str) -> None:
    with pytest.raises(ConfigurationError, match=variable) as caught:
        config_from(CICDConfig, {variable: text})
    assert text in caught.value.message
    assert caught.value.hint.startswith("give ")


def test_thresholds_out_of_order_name_the_variable_that_was_set() -> None:
    with pytest.raises(ConfigurationError, match="MAJOR_THRESHOLD") as caught:
        config_from(RegressionTestConfig, {"MAJOR_THRESHOLD": "0.2"})
    assert "moderate_threshold (0.25)" in caught.value.message


def test_an_address_is_never_shown() -> None:
    config = config_from(CICDConfig, {"SLACK_WEBHOOK_URL": SECRET})
    assert config.slack_webhook_url == SECRET
    assert SECRET not in repr(config)
