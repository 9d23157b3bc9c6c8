"""What a worker is told of the callables: what to import from where, and how to call it."""

from pathlib import Path
from typing import NamedTuple

from perfci.model.work import Function, path_of


class Form(NamedTuple):
    """What is to be done with what a call returns; the worker finds out at the first call."""

    awaits: bool
    stream: str
    """`generator` or `async generator` where it is consumed to its end; empty for neither."""


def load_order(
    function: Function, root: Path, definitions: Path, form: Form | None = None
) -> dict[str, object]:
    """Return what `Work` in the worker is made from; JSON can hold it.

    Args:
        function: the targets with their arguments.
        root: of the side, as the worker sees it; what is imported comes from there.
        definitions: the tree that the targets' own files are read from.
        form: None where the function has not been called yet.
    """
    named = {
        "function": function.target,
        "setup": function.setup,
        "teardown": function.teardown,
    }
    beside = ((root / path).parent for path in function.paths)
    return {
        "path": [str(folder) for folder in dict.fromkeys((root, root / "src", *beside))],
        "targets": {part: _target(target, definitions) for part, target in named.items() if target},
        "arguments": dict(function.arguments),
        "gc": function.gc,
        "form": form,
    }


def _target(target: str, definitions: Path) -> dict[str, str]:
    module, _, name = target.rpartition(":")
    path = path_of(target)
    return {
        "file": str(definitions / path) if path else "",
        "module": "" if path else module,
        "name": name,
    }
