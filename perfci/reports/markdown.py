"""The comment on a pull request, and the same text uncut for the job's own page."""

from perfci.model.emission import Emission, File, Summary
from perfci.model.evaluation import Evaluation
from perfci.reports.comment import compose

_LONGEST = 65_000
"""GitHub refuses a comment from 65,536 characters on."""


class CommentReporter:
    """Writes `comment.md` and the summary."""

    def __init__(self, kind: str) -> None:
        """Take when a comment is wanted: `always`, `on-change` or `never`."""
        self._kind = kind

    def render(self, evaluation: Evaluation) -> tuple[Emission, ...]:
        """Return the summary, and the comment's file unless it is never wanted."""
        summary = Summary(markdown=compose(evaluation, longest=None))
        if self._kind == "never":
            return (summary,)
        comment = compose(evaluation, longest=_LONGEST)
        return (File(path="comment.md", content=comment.encode()), summary)
