"""The notes below the merge requests of project 7, as GitLab keeps them."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from tests.stores.fakes.server import Fake, Reply, Request, in_json, refusal, serving

TOKEN, READER, GUEST, ANNA = "glpat-bot-secret", "glpat-reader", "glpat-guest", "glpat-anna-secret"
JOB_TOKEN = "glcbt-job-secret"
LONGEST = 1_000_000
_COMMANDS = "approve|assign|close|label|merge|reopen|request_review|spend|tableflip"
_COMMAND = re.compile(rf"^/(?:{_COMMANDS})(?: [^\n]*)?(?:\s*\n|\Z)", re.MULTILINE | re.IGNORECASE)
"""What GitLab takes for a command; older ones look into blocks of code as well."""
_SCOPE = {
    "error": "insufficient_scope",
    "error_description": "The request requires higher privileges than the access token provides.",
    "scope": "api",
}
_SPENT = {"error": "This endpoint has been requested too many times. Try again later."}


@dataclass(frozen=True, slots=True)
class User:
    id: int
    name: str
    scope: str = "api"
    member: bool = True


USERS = {
    TOKEN: User(42, "project_7_bot"),
    READER: User(42, "project_7_bot", scope="read_api"),
    GUEST: User(77, "passer-by", member=False),
    ANNA: User(5, "anna"),
}


@dataclass(slots=True)
class Note:
    id: int
    author: User
    body: str
    system: bool = False
    request: int = 3


class FakeGitLab(Fake):
    """Project 7, `group/app`, with the merge requests 3 and 4."""

    def __init__(self) -> None:
        super().__init__(page=20)
        self.notes: list[Note] = []
        self.commands: list[str] = []
        """What was obeyed."""
        self.locked = False
        """Whether the discussion is closed to all."""
        self.longest = LONGEST
        self._numbers = count(900)

    def add(self, body: str, token: str = TOKEN, *, system: bool = False) -> Note:
        """Put a note below the merge request 3."""
        note = Note(next(self._numbers), USERS[token], body, system)
        self.notes.append(note)
        return note

    def said(self, method: str) -> list[Request]:
        return [request for request in self.requests if request.method == method]

    def answer(self, request: Request) -> Reply:
        if request.parts[:2] != ("api", "v4"):
            return refusal(404, "404 Not Found")
        user = USERS.get(request.headers.get("private-token", ""))
        by_job = request.headers.get("job-token") == JOB_TOKEN
        if user is None and not (by_job and request.method == "GET"):
            return refusal(401, "401 Unauthorized")
        match request.parts[2:]:
            case ("user",) if user:
                return in_json(_author(user))
            case ("projects", "7" | "group/app", "merge_requests", "3" | "4" as number, *rest):
                if user and not user.member:
                    return refusal(404, "404 Project Not Found")
                return self._request(request, user, int(number), rest)
            case _:
                return refusal(404, "404 Project Not Found")

    def _request(self, request: Request, user: User | None, number: int, rest: list[str]) -> Reply:
        if rest[:1] != ["notes"]:
            return refusal(404, "404 Not Found")
        if request.method == "GET":
            return self._list(request, number)
        assert user
        if user.scope != "api":
            return in_json(_SCOPE, status=403)
        if request.method == "POST":
            return self._write(request, Note(next(self._numbers), user, "", request=number), 201)
        note = next((it for it in self.notes if str(it.id) in rest[1:]), None)
        if note is None:
            return refusal(404, "404 Not found")
        if self.locked or note.author != user or note.system:
            return refusal(403, "403 Forbidden")
        if request.method == "DELETE":
            self.notes.remove(note)
            return Reply(status=204)
        return self._write(request, note, 200)

    def _list(self, request: Request, number: int) -> Reply:
        if not {request.query.get("sort", "desc")} <= {"asc", "desc"}:
            return in_json({"error": "sort does not have a valid value"}, status=400)
        found = [note for note in self.notes if note.request == number]
        found = found if request.query.get("sort") == "asc" else found[::-1]
        page, headers = self.page_of(request, [_shown(note) for note in found])
        return in_json(page, headers=headers)

    def _write(self, request: Request, note: Note, status: int) -> Reply:
        if self.locked:
            return refusal(403, "403 Forbidden")
        body = json.loads(request.body).get("body")
        if not isinstance(body, str) or not body.strip():
            return in_json({"error": "body is missing"}, status=400)
        if len(body) > self.longest:
            why = f'{{:note=>["is too long (maximum is {self.longest} characters)"]}}'
            return refusal(400, f"400 Bad request - Note {why}")
        body = body.replace("\r", "")
        self.commands += _COMMAND.findall(body)
        note.body = _COMMAND.sub("", body).rstrip()
        if note not in self.notes:
            self.notes.append(note)
        return in_json(_shown(note), status=status)


def spent(seconds: str = "") -> Reply:
    """Answer that this was one request too many."""
    headers = {"Retry-After": seconds} if seconds else {}
    return in_json({"message": _SPENT}, status=429, headers=headers)


def _author(user: User) -> Mapping[str, object]:
    return {"id": user.id, "username": user.name, "name": user.name, "state": "active"}


def _shown(note: Note) -> Mapping[str, object]:
    return {
        "id": note.id,
        "type": None,
        "body": note.body,
        "author": _author(note.author),
        "created_at": "2026-11-24T00:00:00.000Z",
        "updated_at": "2026-11-24T00:00:00.000Z",
        "system": note.system,
        "noteable_id": 1000 + note.request,
        "noteable_type": "MergeRequest",
        "noteable_iid": note.request,
        "resolvable": False,
        "confidential": False,
    }


@contextmanager
def gitlab() -> Iterator[FakeGitLab]:
    """Serve a project."""
    fake = FakeGitLab()
    with serving(fake.respond) as fake.address:
        yield fake


def variables_of(fake: FakeGitLab, **others: str) -> dict[str, str]:
    """Return the variables of a job in the pipeline of the merge request 3."""
    return {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": f"{fake.address}/api/v4",
        "CI_PROJECT_ID": "7",
        "CI_MERGE_REQUEST_IID": "3",
        "CI_MERGE_REQUEST_PROJECT_ID": "7",
        "CI_JOB_TOKEN": JOB_TOKEN,
        "PERFCI_GITLAB_TOKEN": TOKEN,
        **others,
    }
