"""What a message is about: which commit, who wrote it, where; and the link to the job."""

import re

from perfci.model.context import Context
from perfci.notifiers.harmless import harmless
from perfci.notifiers.spans import Line, code, plain

NAME = 60
"""Characters of a name in a message."""
_LONGEST_URL = 2000


def about(context: Context, *, commit: str, branch: str, author: str) -> Line:
    """Return `e4f5a6b by A. Name, pull request 12 (feature into main), owner/name`.

    Args:
        context: what the platform says.
        commit: that was measured; empty where the work is not committed.
        branch: it is on; may be empty.
        author: of the commit, as a person is called; hostile, may be empty.
    """
    spans = [code(harmless(commit[:7], 14))] if commit else [plain("uncommitted work")]
    who = harmless(author, NAME)
    spans.append(plain(f" by {who}" if who else ""))
    spans += _where(context, harmless(branch, NAME))
    place = harmless(context.repository, 2 * NAME)
    spans.append(plain(f", {place}" if place else ""))
    return tuple(span for span in spans if span.text)


def _where(context: Context, branch: str) -> Line:
    if context.is_pull_request:
        request = "merge request" if context.platform == "gitlab" else "pull request"
        number = f" {context.pr_number}" if context.pr_number is not None else ""
        target = harmless(context.base_branch, NAME)
        into = [plain(" into "), code(target)] if target else []
        named = [plain(" ("), code(branch), *into, plain(")")] if branch else []
        return (plain(f", {request}{number}"), *named)
    if context.tag:
        return (plain(", tag "), code(harmless(context.tag, NAME)))
    return (plain(", branch "), code(branch)) if branch else ()


def link_to(url: str) -> str:
    """Return the job's address; nothing for what is not plainly one."""
    known = re.fullmatch(r"https?://[\w.-]+(?::\d{1,5})?(?:/[\w./?=&%#~+:-]*)?", url, re.ASCII)
    return url if known and len(url) <= _LONGEST_URL else ""
