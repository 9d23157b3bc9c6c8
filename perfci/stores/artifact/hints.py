"""What to grant or do about an answer of GitHub."""

from collections.abc import Callable

from perfci.wire.answer import Answer


def hint_for_reading(variable: str) -> Callable[[Answer], str]:
    """Return what says it for the API.

    Args:
        variable: that holds the token.
    """

    def hint(answer: Answer) -> str:
        match answer.status:
            case 401:
                return f"see that the token in {variable} is right and has not expired"
            case 403 | 404:
                return (
                    "give the job `permissions: actions: read` (and `contents: read`: what is not "
                    f"named there is none), or the token in {variable} the same right"
                )
            case _:
                return ""

    return hint


def hint_for_writing(answer: Answer) -> str:
    """Return it for the results service and the storage behind it."""
    said = answer.said.lower()
    if "insufficient usage" in said or "quota" in said:
        return (
            "the account's room for artifacts is used up: delete some, shorten their retention, or "
            "raise the limit; GitHub counts anew every 6 to 12 hours"
        )
    if answer.status in {401, 403}:
        return "the job's own token is refused: it ends with the job; run the job again"
    return ""
