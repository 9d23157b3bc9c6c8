"""The key `checksum`: what it means, and what wrong ones are told."""

from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
import yaml

from perfci.settings.benchmarks import expand
from perfci.settings.json_schema import json_schema
from perfci.settings.load import Loaded

Load = Callable[..., Loaded]
Complaints = Callable[..., list[str]]


@pytest.fixture(name="schema", scope="module")
def _schema() -> dict[str, Any]:
    return json_schema()


def settings(entry: str) -> str:
    return f"benchmarks: [{{name: a, {entry}}}]"


@pytest.mark.parametrize(
    ("entry", "checksum"),
    [
        ("run: x", None),
        ("run: x, checksum: false", None),
        ("run: x, checksum: null", None),
        ("run: x, checksum: true", ""),
        ("run: x, checksum: '  digest: '", "  digest: "),
        ("run: x, checksum: 'true'", "true"),
        ("run: x, image: a, checksum: true", ""),
        ("python: 'a.py:f', checksum: true", ""),
    ],
)
def test_what_has_to_be_the_same_is_all_or_lines_with_a_beginning_or_nothing(
    load_from: Load, schema: dict[str, Any], entry: str, checksum: str | None
) -> None:
    jsonschema.validate(yaml.safe_load(settings(entry)), schema)

    (benchmark,) = expand(load_from(settings(entry)))

    assert benchmark.checksum == checksum


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        (
            "run: x, checksum: ' '",
            "benchmarks[0].checksum: ' ' is empty, or has characters that cannot be shown",
        ),
        (
            'run: x, checksum: "a\\nb"',
            "benchmarks[0].checksum: 'a\\nb' is empty, or has characters that cannot be shown",
        ),
        (
            "run: x, checksum: 5",
            "benchmarks[0].checksum: 5 is neither true nor false nor the beginning of a line",
        ),
        (
            "run: x, checksum: [a]",
            "benchmarks[0].checksum: a list is neither true nor false nor the beginning of a line",
        ),
        (
            "python: 'a.py:f', checksum: 'digest:'",
            ("benchmarks[0] has a text as checksum, which is for run; python has checksum: true"),
        ),
        (
            "http: {url: 'http://h/'}, checksum: true",
            "benchmarks[0] has checksum, which is for run or python, not for http",
        ),
        (
            "system: {}, checksum: true",
            "benchmarks[0] has checksum, which is for run or python, not for system",
        ),
    ],
)
def test_a_wrong_one_is_told_in_plain_words(complaints: Complaints, entry: str, line: str) -> None:
    assert complaints(settings(entry)) == [f"{line} (perfci.yml, line 1)"]
