"""Every request to GitHub, and every answer of its fake, beside GitHub's own description.

`.ci/parts` installs @octokit/openapi and names its file in PERFCI_TEST_GITHUB_OPENAPI.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from perfci.model.context import Context
from perfci.model.emission import Check, Comment, Conclusion
from perfci.platforms.github.checks import CheckSink
from perfci.platforms.github.comments import CommentSink
from perfci.reports.check import CheckReporter, opened
from perfci.reports.markdown import CommentReporter
from tests.platforms.fake_github import JOB, PERSON, USERS, FakeGitHub, github
from tests.platforms.test_github_checks import closed, note
from tests.reports.suites import EVERY
from tests.stores.fakes.server import Reply, Request, refusal

_FILE = os.environ.get("PERFCI_TEST_GITHUB_OPENAPI", "")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not _FILE, reason="PERFCI_TEST_GITHUB_OPENAPI names no description of GitHub's API"
    ),
]


class Description:
    """GitHub's own description of its API."""

    def __init__(self, path: Path) -> None:
        self._document: dict[str, Any] = _plain(json.loads(path.read_bytes()))
        self._operations = [
            (method, re.compile(re.sub(r"\\{\w+\\}", "([^/]+)", re.escape(template))), operation)
            for template, methods in self._document["paths"].items()
            for method, operation in methods.items()
        ]
        self.seen: set[str] = set()

    def check(self, request: Request, reply: Reply) -> None:
        """Hold a request and the answer to it against the description."""
        operation = self._operation(request)
        self.seen.add(operation["operationId"])
        known = {self._resolved(each)["name"]: each for each in operation.get("parameters", [])}
        for name, value in request.query.items():
            schema = self._resolved(known[name])["schema"]
            typed = int(value) if schema["type"] == "integer" else value
            self._hold(typed, schema)
        if request.body:
            content = operation["requestBody"]["content"]["application/json"]
            body = json.loads(request.body)
            self._hold(body, content["schema"])
            assert set(body) <= set(content["schema"]["properties"]), "GitHub knows no such field"
        told = operation["responses"].get(str(reply.status))
        # of a workflow run the fake tells its status alone
        whole = operation["operationId"] != "actions/get-workflow-run"
        if told and whole and reply.status < 300 and reply.body:
            content = self._resolved(told)["content"]["application/json"]
            self._hold(json.loads(reply.body), content["schema"])

    def _operation(self, request: Request) -> dict[str, Any]:
        found: list[dict[str, Any]] = [
            operation
            for method, pattern, operation in self._operations
            if method == request.method.lower() and pattern.fullmatch(request.path)
        ]
        assert found, f"GitHub knows no {request.method} {request.path}"
        return found[0]

    def _resolved(self, item: Mapping[str, Any]) -> Mapping[str, Any]:
        found: Any = item
        if "$ref" in item:
            found = self._document
            for part in item["$ref"].removeprefix("#/").split("/"):
                found = found[part]
        resolved: Mapping[str, Any] = found
        return resolved

    def _hold(self, value: object, schema: Mapping[str, Any]) -> None:
        whole = {**schema, "components": self._document["components"]}
        jsonschema.Draft7Validator(whole).validate(value)


def _plain(item: Any) -> Any:
    """Turn OpenAPI's own `nullable` into what JSON Schema calls it."""
    if isinstance(item, list):
        return [_plain(each) for each in item]
    if not isinstance(item, dict):
        return item
    made = {key: _plain(each) for key, each in item.items()}
    return {"anyOf": [made, {"type": "null"}]} if item.get("nullable") is True else made


@pytest.fixture(scope="module")
def description() -> Description:
    return Description(Path(_FILE))


@pytest.fixture
def hub(description: Description) -> Iterator[FakeGitHub]:
    """Serve a GitHub whose every exchange is held against the description."""
    pairs: list[tuple[Request, Reply]] = []
    with github() as fake:
        answer = fake.answer

        def remembered(request: Request) -> Reply:
            pairs.append((request, answer(request)))
            return pairs[-1][1]

        fake.answer = remembered  # type: ignore[method-assign]
        yield fake
    for request, reply in pairs:
        if request.path != "/graphql":
            description.check(request, reply)


def context() -> Context:
    return Context(
        platform="github",
        repository="acme/widget",
        commit="a" * 40,
        pr_number=12,
        run_url="https://github.com/acme/widget/actions/runs/42",
    )


def environ(hub: FakeGitHub, token: str = JOB) -> dict[str, str]:
    return {
        "GITHUB_API_URL": hub.address,
        "GITHUB_GRAPHQL_URL": f"{hub.address}/graphql",
        "GITHUB_TOKEN": token,
    }


def checks(hub: FakeGitHub, run: int = 42, attempt: int = 1) -> CheckSink:
    said = {**environ(hub), "GITHUB_RUN_ID": str(run), "GITHUB_RUN_ATTEMPT": str(attempt)}
    return CheckSink(
        said, context(), wait=lambda _: None, say=lambda _: None, token=lambda: "0123abcd"
    )


def check_of(name: str) -> Check:
    (check,) = CheckReporter().render(EVERY[name]())
    assert isinstance(check, Check)
    return check


@pytest.mark.parametrize("name", EVERY)
def test_what_is_said_of_any_suite_is_what_github_takes(hub: FakeGitHub, name: str) -> None:
    comments = CommentSink(environ(hub), context(), lambda _: None)
    for emission in CommentReporter("always").render(EVERY[name]()):
        comments.deliver(emission)
    sink = checks(hub)
    check = check_of(name)
    sink.deliver(opened(EVERY[name]().recording.project, ""))
    sink.deliver(check)
    assert len(hub.comments) == 1
    assert [each.conclusion for each in hub.checks.values()] == [check.conclusion]


def test_every_turn_of_a_comment_is_what_github_knows(hub: FakeGitHub) -> None:
    (*_, comment) = CommentReporter("always").render(EVERY["picture"]())
    for token in (JOB, PERSON):
        sink = CommentSink(environ(hub, token), context(), lambda _: None)
        sink.deliver(comment)
        hub.comments[-1].body = hub.comments[-1].body.replace("slower", "faster")
        hub.say(USERS[token], hub.comments[-1].body)
        # without it, /user is asked
        hub.interfere = lambda it: refusal(404, "no") if "graphql" in it.path else None
        sink.deliver(comment)
    assert len(hub.comments) == 2
    assert {line.partition(" ")[0] for line in hub.asked()} == {"GET", "POST", "PATCH", "DELETE"}


def test_a_thread_is_read_backwards_as_github_knows(hub: FakeGitHub) -> None:
    hub.page = 1
    for number in range(70):
        hub.say(USERS[PERSON], f"comment {number}")
    (*_, comment) = CommentReporter("always").render(EVERY["picture"]())
    assert isinstance(comment, Comment)
    own = hub.say(USERS[JOB], f"{comment.marker}\nold")
    CommentSink(environ(hub), context(), lambda _: None).deliver(comment)
    assert own.body == comment.forms[0]
    assert len(hub.comments) == 71


def test_every_turn_of_a_check_is_what_github_knows(hub: FakeGitHub) -> None:
    checks(hub, run=41).deliver(opened("", ""))
    hub.runs[41] = "completed"
    checks(hub).deliver(opened("", ""))
    again = checks(hub, attempt=2)
    again.deliver(opened("", ""))
    again.close()
    third = checks(hub, attempt=3)
    third.deliver(opened("", ""))
    third.deliver(closed(*map(note, range(1, 70)), conclusion=Conclusion.NEUTRAL))
    states = [each.conclusion for each in hub.checks.values()]
    assert states == ["cancelled", "cancelled", "cancelled", "neutral"]


def test_the_description_refuses_what_github_would(description: Description) -> None:
    bad = (
        ("check-runs", {"name": "x", "head_sha": "a", "status": "done"}),
        ("check-runs", {"name": "x"}),
        ("issues/12/comments", {"body": 5}),
        ("issues/12/comments", {"body": "x", "author": "y"}),
    )
    for path, body in bad:
        request = Request(
            method="POST",
            path=f"/repos/acme/widget/{path}",
            query={},
            headers={},
            body=json.dumps(body).encode(),
        )
        with pytest.raises((jsonschema.ValidationError, AssertionError)):
            description.check(request, Reply(status=500))
