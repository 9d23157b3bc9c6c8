"""What stands below a request, read from both of its ends: a thread may go on for ever."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from perfci.errors import DeliveryError
from perfci.wire.answer import Answer
from perfci.wire.session import Question, Session

PAGES = 50
"""Of 100 comments each, that are read from either end."""
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread(Generic[_Item]):
    """What was found."""

    items: tuple[_Item, ...]
    """The oldest first."""
    whole: bool
    """False where something between the two ends was not looked at."""

    def insist_on_end(self, who: str) -> None:
        """Refuse to take for absent what was not looked for everywhere.

        Args:
            who: begins the message: `the comment`.

        Raises:
            DeliveryError: something was not looked at.
        """
        if not self.whole:
            raise DeliveryError(
                f"{who}: there are too many comments to look through them all, and among the "
                f"{PAGES * 100:,} oldest and as many newest is none of perfci's: it is not made, "
                "for it may be there",
                hint="go on in a new request, or set report.comment to never; the job's page and "
                "comment.md say the same",
            )


def read(
    session: Session,
    oldest: Question,
    newest: Callable[[Answer], tuple[Question, str] | None],
    page: Callable[[Answer], Mapping[int, _Item]],
    wanted: Callable[[_Item], bool],
) -> Thread[_Item]:
    """Read a thread from its oldest end, and where that is too long from its newest one, too.

    Args:
        session: asks.
        oldest: asks for the oldest page; its links lead on.
        newest: returns, of the last page that was read so, what asks for the newest page and the
            relation of the link that leads back from there; None where no way is known.
        page: returns what a page holds, by its number.
        wanted: tells what of it is kept.

    Raises:
        DeliveryError: a page cannot be had, or is none.
    """
    seen: set[int] = set()
    kept: dict[int, _Item] = {}

    def take(answer: Answer) -> bool:
        """Take in a page; tell whether something on it was known."""
        found = page(answer)
        met = not seen.isdisjoint(found)
        seen.update(found)
        kept.update({number: item for number, item in found.items() if wanted(item)})
        return met

    def until(question: Question, relation: str) -> tuple[Answer | None, bool]:
        """Read on along a link; return the last page, and whether nothing is left beyond it."""
        answer = None
        for answer in session.pages(question, PAGES, relation):
            if take(answer) or session.linked(question, answer, relation) is None:
                return answer, True
        return answer, False

    last, whole = until(oldest, "next")
    back = newest(last) if last is not None and not whole else None
    if back is not None:
        _, whole = until(*back)
    return Thread(items=tuple(kept[number] for number in sorted(kept)), whole=whole)
