"""The variables of the framework's own pipelines, for whoever brings such a pipeline along.

They are the weakest layer: they speak where neither file nor flag nor any other variable does.
"""

from collections.abc import Mapping
from typing import Any

from perfci.settings.layers import Layer, nearest_of, put
from perfci.settings.spelling import KeyPath, shown

_YES = frozenset({"true", "yes", "on", "1"})
_NO = frozenset({"false", "no", "off", "0"})
_GATES = "ENABLE_PERFORMANCE_GATES"
_CRITICAL, _MAJOR = "FAIL_ON_CRITICAL_REGRESSION", "FAIL_ON_MAJOR_REGRESSION"
_MOST = "MAX_ACCEPTABLE_REGRESSIONS"
_NOTIFY = "ENABLE_NOTIFICATIONS"


def from_documented(environ: Mapping[str, str]) -> Layer:
    """Take the gate's settings out of these variables; empty ones count as not set.

    With one of `FAIL_ON_...` the other has its default there: critical regressions fail, major
    ones do not. What else such a pipeline sets has no like in the command, and is let pass.
    """
    reader = _Reader(environ)
    if reader.flag(_GATES) is False:
        reader.put("gate.fail_on", "none", _GATES)
    else:
        _fail_on(reader)
        most = environ.get(_MOST, "").strip()
        if most.isascii() and most.isdigit():
            reader.put("gate.max_regressions", int(most), _MOST)
        elif most:
            reader.refuse(_MOST, most, "a whole number")
    if reader.flag(_NOTIFY) is False:
        reader.put("notify.on", "never", _NOTIFY)
    return Layer(
        name="environment",
        tree=reader.tree,
        where=nearest_of(reader.places, "environment"),
        problems=tuple(reader.problems),
    )


def _fail_on(reader: "_Reader") -> None:
    critical, major = reader.flag(_CRITICAL), reader.flag(_MAJOR)
    if critical is None and major is None:
        return
    if major:
        reader.put("gate.fail_on", "major", _MAJOR)
    elif critical is False:
        reader.put("gate.fail_on", "none", _CRITICAL)
    else:
        reader.put("gate.fail_on", "critical", _MAJOR if critical is None else _CRITICAL)


class _Reader:
    """Collects what variables say."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.tree: dict[str, Any] = {}
        self.places: dict[KeyPath, str] = {}
        self.problems: list[str] = []
        self._environ = environ

    def flag(self, variable: str) -> bool | None:
        """Return what a variable says; None where it is not set, or says neither yes nor no."""
        text = self._environ.get(variable, "").strip()
        if text and text.lower() not in _YES | _NO:
            self.refuse(variable, text, "true or false")
            return None
        return text.lower() in _YES if text else None

    def put(self, name: str, value: object, variable: str) -> None:
        path = tuple(name.split("."))
        put(self.tree, path, value)
        self.places[path] = variable

    def refuse(self, variable: str, text: str, wanted: str) -> None:
        self.problems.append(f"{variable}: {shown(text)} is not {wanted}")
