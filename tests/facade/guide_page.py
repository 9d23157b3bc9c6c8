"""The guide that the Python API keeps to, taken apart: blocks of code, tables, lists.

It is no part of the project. Where it does not lie beside the repository, what needs it is skipped.
"""

import ast
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
PLACE = HOUSE.parent / "shared/design/framework-guide.md"
THERE = pytest.mark.skipif(not PLACE.is_file(), reason=f"the guide is not here: {PLACE}")
MODULE = "addons.aicleaner_v3.performance"
STANDARD = frozenset(sys.stdlib_module_names)
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of code; the number counts those of its language, from 1."""

    language: str
    number: int
    text: str

    @property
    def name(self) -> str:
        return f"{self.language} {self.number}"


@cache
def text() -> str:
    """Return the guide, its import path replaced by ours and nothing else."""
    return PLACE.read_text(encoding="utf-8").replace(MODULE, "perfci")


@cache
def blocks() -> dict[str, Block]:
    """Return every block of code, by its name, in the order of the guide."""
    found: dict[str, Block] = {}
    counts: dict[str, int] = {}
    for language, code in _BLOCK.findall(text()):
        counts[language] = counts.get(language, 0) + 1
        block = Block(language=language, number=counts[language], text=code)
        found[block.name] = block
    return found


def section(heading: str) -> str:
    """Return what stands below a heading, up to the next one."""
    _, found, rest = text().partition(f"# {heading}\n")
    assert found, f"the guide has no section {heading}"
    return re.split(r"^#+ ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def table(heading: str) -> list[tuple[str, str, str]]:
    """Return name, type and default of every parameter in the table below a heading."""
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|", section(heading), re.MULTILINE)
    assert rows, f"the guide has no table below {heading}"
    return [(name, kind.strip(), default.strip()) for name, kind, default in rows]


def members(heading: str) -> dict[str, str]:
    """Return the names in bold below a heading, with what is said of each."""
    return dict(re.findall(r"^- \*\*(\w+)\*\*: (.*)$", section(heading), re.MULTILINE))


def methods(heading: str) -> dict[str, list[str]]:
    """Return the methods that are listed below a class, with their arguments."""
    found = re.findall(r"^- `(\w+)\((.*?)\)`:", section(heading), re.MULTILINE)
    assert found, f"the guide lists no methods of {heading}"
    return {name: [each for each in told.split(", ") if each] for name, told in found}


def commands() -> set[str]:
    """Return every way in which the guide starts Python, in blocks of code and in sentences."""
    found = r"python -m (?:unittest )?(?:-v )?perfci[\w. ]*\w"
    return set(re.findall(found, text())) if PLACE.is_file() else set()


def imported() -> set[str]:
    """Return the names that the blocks import from the package itself."""
    found: set[str] = set()
    for block in blocks().values():
        if block.language == "python":
            for node in ast.walk(ast.parse(block.text)):
                if isinstance(node, ast.ImportFrom) and node.module == "perfci":
                    found |= {each.name for each in node.names}
    return found
