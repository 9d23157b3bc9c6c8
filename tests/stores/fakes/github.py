"""GitHub's artifacts: the API that lists them, the service that takes them, the storage behind."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from tests.stores.fakes.server import Fake, Reply, Request, in_json, refusal, serving

RUN_IDS = "ce7f54c7-61c7-4aae-887f-30da475f5f1a"
JOB_IDS = "ca395085-040a-526b-2ce8-bdc85f692774"
NUMBER = 1296269
_FORBIDDEN = re.compile(r"[\":<>|*?\r\n\\/]")


def runtime_token(scope: str = f"Actions.Example Actions.Results:{RUN_IDS}:{JOB_IDS}") -> str:
    parts = ({"alg": "HS256"}, {"scp": scope, "exp": 4102444800})
    coded = [base64.urlsafe_b64encode(json.dumps(it).encode()).rstrip(b"=") for it in parts]
    return b".".join([*coded, b"runtimesignature"]).decode()


@dataclass(slots=True, kw_only=True)
class Run:
    branch: str = "main"
    event: str = "push"
    conclusion: str | None = "success"
    head_repository: int = NUMBER


@dataclass(slots=True, kw_only=True)
class _Artifact:
    id: int
    name: str
    run: int
    data: bytes | None = None
    expired: bool = False
    blocks: dict[str, bytes] = field(default_factory=dict)


class FakeGitHub(Fake):
    """The repository `octo/app`, and the workflow run that is going on."""

    def __init__(self) -> None:
        super().__init__(page=30)
        self.token = "ghs_readsecret"
        self.runtime = runtime_token()
        self.runs = {100: Run(conclusion=None)}
        self.now = 100
        """Number of the workflow run that is going on."""
        self.camel = False
        """Whether the service writes `artifactId`, as Gitea's and act's do."""
        self.strict = True
        """Whether the service refuses a field that it does not know, as theirs do."""
        self.may_read = True
        self._artifacts: list[_Artifact] = []
        self._numbers = count(1)

    def begin(self, number: int, run: Run | None = None) -> None:
        """End the run that is going on well, unless it has ended, and begin another."""
        if self.runs[self.now].conclusion is None:
            self.runs[self.now].conclusion = "success"
        self.runs[number] = run or Run(conclusion=None)
        self.now = number

    def add(self, name: str, data: bytes, run: int, *, expired: bool = False) -> int:
        """Put an artifact there that others made; return its number."""
        made = _Artifact(id=next(self._numbers), name=name, run=run, data=data, expired=expired)
        self._artifacts.append(made)
        return made.id

    def reserve(self, name: str) -> None:
        """Take a name in the run that is going on, as a job does that dies before it uploads."""
        self._artifacts.append(_Artifact(id=next(self._numbers), name=name, run=self.now))

    def names(self) -> list[tuple[int, str]]:
        """Return run and name of each artifact that is whole."""
        return [(it.run, it.name) for it in self._artifacts if it.data is not None]

    def answer(self, request: Request) -> Reply:
        match request.parts:
            case ("blob", number):
                return self._blob(request, int(number))
            case ("twirp", "github.actions.results.api.v1.ArtifactService", method):
                return self._service(request, method)
            case ("repos", "octo", "app", "actions", *rest):
                return self._api(request, rest)
            case _:
                return refusal(404, "Not Found")

    def _api(self, request: Request, rest: list[str]) -> Reply:
        if request.headers.get("authorization") not in {
            f"Bearer {self.token}",
            f"token {self.token}",
        }:
            return refusal(401, "Bad credentials")
        if not self.may_read:
            return refusal(403, "Resource not accessible by integration")
        match rest:
            case ["artifacts"]:
                return self._list(request, self._artifacts)
            case ["runs", number, "artifacts"]:
                return self._list(request, [it for it in self._artifacts if it.run == int(number)])
            case ["runs", number] if int(number) in self.runs:
                return in_json(_run(int(number), self.runs[int(number)]))
            case ["artifacts", number, "zip"]:
                found = next((it for it in self._artifacts if it.id == int(number)), None)
                if found is None or found.expired:
                    return refusal(410, "Artifact has expired")
                return Reply(status=302, headers={"Location": self._signed(found.id, "download")})
            case _:
                return refusal(404, "Not Found")

    def _list(self, request: Request, artifacts: list[_Artifact]) -> Reply:
        name = request.query.get("name")
        found = [it for it in artifacts if it.data is not None and name in {None, it.name}]
        found.sort(key=lambda it: -it.id)
        page, headers = self.page_of(request, found)
        shown = [self._shown(it) for it in page]
        return in_json({"total_count": len(found), "artifacts": shown}, headers=headers)

    def _shown(self, artifact: _Artifact) -> dict[str, object]:
        run = self.runs[artifact.run]
        data = artifact.data or b""
        return {
            "id": artifact.id,
            "name": artifact.name,
            "size_in_bytes": len(data),
            "expired": artifact.expired,
            "created_at": "2026-11-24T00:00:00Z",
            "digest": f"sha256:{hashlib.sha256(data).hexdigest()}",
            "workflow_run": {
                "id": artifact.run,
                "repository_id": NUMBER,
                "head_repository_id": run.head_repository,
                "head_branch": run.branch,
                "head_sha": "328f",
            },
        }

    def _service(self, request: Request, method: str) -> Reply:
        if request.headers.get("authorization") != f"Bearer {self.runtime}":
            return _twirp(401, "unauthenticated", "invalid token")
        asked = json.loads(request.body)
        known = {"workflow_run_backend_id", "workflow_job_run_backend_id", "name"}
        known |= {"version", "expires_at", "size", "hash", "name_filter", "id_filter"}
        if self.strict and asked.keys() - known:
            return _twirp(500, "internal", f"unknown field {asked.keys() - known}")
        if asked.get("workflow_run_backend_id") != RUN_IDS:
            return _twirp(403, "permission_denied", "another run's")
        mine = [it for it in self._artifacts if it.run == self.now]
        match method:
            case "CreateArtifact":
                return self._create(asked, mine)
            case "FinalizeArtifact":
                return self._finalize(asked, mine)
            case "ListArtifacts":
                wanted = {None, asked.get("name_filter")}, {None, asked.get("id_filter")}
                shown = [
                    self._in_service(it)
                    for it in mine
                    if it.data is not None
                    and (len(wanted[0]) == 1 or it.name in wanted[0])
                    and (len(wanted[1]) == 1 or str(it.id) in wanted[1])
                ]
                return self._said({"artifacts": shown})
            case "GetSignedArtifactURL":
                found = next(it for it in mine if it.name == asked["name"])
                return self._said({"signed_url": self._signed(found.id, "download")})
            case _:
                return _twirp(404, "bad_route", "no such method")

    def _create(self, asked: dict[str, object], mine: list[_Artifact]) -> Reply:
        name = str(asked["name"])
        if _FORBIDDEN.search(name):
            return _twirp(400, "invalid_argument", "the artifact name is not valid")
        # taken from the first call on: jobs of a matrix that begin at once meet this, too
        if any(it.name == name for it in mine):
            message = "an artifact with this name already exists on the workflow run"
            return _twirp(409, "already_exists", message)
        self.reserve(name)
        made = self._artifacts[-1]
        return self._said({"ok": True, "signed_upload_url": self._signed(made.id, "upload")})

    def _finalize(self, asked: dict[str, object], mine: list[_Artifact]) -> Reply:
        found = next(it for it in reversed(mine) if it.name == asked["name"])
        data = b"".join(found.blocks.values()) if "" in found.blocks else None
        if data is None or asked["size"] != str(len(data)):
            return _twirp(400, "invalid_argument", "the size is not that of the blob")
        told = asked.get("hash")
        if told not in {None, f"sha256:{hashlib.sha256(data).hexdigest()}"}:
            return _twirp(400, "invalid_argument", "the hash is not that of the blob")
        found.data = data
        return self._said({"ok": True, "artifact_id": str(found.id)})

    def _in_service(self, artifact: _Artifact) -> dict[str, object]:
        data = artifact.data or b""
        return {
            "workflow_run_backend_id": RUN_IDS,
            "workflow_job_run_backend_id": JOB_IDS,
            "database_id": str(artifact.id),
            "name": artifact.name,
            "size": str(len(data)),
            "created_at": "2026-11-24T00:00:00Z",
            "digest": f"sha256:{hashlib.sha256(data).hexdigest()}",
        }

    def _said(self, document: object) -> Reply:
        return in_json(_camel(document) if self.camel else document)

    def _signed(self, number: int, what: str) -> str:
        return f"{self.storage}/blob/{number}?sp={what}&sig=signed%2Fsecret"

    def _blob(self, request: Request, number: int) -> Reply:
        """Answer as Azure's block blobs do."""
        if request.query.get("sig") != "signed/secret" or "authorization" in request.headers:
            return Reply(
                status=403, body=b"<?xml?><Error><Code>AuthenticationFailed</Code></Error>"
            )
        artifact = next(it for it in self._artifacts if it.id == number)
        if request.method == "GET":
            headers = {"Content-Type": "application/zip"}
            return Reply(headers=headers, body=artifact.data or b"")
        match request.query.get("comp"):
            case "block":
                block = request.query["blockid"]
                if any(len(it) != len(block) for it in artifact.blocks):
                    return Reply(status=400, body=b"<Error><Code>InvalidBlockId</Code></Error>")
                artifact.blocks[block] = request.body
            case "blocklist":
                names = re.findall(r"<Latest>(.*?)</Latest>", request.body.decode())
                artifact.blocks = {name: artifact.blocks[name] for name in names}
                artifact.blocks[""] = b""
            case _:
                return Reply(status=400, body=b"<Error><Code>InvalidQuery</Code></Error>")
        return Reply(status=201, headers={"x-ms-request-server-encrypted": "true"})


def _run(number: int, run: Run) -> dict[str, object]:
    return {
        "id": number,
        "event": run.event,
        "status": "completed" if run.conclusion else "in_progress",
        "conclusion": run.conclusion,
        "head_branch": run.branch,
        "repository": {"id": NUMBER, "full_name": "octo/app"},
        "head_repository": {"id": run.head_repository, "full_name": "octo/app"},
    }


def _camel(document: object) -> object:
    match document:
        case dict():
            return {
                re.sub(r"_(.)", lambda at: at[1].upper(), key): _camel(it)
                for key, it in document.items()
            }
        case list():
            return [_camel(it) for it in document]
        case _:
            return document


def _twirp(status: int, code: str, message: str) -> Reply:
    return in_json({"code": code, "msg": message}, status=status)


@contextmanager
def github() -> Iterator[FakeGitHub]:
    """Serve a repository in which a push to main is being run."""
    fake = FakeGitHub()
    with serving(fake.respond) as address, serving(fake.respond) as storage:
        fake.address, fake.storage = address, storage
        yield fake


def action_in(fake: FakeGitHub) -> dict[str, str]:
    """Return the variables of an action in the run that is going on."""
    run = fake.runs[fake.now]
    pull = {"GITHUB_REF": "refs/pull/7/merge", "GITHUB_BASE_REF": "main"}
    push = {"GITHUB_REF": f"refs/heads/{run.branch}", "GITHUB_BASE_REF": ""}
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": fake.address,
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "octo/app",
        "GITHUB_REPOSITORY_ID": str(NUMBER),
        "GITHUB_RUN_ID": str(fake.now),
        "INPUT_GITHUB-TOKEN": fake.token,
        "ACTIONS_RESULTS_URL": f"{fake.address}/",
        "ACTIONS_RUNTIME_TOKEN": fake.runtime,
        **(pull if run.event == "pull_request" else push),
    }
