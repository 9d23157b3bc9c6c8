"""The user's own tests for a pipeline: `PERFCI_REGISTER` names the function that registers them."""

import importlib
import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from perfci.errors import ConfigurationError, PerfciError

VARIABLE = "PERFCI_REGISTER"
_HINT = (
    f"{VARIABLE}=package.module:function or {VARIABLE}=folder/file.py:function names a function "
    "that takes the framework and calls framework.register(component, operation, test_type, "
    "test_func)"
)


def register_tests(framework: Any, environ: Mapping[str, str], folder: Path) -> None:
    """Import and call what `PERFCI_REGISTER` names, where it is set.

    Args:
        framework: is handed to the function.
        environ: the process's variables.
        folder: in which perfci was started; modules are found there, too.

    Raises:
        ConfigurationError: there is no such function, or it raises.
    """
    target = environ.get(VARIABLE, "").strip()
    if not target:
        return
    module, _, name = target.rpartition(":")
    if not module or not name:
        raise ConfigurationError(f"{VARIABLE} is {target[:200]!r}", hint=_HINT)
    try:
        found: Any = _module(module, folder)
        for part in name.split("."):
            found = getattr(found, part)
        found(framework)
    except PerfciError:
        raise
    # it is imported and called: the project's code may raise anything, and the variable is named
    except Exception as error:
        told = f"{type(error).__name__}: {error}"
        raise ConfigurationError(f"{VARIABLE}={target}: {told}", hint=_HINT) from error


def _module(name: str, folder: Path) -> Any:
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    if not name.endswith(".py"):
        return importlib.import_module(name)
    path = (folder / name).resolve()
    spec = importlib.util.spec_from_file_location(f"perfci_tests_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ConfigurationError(f"{path} is no file of Python", hint=_HINT)
    module = importlib.util.module_from_spec(spec)
    # dataclasses and pickle look there
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
