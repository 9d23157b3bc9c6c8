"""What a test is called, in the user's words and as the key of its series."""

from collections.abc import Callable
from typing import Any

from perfci.errors import ConfigurationError
from perfci.facade.config import RegressionTestType
from perfci.facade.results import RegressionTestResult
from perfci.model.identity import BenchmarkId, parse_key
from perfci.model.metric import Metric, built_in
from perfci.model.text import printable

_LONGEST = 200


def test_type_of(value: object) -> RegressionTestType:
    """Return a test type, from itself or from its name: `latency`.

    Raises:
        ConfigurationError: there is no such type.
    """
    try:
        return RegressionTestType(value.lower() if isinstance(value, str) else "")
    except ValueError:
        raise ConfigurationError(
            f"test_type is {_shown(value)}", hint=f"there are: {', '.join(RegressionTestType)}"
        ) from None


def metric_of(test_type: RegressionTestType) -> Metric:
    """Return the metric that a test type measures."""
    metric = built_in(test_type.value)
    assert metric is not None  # noqa: S101 - every test type is one
    return metric


def id_of(component: object, operation: object) -> BenchmarkId:
    """Return the benchmark that a component and its operation are.

    Args:
        component: the suite; without a slash.
        operation: may end in parameters, `analyze[size=1MB]`.

    Raises:
        ConfigurationError: one of them is empty, too long, or cannot be shown.
    """
    suite, name = _name("component", component), _name("operation", operation)
    if "/" in suite:
        raise ConfigurationError(
            f"component is {suite!r}", hint="leave out the slash: it parts component and operation"
        )
    return parse_key(f"{suite}/{name}:latency")[0]


def key_of(result: RegressionTestResult) -> str:
    """Return the key of a test's series."""
    return id_of(result.component, result.operation).series(result.test_type.value)


def version_named(version: object) -> str:
    """Return what a baseline is called.

    Raises:
        ConfigurationError: it is empty, too long, or cannot be shown.
    """
    return _name("version", version)


def operation_of(benchmark: BenchmarkId) -> str:
    """Return the operation of a benchmark; the inverse of `id_of`."""
    return str(benchmark).removeprefix(f"{benchmark.suite}/")


def insist_on_callable(test_func: object) -> Callable[[], Any]:
    """Return the test's function.

    Raises:
        ConfigurationError: it is none.
    """
    if callable(test_func):
        return test_func
    hint = "give a sync or async function that takes no arguments"
    if hasattr(test_func, "__await__"):
        hint = "give the function itself, without calling it: test_func=work, not work()"
        close = getattr(test_func, "close", None)
        if callable(close):
            close()  # nobody will ever await it
    raise ConfigurationError(f"test_func is {_shown(test_func)}, which cannot be called", hint=hint)


def label_of(call: Callable[[], Any]) -> str:
    """Return what a callable is called in messages: `tests.analyze`."""
    inner = getattr(call, "func", call)
    name = getattr(inner, "__qualname__", type(inner).__qualname__)
    return printable(f"{getattr(inner, '__module__', '')}.{name}".strip("."), limit=_LONGEST)


def _name(what: str, value: object) -> str:
    if not isinstance(value, str):
        raise ConfigurationError(f"{what} is {_shown(value)}", hint="give a name")
    if not value or printable(value) != value or len(value) > _LONGEST:
        raise ConfigurationError(
            f"{what} is {_shown(value)}",
            hint=f"give 1 to {_LONGEST} printable characters, without blanks at the ends",
        )
    return value


def _shown(value: object) -> str:
    if isinstance(value, str):
        return repr(value[:60])
    return f"of type {type(value).__name__}"
