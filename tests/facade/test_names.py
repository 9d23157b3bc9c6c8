"""The names of the Python API: there when they are asked for, and nothing before."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import perfci

HOUSE = Path(__file__).parents[2]


def test_importing_the_package_imports_nothing_else(tmp_path: Path) -> None:
    code = (
        "import sys; before = set(sys.modules); import perfci; perfci.__version__; dir(perfci);"
        "print(sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=HOUSE, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['perfci']"


def test_every_public_name_has_its_home() -> None:
    assert set(perfci.__all__) == {*perfci._HOMES, "__version__"}
    assert set(perfci.__all__) <= set(dir(perfci))
    for name, home in perfci._HOMES.items():
        assert getattr(perfci, name) is getattr(import_module(f"perfci.{home}"), name)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Framework'"):
        perfci.Framework  # type: ignore[attr-defined]  # noqa: B018
