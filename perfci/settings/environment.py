"""Settings from variables: `PERFCI_SECTION__KEY`, and over them the action's `INPUT_*`."""

from collections.abc import Mapping
from typing import Any

from perfci.settings.inputs import INPUTS, Input, given, text_of
from perfci.settings.keys import KEYS, is_addressable, nearest
from perfci.settings.layers import Addition, Layer, nearest_of, put
from perfci.settings.spelling import KeyPath, shown
from perfci.settings.values import read_value

_PREFIX = "PERFCI_"
_BENCHMARKS = "benchmarks"
"""What several inputs describe together: one entry, in place of the settings file's."""
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
        if found and item.key and item.key != _BENCHMARKS:
            reader.input(item, *found)
    reader.benchmark({it.name: given(it, environ) for it in INPUTS if it.key == _BENCHMARKS})
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
            case "threshold":
                rule = {"match": "*", "threshold": text, "level": "error"}
                self.additions.append(Addition(path=("gate", "rules"), item=rule, where=variable))
            case _:
                self._set(item.key, variable, text)

    def benchmark(self, inputs: Mapping[str, tuple[str, str] | None]) -> None:
        """Take `run`, `results` and `format` together."""
        run, results, reads = (inputs[name] for name in ("run", "results", "format"))
        if run is None and results is None:
            if reads is not None:
                self.problems.append(f"{reads[0]} is given, but neither results nor run is")
            return
        entry: dict[str, object] = {"name": "benchmark"}
        if reads is not None:
            entry["read"] = reads[1]
        if run is None and results is not None:
            entry |= {"name": "results", "results": results[1].splitlines()}
        elif run is not None:
            entry["run"] = run[1]
            if results is not None:
                entry = {"read": "auto"} | entry | {"output": results[1]}
        self._put(_BENCHMARKS, (run or results or ("", ""))[0], [entry])

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
