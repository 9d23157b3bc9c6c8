"""What perfci reads of GitHub Actions: artifacts, and the runs that tell which may be believed."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from perfci.errors import StoreError
from perfci.wire.session import Question, Session

TRUSTED = frozenset({"push", "schedule", "workflow_dispatch"})
"""Events that run a branch's own code, started by those who may write to the repository."""
_PAGES = 10
_LARGEST = 64 << 20
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """One artifact, as the list tells of it."""

    id: int
    """Grows with time."""
    name: str
    run: int
    branch: str
    """Of the run; in a fork's run that is the fork's."""
    size: int
    """Bytes."""
    expired: bool
    digest: str
    """`sha256:` and hexadecimal digits; empty on servers that do not tell."""


class Actions:
    """Asks about one repository."""

    def __init__(self, url: str, session: Session, repository: str, number: str) -> None:
        """Name the repository; nothing is asked yet.

        Args:
            url: the store's, as the user wrote it.
            session: asks the server.
            repository: its address in the API.
            number: its id; empty where the job does not say.
        """
        self._url = url
        self._session = session
        self._repository = repository
        self._number = number
        self._believed: dict[tuple[int, str], bool] = {}

    def named(self, name: str) -> tuple[Artifact, ...]:
        """Return the artifacts of a name that runs in this very repository made, newest first.

        Raises:
            StoreError: the list cannot be read.
        """
        url = f"{self._repository}/actions/artifacts?name={quote(name, safe='')}&per_page=100"
        return self._newest(url, name, forks=False)

    def of_run(self, run: str) -> tuple[Artifact, ...]:
        """Return the artifacts of a run, whoever's it is, newest first.

        Raises:
            StoreError: the list cannot be read.
        """
        url = f"{self._repository}/actions/runs/{quote(run, safe='')}/artifacts?per_page=100"
        return self._newest(url, "", forks=True)

    def believes(self, artifact: Artifact, branch: str) -> bool:
        """Return whether the run that made an artifact may say what a branch's baseline is.

        That is a finished, successful run of the branch's own code, started by nobody's pull
        request; a fork may call its branch `main`, too, and its artifacts lie in the same list.

        Raises:
            StoreError: the run cannot be read.
        """
        key = (artifact.run, branch)
        if key not in self._believed:
            question = Question(
                what=f"read the workflow run {artifact.run}",
                url=f"{self._repository}/actions/runs/{artifact.run}",
            )
            answer = self._session.ask(question, 404)
            run = _mapping(answer.document()) if answer.status == 200 else {}
            self._believed[key] = (
                run.get("head_branch") == branch
                and run.get("event") in TRUSTED
                and run.get("conclusion") == "success"
                and self._ours(
                    _mapping(run.get("head_repository")).get("id"),
                    _mapping(run.get("repository")).get("id"),
                )
            )
        return self._believed[key]

    def download(self, artifact: Artifact) -> bytes | None:
        """Return an artifact's archive; None where it has expired meanwhile.

        Raises:
            StoreError: it cannot be read, is damaged, or larger than perfci makes them.
        """
        what = f"download the artifact {artifact.name} (number {artifact.id})"
        if artifact.size > _LARGEST:
            message = f"{self._url}: cannot {what}: it has {artifact.size >> 20} MB"
            raise StoreError(message, hint="it is none of perfci's: choose another name")
        place = f"{self._repository}/actions/artifacts/{artifact.id}/zip"
        answer = self._session.ask(Question(what=what, url=place, most=_LARGEST), 404, 410)
        if answer.status != 200:
            return None
        told = _DIGEST.fullmatch(artifact.digest)
        if told and told[1] != hashlib.sha256(answer.body).hexdigest():
            message = f"{self._url}: cannot {what}: it did not arrive as it was stored"
            raise StoreError(message, hint="run again; else delete it on the run's page")
        return answer.body

    def _newest(self, url: str, name: str, *, forks: bool) -> tuple[Artifact, ...]:
        found = {}
        what = f"list the artifacts named {name}" if name else "list the artifacts of this run"
        for page in self._session.pages(Question(what=what, url=url), _PAGES):
            items = _mapping(page.document()).get("artifacts")
            if not isinstance(items, list):
                message = f"{self._url}: cannot {what}: the server gave no list: {page.said}"
                raise StoreError(message, hint="see that GITHUB_API_URL is the address of its API")
            for artifact in self._listed(items, forks=forks):
                found[artifact.id] = artifact
        wanted = (found[number] for number in sorted(found, reverse=True))
        # an older server may not know how to look for a name
        return tuple(artifact for artifact in wanted if not name or artifact.name == name)

    def _listed(self, items: list[object], *, forks: bool) -> Iterator[Artifact]:
        for item in map(_mapping, items):
            run = _mapping(item.get("workflow_run"))
            number, made_by = item.get("id"), run.get("id")
            if not isinstance(number, int) or not isinstance(made_by, int):
                continue
            ours = self._ours(run.get("head_repository_id"), run.get("repository_id"))
            if not (ours or forks):
                continue
            size = item.get("size_in_bytes")
            yield Artifact(
                id=number,
                name=str(item.get("name")),
                run=made_by,
                branch=str(run.get("head_branch")),
                size=size if isinstance(size, int) else 0,
                expired=item.get("expired") is not False,
                digest=str(item.get("digest") or ""),
            )

    def _ours(self, head: object, base: object) -> bool:
        """Tell whether a run's code is of this repository itself."""
        return isinstance(head, int) and head == base and self._number in {"", str(head)}


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
