"""What a pipeline says of itself where its CI system does not: PERFCI_PR and PERFCI_BASE_REF."""

from dataclasses import replace

from perfci.model.text import printable
from perfci.platforms.detected import Detected, Environ
from perfci.platforms.values import branch, commit, number

PULL_REQUEST, BASE = "PERFCI_PR", "PERFCI_BASE_REF"
_NONE = {"", "false", "none", "null"}
"""How systems write that there is no pull request."""


def overridden(found: Detected, environ: Environ) -> Detected:
    """Return what is known, with what the two variables say put over it.

    Args:
        found: what the CI system says.
        environ: PERFCI_PR holds the pull request's number, PERFCI_BASE_REF the branch or the full
            hash of the commit that it is compared with; without a pull request that means nothing.
    """
    context, problems = found.context, found.problems
    said = environ.get(PULL_REQUEST, "").strip()
    request = number(said)
    if request and request != context.pr_number:
        # nothing tells where it comes from: it is not trusted further than a fork
        context = replace(context, pr_number=request, event="pull_request", tag="", is_fork=True)
    elif not request and said.lower() not in _NONE:
        text = f"{PULL_REQUEST} is no number of a pull request: {printable(said, limit=80)}"
        problems = (*problems, text)
    base = environ.get(BASE, "").strip()
    if base and context.is_pull_request:
        known = commit(base)
        context = replace(
            context,
            base_commit=known,
            base_branch=context.base_branch if known else branch(base),
        )
    return replace(found, context=context, problems=problems)
