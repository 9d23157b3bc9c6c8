"""Every settings example in the documents is one."""

import re
from pathlib import Path

import pytest

from perfci.settings.benchmarks import expand
from perfci.settings.files import parse_file
from perfci.settings.load import load

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
EXAMPLES = [
    pytest.param(text, id=f"{page.name}-{number}")
    for page in PAGES
    for number, text in enumerate(re.findall(r"```yaml\n(.*?)```", page.read_text(), re.DOTALL))
    if "benchmarks:" in text
]


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_settings_example_is_valid(text: str) -> None:
    assert expand(load([parse_file("perfci.yml", text.encode())]))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
        assert (page.parent / target).exists(), target
