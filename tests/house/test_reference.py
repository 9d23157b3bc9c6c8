"""docs/reference.md tells of every public name, as its source has it."""

import inspect
import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

import perfci
from perfci import errors
from scripts.docstring import parse
from scripts.reference import ENTRIES, reference

PAGE = (Path(__file__).parents[2] / "docs/reference.md").read_text()
PUBLIC = [name for name in perfci.__all__ if not name.startswith("__")]
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE))


def test_the_page_is_what_is_generated() -> None:
    assert reference() == PAGE, "run scripts/generate"


def test_every_public_name_has_an_entry() -> None:
    assert set(PUBLIC) <= set(ENTRIES)
    assert list(SECTIONS) == list(ENTRIES)


@pytest.mark.parametrize("name", [name for name in PUBLIC if is_dataclass(getattr(perfci, name))])
def test_every_field_is_told(name: str) -> None:
    told = re.findall(r"^\| `(\w+)` \|", SECTIONS[name], re.MULTILINE)
    assert told == [item.name for item in fields(getattr(perfci, name))]


@pytest.mark.parametrize(
    "name", [name for name in PUBLIC if inspect.isclass(getattr(perfci, name))]
)
def test_every_method_that_is_told_is_there(name: str) -> None:
    kind: Any = getattr(perfci, name)
    for method in re.findall(rf"^### {name}\.(\w+)$", SECTIONS[name], re.MULTILINE):
        found = inspect.getattr_static(kind, method)
        waits = f"await {name}.{method}(" in SECTIONS[name]
        assert waits == inspect.iscoroutinefunction(found)
        for parameter in inspect.signature(found).parameters if callable(found) else ():
            assert parameter == "self" or f"{parameter}: " in SECTIONS[name]


def test_every_kind_of_error_is_told() -> None:
    kinds = {name for name, it in vars(errors).items() if inspect.isclass(it)}
    told = set(re.findall(r"^\| `(\w+)` \|", SECTIONS["PerfciError"], re.MULTILINE))
    assert told == kinds - {"PerfciError", "ExitCode", "IntEnum"}


def test_whatever_a_method_raises_is_a_kind_of_error() -> None:
    raised = set(re.findall(r"^\* `([A-Z]\w+)`: ", PAGE, re.MULTILINE))
    assert raised
    for name in raised:
        assert issubclass(getattr(errors, name), errors.PerfciError)


def test_a_docstring_is_taken_apart() -> None:
    found = parse(
        """Do it.

        More of it,
        on two lines.

        Args:
            one: the first,
                on two lines.
            two: the second: with a colon.

        Returns:
            What it made.

        Raises:
            StoreError: it is gone.
        """
    )
    assert found.about == "Do it.\n\nMore of it,\non two lines."
    assert found.items("Args") == [
        ("one", "the first, on two lines."),
        ("two", "the second: with a colon."),
    ]
    assert found.sections["Returns"] == "What it made."
    assert found.items("Raises") == [("StoreError", "it is gone.")]
    assert parse(None).about == ""
