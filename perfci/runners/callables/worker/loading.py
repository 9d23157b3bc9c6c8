"""Imports what the targets name."""
# ruff: noqa: PTH112, PTH117, PTH119, PTH122
# A path object is nothing that the measured process needs.

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
from typing import TYPE_CHECKING, Any

from .refusal import Refused, trimmed

if TYPE_CHECKING:
    from collections.abc import Callable

_KNOWN = "PERFCI_CALLABLES"
"""Variable that tells processes below which files are modules; `__main__` reads it there."""
_NAMES = 1000
"""Names of a module that are told where one of its is not found."""


def load(order: dict[str, Any]) -> dict[str, Callable[..., Any]]:
    """Import every target of an order; return them by part: `function`, `setup`, `teardown`.

    Raises:
        Refused: one cannot be imported, or there is no such function.
    """
    added = [folder for folder in order["path"] if os.path.isdir(folder)]
    sys.path[:0] = added
    files: dict[str, Any] = {}
    return {part: _found(part, target, files, added) for part, target in order["targets"].items()}


def _found(part: str, target: dict[str, str], files: dict[str, Any], added: list[str]) -> Any:
    path = target["file"]
    try:
        if path and path not in files:
            files[path] = _module_of(path)
        found = files[path] if path else importlib.import_module(target["module"])
    except BaseException as error:  # the project's code may raise anything
        raise Refused("import", trimmed(error), part, path=added) from error
    for name in target["name"].split("."):
        try:
            found = getattr(found, name)
        except AttributeError:
            names = [str(each) for each in dir(found)[:_NAMES]]
            raise Refused("missing", name, part, path=added, names=names) from None
        except BaseException as error:  # a module may make its names itself
            raise Refused("import", trimmed(error), part, path=added) from error
    if not callable(found):
        raise Refused("shape", f"is no function but of type {type(found).__name__}", part)
    return found


def _module_of(path: str) -> Any:
    stem = os.path.splitext(os.path.basename(path))[0]
    name = f"perfci_benchmark_{stem}"
    while name in sys.modules:  # two files of one name, in different folders
        name += "_"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None  # noqa: S101 - the file's name ends in .py
    assert spec.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pickle look there
    known = json.loads(os.environ.get(_KNOWN, "{}"))
    os.environ[_KNOWN] = json.dumps({**known, name: path})
    spec.loader.exec_module(module)
    return module


def modules() -> list[tuple[str, str]]:
    """Return names and files of the modules that are loaded, the worker's own left out."""
    own = __name__.rpartition(".")[0]
    found = []
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        ours = name == "__main__" or name.partition(".")[0] == own
        if not ours and isinstance(file, str) and os.path.isabs(file):
            found.append((name, file))
    return found
