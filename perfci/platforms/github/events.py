"""What started a job of GitHub Actions: its variables, and the event's payload."""

import re
from collections.abc import Mapping
from dataclasses import replace

from perfci.model.context import Context
from perfci.model.text import printable
from perfci.platforms.detected import Detected, Environ, ReadEvent
from perfci.platforms.values import at, branch, commit, number, text

Payload = Mapping[str, object]
_EVENT = "the event (GITHUB_EVENT_PATH)"
_UNKNOWN = "little is known of what started this job"
_SHOWN = 200
"""Characters of a path, or of what is wrong with it."""


def detect(environ: Environ, read_event: ReadEvent) -> Detected | None:
    """Return what the variables and the event say; None where this is another system.

    A pull request whose origin cannot be told counts as one from a fork, the careful side.
    """
    if environ.get("GITHUB_ACTIONS") != "true":
        return None
    payload, problems = _payload(environ, read_event)
    context = _plain(environ, payload)
    match context.event:
        case (
            "pull_request"
            | "pull_request_target"
            | "pull_request_review"
            | "pull_request_review_comment"
        ):
            context = _pull_request(context, environ, payload)
            if not problems and not context.commit:
                problems = (f"{_EVENT} describes no pull request; {_UNKNOWN}",)
        case "merge_group":
            context = _merge_group(context, environ, payload)
        case "workflow_run":
            context = _workflow_run(context, payload)
        case "issue_comment":
            context = _issue_comment(context, payload)
        case "push" if text(at(payload, "after")):
            # GITHUB_SHA is the same, but for a push that deletes the branch
            context = replace(context, commit=commit(at(payload, "after")))
    return Detected(context=context, problems=problems)


def _payload(environ: Environ, read_event: ReadEvent) -> tuple[Payload, tuple[str, ...]]:
    path = environ.get("GITHUB_EVENT_PATH", "")
    if not path:
        return {}, (f"{_EVENT} is not to be found: the variable is not set; {_UNKNOWN}",)
    try:
        payload: object = read_event(path)
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or str(error)
    else:
        if isinstance(payload, Mapping):
            return payload, ()
        reason = "it holds no JSON object"
    where, why = printable(path, limit=_SHOWN), printable(reason, limit=_SHOWN)
    return {}, (f"{_EVENT} in {where} cannot be read: {why}; {_UNKNOWN}",)


def _plain(environ: Environ, payload: Payload) -> Context:
    """Return what holds for every event: head is the commit and branch of the job itself."""
    reference = environ.get("GITHUB_REF", "")
    slug = environ.get("GITHUB_REPOSITORY", "")
    server = environ.get("GITHUB_SERVER_URL", "").rstrip("/")
    run, attempt = environ.get("GITHUB_RUN_ID", ""), environ.get("GITHUB_RUN_ATTEMPT", "")
    again = f"/attempts/{attempt}" if (number(attempt) or 1) > 1 else ""
    tagged = reference.startswith("refs/tags/")
    return Context(
        platform=_name(environ),
        repository=slug,
        commit=commit(environ.get("GITHUB_SHA")),
        branch=branch(reference),
        default_branch=text(at(payload, "repository", "default_branch")),
        event=environ.get("GITHUB_EVENT_NAME", ""),
        tag=reference.removeprefix("refs/tags/") if tagged else "",
        run_url=f"{server}/{slug}/actions/runs/{run}{again}" if server and slug and run else "",
    )


def _name(environ: Environ) -> str:
    if environ.get("FORGEJO_ACTIONS"):
        return "forgejo"
    return "gitea" if environ.get("GITEA_ACTIONS") else "github"


def _pull_request(context: Context, environ: Environ, payload: Payload) -> Context:
    """GITHUB_SHA is a merge commit here, or (`_target`) the tip of the default branch."""
    pull = at(payload, "pull_request")
    merged = re.fullmatch(r"refs/pull/(\d+)/\w+", environ.get("GITHUB_REF", ""))
    return replace(
        context,
        commit=commit(at(pull, "head", "sha")),
        base_commit=commit(at(pull, "base", "sha")),
        branch=text(at(pull, "head", "ref")) or environ.get("GITHUB_HEAD_REF", ""),
        base_branch=text(at(pull, "base", "ref")) or environ.get("GITHUB_BASE_REF", ""),
        pr_number=number(at(pull, "number")) or number(merged[1] if merged else None),
        labels=_labels(at(pull, "labels")),
        # not head.repo.fork: that one says that the repository itself is a fork of something
        is_fork=_foreign(at(pull, "head", "repo", "id"), payload),
    )


def _merge_group(context: Context, environ: Environ, payload: Payload) -> Context:
    """A merge queue builds a commit of its own on a branch of the repository itself."""
    group = at(payload, "merge_group")
    head = branch(at(group, "head_ref")) or branch(environ.get("GITHUB_REF"))
    found = re.fullmatch(r"gh-readonly-queue/(.+)/pr-(\d+)-[0-9a-f]+", head)
    return replace(
        context,
        commit=commit(at(group, "head_sha")) or context.commit,
        base_commit=commit(at(group, "base_sha")),
        branch=head,
        base_branch=branch(at(group, "base_ref")) or (found[1] if found else ""),
        pr_number=number(found[2]) if found else None,
    )


def _workflow_run(context: Context, payload: Payload) -> Context:
    """The second stage of a pipeline: it judges what the first one ran on, not its own commit."""
    run = at(payload, "workflow_run")
    started = text(at(run, "event"))
    # head_sha of a pull_request_target run is the default branch's tip
    sha = at(run, "head_commit", "id") if started == "pull_request_target" else None
    context = replace(
        context,
        commit=commit(sha or at(run, "head_sha")),
        branch=text(at(run, "head_branch")),
        tag="",
        is_fork=_foreign(at(run, "head_repository", "id"), payload),
    )
    pulls = at(run, "pull_requests")
    if not started.startswith("pull_request") or not isinstance(pulls, list):
        return context
    # empty for forks; several where one branch is proposed to several targets
    mine = [pull for pull in pulls if commit(at(pull, "head", "sha")) == context.commit]
    if len(mine) != 1:
        return context
    return replace(
        context,
        pr_number=number(at(mine[0], "number")),
        base_commit=commit(at(mine[0], "base", "sha")),
        base_branch=text(at(mine[0], "base", "ref")),
    )


def _issue_comment(context: Context, payload: Payload) -> Context:
    """A comment below a pull request: the payload has its number and nothing of its code."""
    if at(payload, "issue", "pull_request") is None:
        return context
    return replace(
        context,
        commit="",
        branch="",
        pr_number=number(at(payload, "issue", "number")),
        is_fork=True,
    )


def _labels(found: object) -> tuple[str, ...]:
    names = (text(at(label, "name")) for label in found) if isinstance(found, list) else ()
    return tuple(name for name in names if name)


def _foreign(head: object, payload: Payload) -> bool:
    """Return whether a repository's id is another's than this one's, or unknown."""
    own = at(payload, "repository", "id")
    return not isinstance(head, int) or not isinstance(own, int) or head != own
