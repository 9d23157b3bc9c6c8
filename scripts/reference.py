"""docs/reference.md and the tables of docs/python.md, from the sources of the Python API.

Signatures are read as they are written, by `ast`: the page is the same whatever Python makes it.
"""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, fields
from importlib import import_module
from pathlib import Path
from typing import Any

import perfci
from perfci import errors
from scripts.docstring import Docstring, flat, paragraphs, parse

Function = ast.FunctionDef | ast.AsyncFunctionDef

HEAD = """\
<!-- Written by scripts/generate from the docstrings of the Python API: change them there. -->

# The names of the Python API

`from perfci import NAME` finds them, unless it is said that it does not. How they are used is told
in [python.md](python.md). A value that cannot be right is a `ConfigurationError` with the fix in
it, and all that perfci raises itself is a [`PerfciError`](#perfcierror). Measured values are in the
unit of their test type (ms, 1/s, MB, %), and every `datetime` is aware of its zone.
"""
ENTRIES = {
    "PerformanceRegressionFramework": "",
    "RegressionTestConfig": "",
    "RegressionTestType": "",
    "RegressionTestResult": "",
    "RegressionSeverity": "",
    "Outcome": "",
    "PerformanceBaseline": "",
    "BaselineStorage": "perfci.facade.storage",
    "TestFunc": "perfci.facade.registered",
    "SuiteResults": "perfci.facade.results",
    "PerformanceReporter": "",
    "PerformanceReport": "",
    "CICDIntegration": "",
    "CICDConfig": "",
    "CICDResult": "",
    "validate_framework_installation": "",
    "print_framework_info": "",
    "PerfciError": "",
}
"""Every public name in the order of the page, and what they take and answer; with its module."""
_PLAIN = frozenset(
    (
        *("Any", "Callable", "Iterable", "Mapping", "None", "Path", "PathLike", "bool"),
        *("datetime", "dict", "float", "int", "list", "object", "str", "tuple"),
    )
)
"""Types that need no entry of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A name, and how it is written in its source."""

    module: Any
    node: ast.stmt
    below: str
    """The text that stands below it."""

    @property
    def value(self) -> Any:
        """Return what it stands for."""
        return getattr(self.module, _name(self.node))


def reference() -> str:
    """Return docs/reference.md."""
    return "\n".join([HEAD, *(_entry(name, module) for name, module in ENTRIES.items()), _errors()])


def settings_table(name: str) -> list[str]:
    """Return a configuration's table: field, type, default, variable, meaning."""
    rows = ["| field | type | default | variable | meaning |", "|---|---|---|---|---|"]
    for field, kind, default, meaning in _fields(_find(name)):
        rows.append(_row(f"`{field}`", kind, default, f"`{field.upper()}`", meaning))
    return rows


def _entry(name: str, module: str) -> str:
    found = _find(name, module)
    lines = [f"## {name}", ""]
    if module:
        lines += ["What other names here take or answer; `from perfci` it cannot be imported.", ""]
    match found.node:
        case ast.ClassDef():
            lines += _class_lines(found, found.node)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            lines += _function_lines(found, found.node, name)
        case _:
            lines += [f"```python\n{ast.unparse(found.node)}\n```", "", paragraphs(found.below), ""]
    return "\n".join(lines)


def _find(name: str, module: str = "") -> Named:
    home = import_module(module or getattr(perfci, name).__module__)
    body = ast.parse(Path(str(inspect.getsourcefile(home))).read_text(encoding="utf-8")).body
    (at,) = [number for number, node in enumerate(body) if _name(node) == name]
    below = _text(body[at + 1]) if at + 1 < len(body) else ""
    return Named(module=home, node=body[at], below=below)


def _name(node: ast.stmt) -> str:
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
            return name
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
            return name
        case _:
            return ""


def _class_lines(found: Named, node: ast.ClassDef) -> Iterator[str]:
    told = parse(ast.get_docstring(node))
    yield from (paragraphs(told.about), "")
    if any(ast.unparse(base) == "StrEnum" for base in node.bases):
        yield from ("| member | value |", "|---|---|")
        yield from (_row(f"`{each.name}`", f"`{each.value}`") for each in found.value)
        yield ""
        return
    rows = [_row(f"`{field}`", *more) for field, *more in _fields(found)]
    if rows:
        yield from ("| field | type | default | meaning |", "|---|---|---|---|", *rows, "")
    functions = [each for each in node.body if isinstance(each, Function) and _is_told(each)]
    # who makes it is told how; of what is only answered, what it has
    if [each for each in functions if each.name == "__init__"]:
        yield from (_signature(found, each, node.name) for each in functions[:1])
        yield from _sections(told)
    elif rows:
        yield from _sections(told)
    for each in functions:
        if not each.name.startswith("_"):
            yield from (f"### {node.name}.{each.name}", "")
            yield from _function_lines(found, each, f"{node.name}.{each.name}")


def _fields(found: Named) -> Iterator[tuple[str, str, str, str]]:
    """Yield name, type, default and meaning of each field of a dataclass."""
    body = found.node.body if isinstance(found.node, ast.ClassDef) else []
    for at, node in enumerate(body):
        if isinstance(node, ast.AnnAssign):
            below = _text(body[at + 1]) if at + 1 < len(body) else ""
            kind, default = f"`{ast.unparse(node.annotation)}`", _default(found, node)
            yield _name(node), kind, default, flat(below)


def _default(found: Named, node: ast.AnnAssign) -> str:
    """Return a default as it is written; of a list, its items, as a variable holds them."""
    if node.value is None:
        return ""
    if isinstance(node.value, ast.Call):
        (item,) = [each for each in fields(found.value) if each.name == _name(node)]
        made: Any = item.default_factory() if callable(item.default_factory) else item.default
        return f"`{', '.join(made)}`" if isinstance(made, list) and made else f"`{made!r}`"
    return f"`{ast.unparse(node.value)}`"


def _text(node: ast.stmt) -> str:
    """Return the text that stands by itself as a statement; empty for anything else."""
    match node:
        case ast.Expr(value=ast.Constant(value=str(text))):
            return text
        case _:
            return ""


def _function_lines(found: Named, node: Function, name: str) -> Iterator[str]:
    told = parse(ast.get_docstring(node))
    if [each for each in node.decorator_list if ast.unparse(each) == "property"]:
        yield f"An attribute, `{_type(node.returns)}`.\n"
    else:
        yield _signature(found, node, name)
    yield from (paragraphs(told.about), "")
    yield from _sections(told)


def _signature(found: Named, node: Function, name: str) -> str:
    arguments = node.args
    plain = [each for each in arguments.args if each.arg != "self"]
    pairs = [*zip(reversed(plain), reversed(_padded(arguments.defaults, len(plain))), strict=True)][
        ::-1
    ]
    shown = [_argument(found, each, default) for each, default in pairs]
    if arguments.kwonlyargs:
        only = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        shown += ["*", *(_argument(found, each, default) for each, default in only)]
    waits = "await " if isinstance(node, ast.AsyncFunctionDef) else ""
    answer = "" if node.name == "__init__" else f" -> {_type(node.returns)}"
    line = f"{waits}{name}({', '.join(shown)}){answer}"
    if len(line) > 100:
        parts = "".join(f"    {each},\n" for each in shown)
        line = f"{waits}{name}(\n{parts}){answer}"
    return f"```python\n{line}\n```\n"


def _padded(defaults: list[ast.expr], length: int) -> list[ast.expr | None]:
    return [*([None] * (length - len(defaults))), *defaults]


def _argument(found: Named, node: ast.arg, default: ast.expr | None) -> str:
    told = f"{node.arg}: {_type(node.annotation)}"
    if default is None:
        return told
    if isinstance(default, ast.Name):  # a constant of the module
        return f"{told} = {getattr(found.module, default.id)!r}"
    return f"{told} = {ast.unparse(default)}"


def _sections(told: Docstring) -> Iterator[str]:
    heads = {"Args": "Arguments", "Attributes": "Attributes", "Returns": "", "Raises": "Raises"}
    for section, title in heads.items():
        items = told.items(section) if title else []
        if items:
            yield f"**{title}**\n"
            yield from (f"* `{name}`: {text}" for name, text in items)
            yield ""
        elif section in told.sections:
            yield f"**{section}** {paragraphs(told.sections[section])}\n"


def _is_told(node: Function) -> bool:
    """Tell whether a method takes and answers what has an entry here: others are perfci's own."""
    if node.name.startswith("_") and node.name != "__init__":
        return False
    written = [node.returns, *(each.annotation for each in node.args.args)]
    names = {
        each.id
        for it in written
        if it
        for each in ast.walk(ast.parse(_type(it), mode="eval"))
        if isinstance(each, ast.Name)
    }
    return names <= {*_PLAIN, *ENTRIES}


def _errors() -> str:
    lines = ["| error of `perfci.errors` | raised where |", "|---|---|"]
    for name, kind in vars(errors).items():
        if inspect.isclass(kind) and errors.PerfciError in kind.__bases__:
            about = parse(kind.__doc__).about
            lines.append(_row(f"`{name}`", flat(about)))
    return "\n".join(lines) + "\n"


def _type(node: ast.expr | None) -> str:
    """Return a type as it is written, without the quotes of a name that is known later."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return ast.unparse(node) if node else "None"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
