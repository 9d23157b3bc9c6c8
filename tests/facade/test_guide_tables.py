"""What the guide lists, class by class, is what there is."""

import inspect
from dataclasses import fields
from typing import Any

import pytest

import perfci
from perfci.facade.config import COMPONENTS
from tests.facade import guide_page as page
from tests.facade.guide_stage import FEWER, Stage, stage

__all__ = ["stage"]
pytestmark = page.THERE
CLASSES = ("PerformanceRegressionFramework", "PerformanceReporter", "CICDIntegration")
LISTS: dict[str, list[str]] = {
    "enabled_components": list(COMPONENTS),
    "enabled_test_types": list(perfci.RegressionTestType),
}
"""What stands behind the dots of a default in the guide."""
UNITS = {"milliseconds": "ms", "requests per second": "1/s", "in MB": "MB", "percentage": "%"}


def default_of(name: str, told: str) -> object:
    """Return a default of the guide as a value."""
    if told == "[...]":
        return LISTS[name]
    if told in {"True", "False", "None"}:
        return {"True": True, "False": False, "None": None}[told]
    return float(told) if "." in told else int(told)


@pytest.mark.parametrize("name", ["RegressionTestConfig", "CICDConfig"])
def test_every_parameter_has_its_type_and_default(name: str) -> None:
    kind: Any = getattr(perfci, name)
    there = {item.name for item in fields(kind)}
    types = {"int": int, "float": float, "bool": bool, "str": str}
    for parameter, told, default in page.table(name):
        assert parameter in there
        expected = default_of(parameter, default)
        found = getattr(kind(), parameter)
        assert found == expected, parameter
        # whole numbers stay whole: they are shown in reports
        assert type(found) is type(expected) or told.startswith("List")
        given = "https://hooks.example.org/x" if told == "str" else found
        assert isinstance(given, types.get(told, list))
        assert getattr(kind(**{parameter: given}), parameter) == given


def test_every_test_type_is_one_and_there_is_no_other() -> None:
    told = page.members("RegressionTestType Options")
    assert list(told) == [each.name for each in perfci.RegressionTestType]


def test_every_test_type_is_measured_in_the_unit_of_the_guide(stage: Stage) -> None:
    stage.run("python 1", **FEWER)
    for name, told in page.members("RegressionTestType Options").items():
        kind = perfci.RegressionTestType[name]
        found = stage.baseline("units", name.lower(), kind, lambda: 50.0)
        assert found.baseline_value == 50.0
        for words, unit in UNITS.items():
            assert words not in told or found.unit == unit, told


@pytest.mark.parametrize("name", CLASSES)
def test_every_method_is_there_with_its_arguments(name: str) -> None:
    kind = getattr(perfci, name)
    for method, arguments in page.methods(name).items():
        found = list(inspect.signature(getattr(kind, method)).parameters)
        assert found == ["self", *arguments], method


def test_every_name_that_the_guide_imports_is_public() -> None:
    imported = page.imported()
    assert imported
    assert imported <= set(perfci.__all__)
