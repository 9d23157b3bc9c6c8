"""Where GitLab's API has the merge requests that a pipeline is about, and who asks for them."""

import re
from collections.abc import Callable
from urllib.parse import quote

from perfci.errors import DeliveryError
from perfci.platforms.detected import Environ
from perfci.platforms.values import number
from perfci.wire.answer import Answer, parts_of
from perfci.wire.session import Access, Session

TOKEN = "PERFCI_GITLAB_TOKEN"  # noqa: S105 - the name of a variable
WHO = "the comment"
_NAMED = re.compile(r"(\.?\w[\w.-]*(?:/\.?\w[\w.-]*)*)!([1-9][0-9]{0,17})", re.ASCII)
_TIMEOUTS = (5, 10)
_DEADLINE = 30
_PATIENCE = 30
"""Seconds until a connection stands and between two pieces of an answer, for a whole one, and that
are waited in all before other tries: nobody waits for a note as for a baseline."""
_MAKE = (
    "make a project access token (the project's Settings, Access tokens) with the role Reporter "
    f"and the scope api, and put it into a masked CI/CD variable {TOKEN}"
)
_QUIET = "or set report.comment to never, and find the same text in comment.md"
_PROTECTED = "a protected variable is missing where the branch is not protected"
_FOREIGN = (
    "a member can run the pipeline in the project itself, from the Pipelines tab of the merge "
    f"request, once the change has been read; {_QUIET}"
)
_MEMBER = (
    f"see that the token in {TOKEN} is this project's own (or its group's), has at least the role "
    "Reporter and the scope api; a locked discussion takes comments of members alone, an archived "
    "project none"
)
_EXPIRED = f"the token in {TOKEN} is not valid, or no longer: {_MAKE}"
_SCOPE = f"the token in {TOKEN} lacks the scope api: {_MAKE}"


def merge_requests(environ: Environ) -> tuple[str, ...]:
    """Return the API's addresses of the merge requests that a job is about; none for most.

    A merge request's pipeline has one, in the project that it goes to; the pipeline of a branch
    has those that are open for it.
    """
    api = environ.get("CI_API_V4_URL", "").strip().rstrip("/")
    if environ.get("GITLAB_CI") != "true" or parts_of(api).scheme not in {"http", "https"}:
        return ()
    own = number(environ.get("CI_MERGE_REQUEST_IID"))
    project = environ.get("CI_MERGE_REQUEST_PROJECT_ID", "") or environ.get("CI_PROJECT_ID", "")
    named = f"{project}!{own}" if own else environ.get("CI_OPEN_MERGE_REQUESTS", "")
    found = (_NAMED.fullmatch(each.strip()) for each in named.split(","))
    return tuple(
        f"{api}/projects/{quote(each[1], safe='')}/merge_requests/{each[2]}"
        for each in found
        if each
    )


def session(environ: Environ, wait: Callable[[float], None]) -> Session:
    """Return a session with GitLab under the user's own token.

    Args:
        environ: the job's variables.
        wait: waits about so many seconds before another try.

    Raises:
        DeliveryError: there is no token that may comment.
    """
    token = environ.get(TOKEN, "").strip()
    if not token:
        raise _no_token(environ)
    usual = environ.get("REQUESTS_CA_BUNDLE") or environ.get("CURL_CA_BUNDLE")
    access = Access(
        who=WHO,
        credential={"PRIVATE-TOKEN": token},
        secrets=(token,),
        wait=wait,
        ca_file="" if usual else environ.get("CI_SERVER_TLS_CA_FILE", ""),
        fails_with=DeliveryError,
        tries=3,
        timeouts=_TIMEOUTS,
        deadline=_DEADLINE,
        patience=_PATIENCE,
        gives_up=True,
    )
    return Session(access, _hint)


def _no_token(environ: Environ) -> DeliveryError:
    home = environ.get("CI_MERGE_REQUEST_PROJECT_ID", "")
    if home and home != environ.get("CI_PROJECT_ID", ""):
        message = f"{WHO}: this pipeline runs in the fork, where {TOKEN} of the project is not set"
        return DeliveryError(message, hint=_FOREIGN)
    message = (
        f"{WHO}: {TOKEN} is not set, and the job's own token (CI_JOB_TOKEN) may read what stands "
        "below a merge request but not write there"
    )
    return DeliveryError(message, hint=f"{_MAKE} ({_PROTECTED}); {_QUIET}")


def _hint(answer: Answer) -> str:
    """Return what to grant or do about an answer."""
    match answer.status:
        case 401:
            return _EXPIRED
        case 403 if b"insufficient_scope" in answer.body[:4096]:
            return _SCOPE
        case 403 | 404:
            return _MEMBER
        case 413:
            return "a proxy before this GitLab takes no text as long: ask who runs it"
        case _:
            return ""
