"""From `artifact:NAME` and a job's variables to a store: which repository, whose tokens."""

from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from perfci.errors import ConfigurationError, StoreError
from perfci.stores.artifact.actions import Actions
from perfci.stores.artifact.hints import hint_for_reading, hint_for_writing
from perfci.stores.artifact.job import job_of
from perfci.stores.artifact.names import is_artifact_name
from perfci.stores.artifact.reading import Reading
from perfci.stores.artifact.results import Results, ids_of
from perfci.stores.artifact.store import ArtifactStore, Uploader
from perfci.stores.forge_left import Left
from perfci.stores.forge_names import token_of
from perfci.wire.answer import parts_of
from perfci.wire.session import Access, Session

_TOKENS = ("PERFCI_GITHUB_TOKEN", "INPUT_GITHUB-TOKEN", "INPUT_GITHUB_TOKEN", "GITHUB_TOKEN")
_RUNTIME = "ACTIONS_RUNTIME_TOKEN"
_SERVICE = "ACTIONS_RESULTS_URL"
_STEP = "PERFCI_ARTIFACT_STEP"
"""Is `true` where a later step uploads what is left on disk: in the composite action."""
_OTHERS = ("ACT", "GITEA_ACTIONS", "FORGEJO_ACTIONS")
"""Variables of servers that speak GitHub's language, the artifact service included."""


class _Refusal:
    """Stands where nothing can be uploaded, and says why and which step can."""

    def __init__(self, url: str, why: str, left: Left) -> None:
        self._url = url
        self._why = why
        self._left = left

    def upload(self, name: str, _data: bytes, /) -> int | None:
        """Upload nothing.

        Raises:
            StoreError: always.
        """
        raise StoreError(
            f"{self._url}: cannot upload the artifact {name}: {self._why}",
            hint="let a later step upload it, with `if: always()`: `uses: actions/upload-artifact` "
            f"with `name: {name}` and `path: {self._left.folder}`",
        )


def artifact_store(
    url: str, rest: str, environ: Mapping[str, str], *, output: Path, wait: Callable[[float], None]
) -> ArtifactStore:
    """Return the store that `artifact:NAME` names; nothing is asked yet.

    Args:
        url: as the user wrote it.
        rest: what stands after `artifact:`.
        environ: the job's variables: to read, `GITHUB_REPOSITORY` and the input `github-token`,
            `PERFCI_GITHUB_TOKEN` or `GITHUB_TOKEN`; to write, what an action is given.
        output: folder of the job's other files, for what could not be uploaded.
        wait: waits about so many seconds before another try.

    Raises:
        ConfigurationError: GitHub knows no such name, or a variable is missing.
    """
    name = rest.removeprefix("//")
    if not is_artifact_name(name):
        raise ConfigurationError(
            f"store: {url!r} names no artifact",
            hint='write it like artifact:perfci-baseline, without " : < > | * ? / and \\',
        )
    repository = environ.get("GITHUB_REPOSITORY", "").strip()
    if repository.count("/") != 1:
        raise ConfigurationError(
            f"store: {url!r} needs GITHUB_REPOSITORY, written owner/name",
            hint="GitHub sets it in every job; elsewhere set it yourself, or choose --store "
            "file:.perfci",
        )
    variable, token = token_of(environ, _TOKENS)
    if not token:
        raise ConfigurationError(
            f"store: {url!r} needs a token to read artifacts, and none is given",
            hint="give the action `with: github-token: ${{ github.token }}` and the job "
            "`permissions: actions: read`; elsewhere set PERFCI_GITHUB_TOKEN",
        )
    access = Access(
        who=url,
        credential={
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        },
        secrets=(token, environ.get(_RUNTIME, "").strip()),
        wait=wait,
    )
    api = environ.get("GITHUB_API_URL", "").strip().rstrip("/") or "https://api.github.com"
    actions = Actions(
        url,
        Session(access, hint_for_reading(variable)),
        f"{api}/repos/{quote(repository)}",
        environ.get("GITHUB_REPOSITORY_ID", "").strip(),
    )
    job, left = job_of(name, environ), Left(output)
    return ArtifactStore(
        url,
        reading=Reading(url, actions, job),
        uploader=_uploader(url, environ, left, wait),
        left=left,
        job=job,
    )


def _uploader(
    url: str, environ: Mapping[str, str], left: Left, wait: Callable[[float], None]
) -> Uploader | None:
    if environ.get(_STEP) == "true":
        return None
    if _is_enterprise_server(environ):
        return _Refusal(url, "GitHub Enterprise Server lets no action upload by itself", left)
    service = environ.get(_SERVICE, "").strip()
    token = token_of(environ, (_RUNTIME,))[1]
    if not service or not token:
        missing = _RUNTIME if service else _SERVICE
        why = f"{missing} is not set: GitHub gives it to actions alone, not to `run:` steps"
        return _Refusal(url, why, left)
    ids = ids_of(token)
    if ids is None or parts_of(service).scheme not in {"http", "https"}:
        why = f"{_RUNTIME} and {_SERVICE} are not what GitHub gives to actions"
        return _Refusal(url, why, left)
    access = Access(
        who=url, credential={"Authorization": f"Bearer {token}"}, secrets=(token,), wait=wait
    )
    return Results(url, Session(access, hint_for_writing), service, ids)


def _is_enterprise_server(environ: Mapping[str, str]) -> bool:
    if any(environ.get(name) == "true" for name in _OTHERS):
        return False
    host = parts_of(environ.get("GITHUB_SERVER_URL", "")).hostname or "github.com"
    return host != "github.com" and not host.endswith((".ghe.com", ".localhost"))
