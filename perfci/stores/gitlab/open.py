"""From `gitlab:PACKAGE` and a job's variables to a store: which server, project and token."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from perfci.errors import ConfigurationError
from perfci.stores.forge_left import Left
from perfci.stores.forge_names import token_of
from perfci.stores.gitlab.hints import JOB, OWN, hint_for
from perfci.stores.gitlab.jobs import JobArtifacts
from perfci.stores.gitlab.registry import Registry
from perfci.stores.gitlab.store import GitLabStore
from perfci.wire.answer import parts_of
from perfci.wire.session import Access, Session

_PACKAGE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._+-]{0,198}[A-Za-z0-9])?")
_OWN_HEADER = "PRIVATE-TOKEN"
_LOCALLY = "GitLab sets it in every job; elsewhere set it yourself, or choose --store file:.perfci"


def package_of(url: str, rest: str) -> str:
    """Return the package that a URL names.

    Raises:
        ConfigurationError: GitLab knows no such name.
    """
    name = rest.removeprefix("//")
    if not _PACKAGE.fullmatch(name) or ".." in name:
        raise ConfigurationError(
            f"store: {url!r} names no package of GitLab",
            hint="write it like gitlab:perfci-baseline: letters, digits, and . _ + - between them",
        )
    return name


def access_of(url: str, environ: Mapping[str, str], wait: Callable[[float], None]) -> Access:
    """Return whom a session with GitLab speaks for.

    Raises:
        ConfigurationError: there is no token, or it holds what no token holds.
    """
    name, token = token_of(environ, (OWN, JOB))
    if not token:
        message = f"store: {url!r} needs {JOB} or {OWN}, and neither is set"
        raise ConfigurationError(message, hint=_LOCALLY)
    header = "JOB-TOKEN" if name == JOB else _OWN_HEADER
    usual = environ.get("REQUESTS_CA_BUNDLE") or environ.get("CURL_CA_BUNDLE")
    return Access(
        who=url,
        credential={header: token},
        secrets=(token,),
        wait=wait,
        ca_file="" if usual else environ.get("CI_SERVER_TLS_CA_FILE", ""),
    )


def project_of(url: str, environ: Mapping[str, str]) -> str:
    """Return the API's address of the project: of a merge request, the one it goes to.

    Raises:
        ConfigurationError: the variables do not say it.
    """
    api = environ.get("CI_API_V4_URL", "").strip().rstrip("/")
    if parts_of(api).scheme not in {"http", "https"} or not parts_of(api).netloc:
        message = f"store: {url!r} needs CI_API_V4_URL, the address of GitLab's API"
        raise ConfigurationError(message, hint=_LOCALLY)
    project = (
        environ.get("CI_MERGE_REQUEST_PROJECT_ID", "") or environ.get("CI_PROJECT_ID", "")
    ).strip()
    if not project:
        message = f"store: {url!r} needs CI_PROJECT_ID, the number or path of the project"
        raise ConfigurationError(message, hint=_LOCALLY)
    return f"{api}/projects/{quote(project, safe='')}"


def fallback_of(environ: Mapping[str, str], session: Session, project: str) -> JobArtifacts | None:
    """Return the job artifacts of the target branch; None where no job of that name can be."""
    job = environ.get("CI_JOB_NAME", "").strip()
    branch = (
        environ.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "")
        or environ.get("CI_COMMIT_BRANCH", "")
        or environ.get("CI_DEFAULT_BRANCH", "")
    ).strip()
    if not job or not branch:
        return None
    return JobArtifacts(session, project=project, branch=branch, job=job)


def gitlab_store(
    url: str, rest: str, environ: Mapping[str, str], *, output: Path, wait: Callable[[float], None]
) -> GitLabStore:
    """Return the store that `gitlab:PACKAGE` names; nothing is asked yet.

    Args:
        url: as the user wrote it.
        rest: what stands after `gitlab:`.
        environ: the job's variables: `CI_API_V4_URL`, `CI_PROJECT_ID` and, as the credential,
            `PERFCI_GITLAB_TOKEN` or `CI_JOB_TOKEN`.
        output: folder of the job's other files, for a copy of what is written.
        wait: waits about so many seconds before another try.

    Raises:
        ConfigurationError: the name is none that GitLab knows, or a variable is missing.
    """
    package = package_of(url, rest)
    access = access_of(url, environ, wait)
    session = Session(access, hint_for(own=_OWN_HEADER in access.credential))
    project = project_of(url, environ)
    return GitLabStore(
        url,
        registry=Registry(url, session=session, project=project, package=package),
        fallback=fallback_of(environ, session, project),
        left=Left(output),
    )
