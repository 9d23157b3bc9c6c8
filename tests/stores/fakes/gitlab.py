"""GitLab's package registry and job artifacts, as its own source answers."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from tests.stores.fakes.server import Fake, Reply, Request, in_json, refusal, serving

_NAME = re.compile(r"[A-Za-z0-9._+-]+")
_VERSION = re.compile(r"(?!.*\.\.)[\w+.-]+", re.ASCII)
_FILE = re.compile(r"(?![~@])[A-Za-z0-9._+~@-]+(?<![~@])")


@dataclass(slots=True, kw_only=True)
class _File:
    id: int
    name: str
    data: bytes
    gone: bool = False


@dataclass(slots=True, kw_only=True)
class _Package:
    id: int
    name: str
    version: str
    files: list[_File]


class FakeGitLab(Fake):
    """One project, number 7, path `group/app`."""

    def __init__(self) -> None:
        super().__init__(page=20)
        self.tokens = {"job-token": "glcbt-job-secret", "private-token": "glpat-own-secret"}
        self.duplicates = True
        self.may_delete = True
        self.may_write = True
        self.private = False
        """Whether nobody may see the project."""
        self.largest = 1 << 30
        self.artifacts: dict[tuple[str, str], bytes] = {}
        """Archive of a job by branch and job."""
        self.registry = True
        """Whether the package registry is enabled for the project."""
        self._packages: list[_Package] = []
        self._numbers = count(1)

    def add(self, name: str, version: str, file: str, data: bytes) -> None:
        """Put a file there that others published."""
        body = Request(method="PUT", path="", query={}, headers={}, body=data)
        assert self._put(body, name, version, file).status == 201

    def answer(self, request: Request) -> Reply:
        if request.parts[:1] == ("storage",):
            return self._stored(request)
        if request.parts[:3] != ("api", "v4", "projects"):
            return refusal(404, "404 Not Found")
        if not any(request.headers.get(name) == it for name, it in self.tokens.items()):
            return refusal(401, "401 Unauthorized")
        project, *rest = request.parts[3:]
        if project not in {"7", "group/app"} or self.private:
            return refusal(404, "404 Project Not Found")
        if rest[:1] == ["packages"] and not self.registry:
            return refusal(403, "403 Forbidden")
        generic = rest[:2] == ["packages", "generic"] and len(rest) == 5
        return self._file(request, *rest[2:]) if generic else self._api(request, rest)

    def _api(self, request: Request, rest: list[str]) -> Reply:
        match request.method, rest:
            case "GET", ["jobs", "artifacts", ref, "download"]:
                data = self.artifacts.get((ref, request.query["job"]))
                return refusal(404, "404 Not found") if data is None else Reply(body=data)
            case "GET", ["packages"]:
                return self._list(request, [_shown(it) for it in self._matching(request)])
            case "GET", ["packages", number, "package_files"]:
                files = self._files(int(number))
                return self._list(request, [_listed(int(number), it) for it in files])
            case "DELETE", ["packages", number, "package_files", file]:
                return self._delete(int(number), int(file))
            case _:
                return refusal(404, "404 Not Found")

    def _file(self, request: Request, name: str, version: str, file: str) -> Reply:
        if request.method == "PUT":
            return self._put(request, name, version, file)
        return self._get(name, version, file)

    def files_of(self, file: str) -> list[bytes]:
        """Return what lies under a file's name in all packages, the oldest first."""
        return [it.data for one in self._packages for it in self._files(one.id) if it.name == file]

    def _matching(self, request: Request) -> list[_Package]:
        kind, name = request.query.get("package_type"), request.query.get("package_name", "")
        version = request.query.get("package_version")
        if kind not in {None, "generic"}:
            return []
        return [it for it in self._packages if name in it.name and version in {None, it.version}]

    def _files(self, number: int) -> list[_File]:
        return [it for one in self._packages if one.id == number for it in one.files if not it.gone]

    def _list(self, request: Request, items: list[dict[str, object]]) -> Reply:
        page, headers = self.page_of(request, items)
        return in_json(page, headers=headers)

    def _put(self, request: Request, name: str, version: str, file: str) -> Reply:
        if not self.may_write:
            return refusal(403, "403 Forbidden")
        for regex, text, key in (
            (_NAME, name, "package_name"),
            (_VERSION, version, "package_version"),
            (_FILE, file, "file_name"),
        ):
            if not regex.fullmatch(text) or len(text) > 255:
                return in_json({"error": f"{key} is invalid"}, status=400)
        if len(request.body) > self.largest:
            return refusal(400, "400 Bad request - File is too large")
        package = next(
            (it for it in self._packages if (it.name, it.version) == (name, version)), None
        )
        if package is None:
            package = _Package(id=next(self._numbers), name=name, version=version, files=[])
            self._packages.append(package)
        there = any(it.name == file for it in self._files(package.id))
        if there and not self.duplicates:
            return refusal(400, "400 Bad request - Duplicate package is not allowed")
        made = _File(id=next(self._numbers), name=file, data=request.body)
        package.files.append(made)
        chosen = request.query.get("select") == "package_file"
        told = _listed(package.id, made) if chosen else {"message": "201 Created"}
        return in_json(told, status=201)

    def _get(self, name: str, version: str, file: str) -> Reply:
        found = [
            it
            for one in self._packages
            if (one.name, one.version) == (name, version)
            for it in self._files(one.id)
            if it.name == file
        ]
        if not found:
            return refusal(404, "404 Not Found")
        if self.storage:
            place = f"{self.storage}/storage/{found[-1].id}?X-Amz-Signature=signed-secret"
            return Reply(status=302, headers={"Location": place})
        told = hashlib.sha256(found[-1].data).hexdigest()
        return Reply(headers={"X-Checksum-SHA256": told}, body=found[-1].data)

    def _stored(self, request: Request) -> Reply:
        if request.headers.keys() & {"job-token", "private-token", "authorization"}:
            return Reply(status=400, body=b"<Error>only one way to authorise is allowed</Error>")
        files = [it for one in self._packages for it in one.files]
        return Reply(body=next(it.data for it in files if str(it.id) == request.parts[1]))

    def _delete(self, number: int, file: int) -> Reply:
        if not self.may_delete:
            return refusal(403, "403 Forbidden")
        found = next((it for it in self._files(number) if it.id == file), None)
        if found is None:
            return refusal(404, "404 Not Found")
        found.gone = True
        return Reply(status=204)


def _shown(package: _Package) -> dict[str, object]:
    return {
        "id": package.id,
        "name": package.name,
        "version": package.version,
        "package_type": "generic",
        "status": "default",
    }


def _listed(package: int, file: _File) -> dict[str, object]:
    return {
        "id": file.id,
        "package_id": package,
        "created_at": "2026-11-24T00:00:00.000Z",
        "file_name": file.name,
        "size": len(file.data),
        "file_sha256": hashlib.sha256(file.data).hexdigest(),
    }


@contextmanager
def gitlab() -> Iterator[FakeGitLab]:
    """Serve a project."""
    fake = FakeGitLab()
    with serving(fake.respond) as fake.address:
        yield fake


def variables_of(fake: FakeGitLab) -> dict[str, str]:
    """Return the variables of a job on the branch main."""
    return {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": f"{fake.address}/api/v4",
        "CI_PROJECT_ID": "7",
        "CI_JOB_TOKEN": fake.tokens["job-token"],
        "CI_JOB_NAME": "perf 1/4",
        "CI_COMMIT_BRANCH": "main",
        "CI_DEFAULT_BRANCH": "main",
    }
