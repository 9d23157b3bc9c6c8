"""Settings from variables: `PERFCI_SECTION__KEY`, and over them the action's `INPUT_*`."""

from collections.abc import Mapping
from typing import Any

from perfci.settings.inputs import INPUTS, Input, given, text_of
from perfci.settings.keys import KEYS, is_addressable, nearest
from perfci.settings.layers import Addition, Layer, nearest_of, put
from perfci.settings.spelling import KeyPath, shown
from perfci.settings.values import read_value

_PREFIX = "PERFCI_"
_NO_SETTINGS = frozenset(
    {
        "PERFCI_ARTIFACT_STEP",
        "PERFCI_BASE_REF",
        "PERFCI_CONFIG",
        "PERFCI_DEBUG",
        "PERFCI_GITHUB_TOKEN",
        "PERFCI_GITLAB_TOKEN",
        "PERFCI_PR",
        "PERFCI_REGISTER",
        "PERFCI_SHARD",
        "PERFCI_TOKEN",
        "PERFCI_WEBHOOK_SECRET",
        "PERFCI_WEBHOOK_URL",
    }
)


def from_environ(environ: Mapping[str, str]) -> Layer:
    """Take the settings out of the process's variables; empty ones count as not set.

    A variable that is almost a setting's name is a problem; any other unknown one is let pass.
    """
    reader = _Reader()
    for variable in sorted(environ):
        text = environ[variable].strip()
        if variable.startswith(_PREFIX) and variable not in _NO_SETTINGS and text:
            reader.variable(variable, text)
    for item in INPUTS:
        found = given(item, environ)
        if found and item.key:
            reader.input(item, *found)
    return Layer(
        name="environment",
        tree=reader.tree,
        where=nearest_of(reader.places, "environment"),
        additions=tuple(reader.additions),
        problems=tuple(reader.problems),
    )


def config_of(environ: Mapping[str, str]) -> str | None:
    """Return the settings file that the input `config`, else `PERFCI_CONFIG`, names."""
    return text_of("config", environ) or environ.get("PERFCI_CONFIG", "").strip() or None


def working_directory_of(environ: Mapping[str, str]) -> str:
    """Return the folder that the input `working-directory` names, else `.`."""
    return text_of("working-directory", environ) or "."


class _Reader:
    """Collects what variables say."""

    def __init__(self) -> None:
        self.tree: dict[str, Any] = {}
        self.places: dict[KeyPath, str] = {}
        self.additions: list[Addition] = []
        self.problems: list[str] = []

    def variable(self, variable: str, text: str) -> None:
        path = variable.removeprefix(_PREFIX).lower().split("__")
        name = ".".join(path)
        if is_addressable(name):
            self._set(name, variable, text)
            return
        meant = nearest(tuple(path), addressable=True)
        section = KEYS.get(path[0])
        if meant or (len(path) > 1 and section and section.table):
            hint = f"; did you mean {variable_of(meant)}?" if meant else ""
            self.problems.append(f"{_safe(variable)} is not known{hint}")

    def input(self, item: Input, variable: str, text: str) -> None:
        match item.name:
            case "run":
                self._put("benchmarks", variable, [{"name": "benchmark", "run": text}])
            case "threshold":
                rule = {"match": "*", "threshold": text, "level": "error"}
                self.additions.append(Addition(path=("gate", "rules"), item=rule, where=variable))
            case _:
                self._set(item.key, variable, text)

    def _set(self, name: str, variable: str, text: str) -> None:
        try:
            self._put(name, variable, read_value(name, text))
        except ValueError as error:
            self.problems.append(f"{name}: {shown(text)} cannot be read: {error} ({variable})")

    def _put(self, name: str, variable: str, value: object) -> None:
        path = tuple(name.split("."))
        put(self.tree, path, value)
        self.places[path] = variable


def variable_of(name: str) -> str:
    """Return the variable of a key: `gate.fail_on` is `PERFCI_GATE__FAIL_ON`."""
    return _PREFIX + name.replace(".", "__").upper()


def _safe(variable: str) -> str:
    return variable if variable.isprintable() else repr(variable)[1:-1]
