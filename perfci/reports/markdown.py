"""The comment on a pull request, and the same text uncut for the job's own page."""

from perfci.model.emission import Comment, Emission, File, Summary
from perfci.model.evaluation import Evaluation
from perfci.reports import words
from perfci.reports.comment import compose, marker

_LENGTHS = (65_000, 30_000, 8_000)
"""Characters of each form. GitHub refuses a comment from 65,536 on; other servers, and proxies
before them, at lengths of their own."""


class CommentReporter:
    """Says what stands below the pull request, in `comment.md`, and on the job's page."""

    def __init__(self, kind: str) -> None:
        """Take when a comment is wanted: `always`, `on-change` or `never`."""
        self._kind = kind

    def render(self, evaluation: Evaluation) -> tuple[Emission, ...]:
        """Return the summary, and comment and file unless they are never wanted."""
        summary = Summary(markdown=compose(evaluation, longest=None))
        if self._kind == "never":
            return (summary,)
        forms = tuple(dict.fromkeys(compose(evaluation, longest=most) for most in _LENGTHS))
        comment = Comment(
            marker=marker(evaluation.recording.project),
            forms=forms,
            makes=self._kind == "always" or not words.nothing_moved(evaluation),
        )
        return (File(path="comment.md", content=forms[0].encode()), summary, comment)
