"""Several files of one tool: launches of one commit, and of one only."""

import json

import pytest

from perfci.errors import FormatError
from perfci.readers.formats import FORMATS
from perfci.readers.reading import Reading
from perfci.readers.source import Source

ONE, OTHER, THIRD = "a1" * 20, "b2" * 20, "c3" * 20


def joined(*commits: str) -> Reading:
    """Read a file with one value for each commit."""
    sources = []
    for number, commit in enumerate(commits):
        document = {
            "schema": "perfci.custom/1",
            "commit": commit,
            "results": [{"name": "parse", "unit": "s", "value": number + 1}],
        }
        sources.append(Source(name=f"{number}.json", data=json.dumps(document).encode()))
    found = FORMATS["custom-json"].parse(sources)
    assert isinstance(found, Reading)
    return found


@pytest.mark.parametrize(
    "commits", [(ONE, ONE), (ONE, "", ONE), ("", ONE), (ONE, ONE[:7]), (ONE[:7], ONE), ("", "")]
)
def test_files_of_one_commit_are_launches(commits: tuple[str, ...]) -> None:
    found = joined(*commits)
    assert len(found.found) == len(commits)
    assert found.commit == max(commits, key=len)


@pytest.mark.parametrize(
    ("commits", "says"),
    [
        ((ONE, OTHER), "2 commits: a1a1a1a and b2b2b2b"),
        ((ONE, "", THIRD, OTHER, ONE), "3 commits: a1a1a1a, c3c3c3c and b2b2b2b"),
        ((ONE, OTHER[:7]), "2 commits: a1a1a1a and b2b2b2b"),
        (("\x1b[31mred", "blue"), "2 commits: red and blue"),
        (tuple(f"{number:040d}" for number in range(90)), "and 87 more"),
    ],
)
def test_files_of_several_commits_are_refused(commits: tuple[str, ...], says: str) -> None:
    with pytest.raises(FormatError) as caught:
        joined(*commits)
    assert says in caught.value.message
    assert "one commit" in str(caught.value.hint)
