"""A test that the comprehensive suite runs because the user registered it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from perfci.facade.config import RegressionTestType

TestFunc = Callable[[], Any]
"""Sync or async, without arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What is measured, and what it is called."""

    component: str
    operation: str
    test_type: RegressionTestType
    test_func: TestFunc
