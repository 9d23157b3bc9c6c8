"""Pull request 12 of `acme/widget` and the checks of its commits, as GitHub keeps them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode

from tests.stores.fakes.server import Fake, Item, Reply, Request, in_json, refusal, serving

JOB, READER, PERSON, APP = ("ghs_jobsecret", "ghs_readsecret", "ghp_annasecret", "ghs_appsecret")
LONGEST = 65_536
_NOW = "2026-11-26T10:00:00Z"


@dataclass(frozen=True, slots=True)
class User:
    id: int
    login: str
    kind: str = "Bot"
    writes: bool = True


USERS = {
    JOB: User(41898282, "github-actions[bot]"),
    READER: User(41898282, "github-actions[bot]", writes=False),
    PERSON: User(5, "anna", "User"),
    APP: User(77, "perf-app[bot]"),
}
EVE = User(666, "eve", "User")
_PUBLIC = {
    **dict.fromkeys(("bio", "company", "email", "hireable", "location", "name")),
    **dict.fromkeys(("followers", "following", "public_gists", "public_repos"), 0),
    **dict.fromkeys(("created_at", "updated_at"), _NOW),
    "blog": "",
}
"""What a user's own page has beside what stands below a comment."""
_DENIED = "Resource not accessible by integration"


@dataclass(slots=True)
class Said:
    """A comment."""

    id: int
    user: User
    body: str


@dataclass(slots=True)
class Run:
    """A check run."""

    id: int
    name: str
    commit: str
    external_id: str
    details_url: str
    status: str
    conclusion: str | None
    title: str = ""
    summary: str = ""
    annotations: list[Mapping[str, object]] = field(default_factory=list)


class FakeGitHub(Fake):
    """What is below pull request 12 and beside the commits of its repository."""

    def __init__(self) -> None:
        super().__init__(page=100)
        self.comments: list[Said] = []
        self.checks: dict[int, Run] = {}
        self.runs: dict[int, str] = {}
        """Status of other workflow runs."""
        self.pulls: dict[int, str] = {}
        """Head of each open pull request."""
        self.locked = False
        self.may_check = True
        self.graphql = True
        """Whether there is one: Gitea and Forgejo have none."""
        self.longest = LONGEST
        self._numbers = count(1)

    def say(self, user: User, body: str) -> Said:
        """Put a comment there."""
        made = Said(next(self._numbers), user, body)
        self.comments.append(made)
        return made

    def page_of(
        self, request: Request, items: Sequence[Item]
    ) -> tuple[Sequence[Item], dict[str, str]]:
        """Return a page as any server does, with the links that lead back, too."""
        shown, headers = super().page_of(request, items)
        page = int(request.query.get("page", "1"))
        links = [headers["Link"]] if headers else []
        for name, number in (("prev", page - 1), ("first", 1)) if page > 1 else ():
            query = urlencode({**request.query, "page": number})
            at = f"http://{request.headers['host']}{request.path}"
            links.append(f'<{at}?{query}>; rel="{name}"')
        return shown, {"Link": ", ".join(links)} if links else {}

    def asked(self) -> list[str]:
        """Return method and path of each request."""
        return [f"{each.method} {each.path}" for each in self.requests]

    def answer(self, request: Request) -> Reply:
        user = USERS.get(request.headers.get("authorization", "").rpartition(" ")[2])
        if user is None:
            return refusal(401, "Bad credentials")
        match request.method, request.parts:
            case "POST", ("graphql",) if self.graphql:
                viewer = {"login": user.login, "databaseId": user.id}
                return in_json({"data": {"viewer": viewer}})
            case "GET", ("user",):
                if user.kind == "Bot" and self.graphql:
                    return refusal(403, _DENIED)
                return in_json({**_user(user), **_PUBLIC})
            case _, ("repos", "acme", "widget", *rest):
                if request.method != "GET" and not user.writes:
                    return refusal(403, _DENIED)
                return self._repository(request, user, rest)
            case _:
                return refusal(404, "Not Found")

    def _repository(self, request: Request, user: User, rest: list[str]) -> Reply:
        match request.method, rest:
            case "GET", ["issues", "12", "comments"]:
                page, headers = self.page_of(request, self.comments)
                return in_json([self._comment(each) for each in page], headers=headers)
            case "POST", ["issues", "12", "comments"]:
                if self.locked:
                    return refusal(403, "Unable to create comment because issue is locked.")
                return self._body(request) or self._made(request, user)
            case _, ["issues", "comments", number]:
                found = next((each for each in self.comments if each.id == int(number)), None)
                return self._one(request, found) if found else refusal(404, "Not Found")
            case "GET", ["pulls", _] | ["commits", _, "pulls"]:
                return self._pulls(rest)
            case "GET", ["actions", "runs", number]:
                status = self.runs.get(int(number))
                return in_json({"status": status}) if status else refusal(404, "Not Found")
            case _, ["check-runs", *_] | ["commits", _, "check-runs"]:
                return self._checks(request, user, rest)
            case _:
                return refusal(404, "Not Found")

    def _pulls(self, rest: list[str]) -> Reply:
        if rest[0] == "commits":
            mine = [_pull(each, head) for each, head in self.pulls.items() if head == rest[1]]
            return in_json(mine)
        head = self.pulls.get(int(rest[1]))
        return in_json(_pull(int(rest[1]), head)) if head else refusal(404, "Not Found")

    def _one(self, request: Request, found: Said) -> Reply:
        if request.method == "DELETE":
            self.comments.remove(found)
            return Reply(status=204)
        refused = self._body(request)
        if refused:
            return refused
        found.body = json.loads(request.body)["body"]
        return in_json(self._comment(found))

    def _body(self, request: Request) -> Reply | None:
        body = json.loads(request.body)["body"]
        if len(body.encode("utf-16-le")) // 2 <= self.longest:
            return None
        error = {
            "resource": "IssueComment",
            "code": "unprocessable",
            "field": "data",
            "message": f"Body is too long (maximum is {self.longest} characters)",
        }
        return in_json({"message": "Validation Failed", "errors": [error]}, status=422)

    def _made(self, request: Request, user: User) -> Reply:
        made = self.say(user, json.loads(request.body)["body"])
        return in_json(self._comment(made), status=201)

    def _checks(self, request: Request, user: User, rest: list[str]) -> Reply:
        match request.method, rest:
            case "GET", ["commits", commit, _]:
                found = [
                    each
                    for each in self.checks.values()
                    if each.commit == commit
                    and each.name == request.query["check_name"]
                    and each.status == request.query["status"]
                ]
                page, headers = self.page_of(request, found)
                shown = [self._check(each) for each in page]
                return in_json({"total_count": len(found), "check_runs": shown}, headers=headers)
            case "POST", ["check-runs"]:
                if not self.may_check or user.kind != "Bot":
                    return refusal(403, _DENIED)
                told = json.loads(request.body)
                run = Run(
                    next(self._numbers),
                    told["name"],
                    told["head_sha"],
                    told.get("external_id", ""),
                    told.get("details_url", ""),
                    told["status"],
                    None,
                )
                self.checks[run.id] = run
                return self._changed(run, told, 201)
            case "PATCH", ["check-runs", number] if int(number) in self.checks:
                return self._changed(self.checks[int(number)], json.loads(request.body), 200)
            case _:
                return refusal(404, "Not Found")

    def _changed(self, run: Run, told: Mapping[str, object], status: int) -> Reply:
        output = told.get("output", {})
        assert isinstance(output, dict)
        annotations = output.get("annotations", [])
        if len(annotations) > 50 or len(output.get("summary", "")) > 65_535:
            return refusal(422, "Invalid request. No more than 50 items are allowed.")
        if told.get("status") == "completed" and not told.get("conclusion"):
            return refusal(422, "Missing conclusion")
        run.status = str(told.get("status", run.status))
        run.conclusion = str(told["conclusion"]) if "conclusion" in told else run.conclusion
        run.title = output.get("title", run.title)
        run.summary = output.get("summary", run.summary)
        run.annotations += annotations
        return in_json(self._check(run), status=status)

    def _comment(self, each: Said) -> dict[str, object]:
        url = f"{self.address}/repos/acme/widget/issues/comments/{each.id}"
        return {
            "id": each.id,
            "node_id": f"IC_{each.id}",
            "url": url,
            "html_url": url,
            "issue_url": f"{self.address}/repos/acme/widget/issues/12",
            "body": each.body.replace("\n", "\r\n"),
            "user": _user(each.user),
            "author_association": "NONE",
            "created_at": _NOW,
            "updated_at": _NOW,
        }

    def _check(self, run: Run) -> dict[str, object]:
        url = f"{self.address}/repos/acme/widget/check-runs/{run.id}"
        return {
            "id": run.id,
            "node_id": f"CR_{run.id}",
            "name": run.name,
            "head_sha": run.commit,
            "external_id": run.external_id,
            "details_url": run.details_url,
            "url": url,
            "html_url": url,
            "status": run.status,
            "conclusion": run.conclusion,
            "started_at": _NOW,
            "completed_at": _NOW if run.status == "completed" else None,
            "output": {
                "title": run.title,
                "summary": run.summary,
                "text": None,
                "annotations_count": len(run.annotations),
                "annotations_url": f"{url}/annotations",
            },
            "check_suite": {"id": 1},
            "app": None,
            "pull_requests": [],
        }


def _pull(number: int, head: str) -> dict[str, object]:
    return {"number": number, "state": "open", "head": {"sha": head}}


def _user(user: User) -> dict[str, object]:
    address = f"https://github.com/{user.login}"
    links = ("avatar", "events", "followers", "following", "gists", "html", "organizations")
    others = ("received_events", "repos", "starred", "subscriptions")
    return {
        "id": user.id,
        "node_id": f"U_{user.id}",
        "login": user.login,
        "type": user.kind,
        "gravatar_id": "",
        "site_admin": False,
        "url": address,
        **{f"{name}_url": address for name in (*links, *others)},
    }


@contextmanager
def github() -> Iterator[FakeGitHub]:
    """Serve it on a free port."""
    fake = FakeGitHub()
    with serving(fake.respond) as address:
        fake.address = address
        yield fake
