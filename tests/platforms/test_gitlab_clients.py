"""The note that perfci writes, read by two clients of GitLab that nobody here wrote."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from perfci.model.emission import Comment
from perfci.platforms.gitlab.notes import NoteSink
from perfci.reports.comment import compose
from tests.platforms.fake_gitlab import TOKEN, FakeGitLab, gitlab, variables_of
from tests.reports import suites
from tests.stores.fakes.clients import (
    GITBEAKER,
    MODULES,
    PYTHON_GITLAB,
    ask,
    needs_gitbeaker,
    needs_python_gitlab,
)

pytestmark = pytest.mark.slow
_HERE = Path(__file__).parent / "gitlab"
_CLIENTS = [
    pytest.param(
        (*PYTHON_GITLAB[:2], str(_HERE / "notes.py")), marks=needs_python_gitlab, id="python-gitlab"
    ),
    pytest.param((GITBEAKER[0], str(_HERE / "notes.mjs")), marks=needs_gitbeaker, id="gitbeaker"),
]


@pytest.fixture
def fake() -> Iterator[FakeGitLab]:
    with gitlab() as found:
        yield found


def client(command: tuple[str, ...], fake: FakeGitLab, *verb: str) -> Any:
    environ = {"ADDRESS": fake.address, "TOKEN": TOKEN, "MODULES": MODULES}
    return ask([*command, *verb], environ)


def comment(name: str) -> Comment:
    text = compose(suites.EVERY[name](), longest=65_000)
    return Comment(marker=text.split("\n")[0], forms=(text,), makes=True)


@pytest.mark.parametrize("command", _CLIENTS)
def test_a_client_reads_what_perfci_wrote(fake: FakeGitLab, command: tuple[str, ...]) -> None:
    sink = NoteSink(variables_of(fake), wait=lambda _: None)
    for name in ("picture", "hostile"):
        sink.deliver(comment(name))
    listed = client(command, fake, "list")
    bodies = [comment(name).forms[0].rstrip() for name in ("picture", "hostile")]
    assert listed == [["project_7_bot", body] for body in bodies]


@pytest.mark.parametrize("command", _CLIENTS)
def test_perfci_finds_its_note_among_a_clients(fake: FakeGitLab, command: tuple[str, ...]) -> None:
    fake.page = 2
    wanted = comment("picture")
    client(command, fake, "make", f"{wanted.marker}\nof an earlier version")
    for text in ("one", "two", "three"):
        client(command, fake, "make", text)
    NoteSink(variables_of(fake), wait=lambda _: None).deliver(wanted)
    listed = [body for _, body in client(command, fake, "list")]
    assert listed == [wanted.forms[0].rstrip(), "one", "two", "three"]
