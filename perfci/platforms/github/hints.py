"""What to grant or do where GitHub does not take what perfci has to say."""

from collections.abc import Callable

from perfci.model.context import Context
from perfci.platforms.values import at, text
from perfci.wire.answer import Answer

_RIGHTS = "permissions: {contents: read, pull-requests: write}"
_TWO_STAGES = (
    "a pull request from a fork gets a token that may only read: let a second workflow, started by "
    "`on: workflow_run`, run `perfci publish` with `permissions: {actions: read, pull-requests: "
    "write}`; the job's summary says the same meanwhile"
)


def no_token(context: Context) -> str:
    """Return how a token is given."""
    if context.is_fork:
        return _TWO_STAGES
    return (
        "give the action `with: {github-token: '${{ github.token }}'}`, a step that runs perfci "
        "itself `env: {GITHUB_TOKEN: '${{ github.token }}'}`, and the job "
        f"`{_RIGHTS}`; or set `report.comment: never`"
    )


def hint_for_comments(context: Context, variable: str) -> Callable[[Answer], str]:
    """Return what says what to do about an answer to a comment.

    Args:
        context: of the job.
        variable: that holds the token.
    """

    def hint(answer: Answer) -> str:
        match answer.status:
            case 401:
                return f"see that the token in {variable} is right and has not expired"
            case 403 if "locked" in answer.said.lower():
                return "the conversation is locked: unlock it; the job's summary says the same"
            case 403 | 404 if context.is_fork:
                return _TWO_STAGES
            case 403 | 404:
                return (
                    f"add to the job: `{_RIGHTS}` (what is not named there is none; a pull request "
                    f"of Dependabot may never write), or give the token in {variable} that right"
                )
            case 410:
                return f"pull request {context.pr_number} is gone"
            case 413 | 422:
                return "the server does not take this text; the job's summary says the same"
            case _:
                return ""

    return hint


def too_long(answer: Answer) -> bool:
    """Tell whether a text was refused for its length, so that a shorter one may do."""
    if answer.status == 413:
        return True
    errors = at(answer.document(), "errors")
    listed = errors if isinstance(errors, list) else []
    told = (text(it) or text(at(it, "message")) for it in listed)
    return any("too long" in each.lower() for each in (answer.said, *told))


def may_not_check(answer: Answer) -> bool:
    """Tell whether this token may write no checks, as the usual workflow's may not."""
    return answer.status in {403, 404} and not answer.limited


def hint_for_checks(variable: str) -> Callable[[Answer], str]:
    """Return what says what to do about an answer to a check.

    Args:
        variable: that holds the token.
    """

    def hint(answer: Answer) -> str:
        match answer.status:
            case 401:
                return f"see that the token in {variable} is right and has not expired"
            case 422:
                return "see that the commit is in this repository; the job's summary says the same"
            case _:
                return ""

    return hint


NO_CHECK = (
    "no check run is shown beside the job: to have one, give the job `permissions: {contents: "
    "read, pull-requests: write, checks: write}` and its own token (a personal one cannot)"
)
"""Said once, where the token may not write checks."""
