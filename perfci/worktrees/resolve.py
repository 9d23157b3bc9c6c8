"""From what a person calls a commit to its hash, fetching it where the clone is too shallow."""

import difflib
import re

from perfci.errors import WorktreeError
from perfci.model.text import printable
from perfci.worktrees.git import Git

_STEPS = re.compile(r"(?:[~^]\d{0,6})+$")
_HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
# no tags, no remote-tracking branches, no FETCH_HEAD: the user's references stay as they are
_FETCH = (
    *("fetch", "--quiet", "--no-tags", "--refmap=", "--no-write-fetch-head"),
    "--no-recurse-submodules",
)


def resolve(git: Git, ref: str, *, what: str = "base") -> str:
    """Return the full hash of a commit and make sure that it is here.

    Tried in this order: the reference as it is, the remote's branch of that name, the remote
    itself.

    Args:
        git: in the repository.
        ref: branch, tag, hash, or something like `HEAD~2`.
        what: how messages call it.

    Raises:
        WorktreeError: there is no such commit, here or at the remote.
    """
    shown = printable(ref)
    if not ref or ref.startswith("-") or any(ord(char) < 32 for char in ref):
        raise WorktreeError(
            f"{what} {shown!r} cannot be the name of a commit",
            hint="name a branch, a tag or a commit; names that begin with - cannot be used",
        )
    remote = git.remote()
    name = _STEPS.sub("", ref)
    tried = [ref]
    if remote and name not in {"HEAD", "@"}:
        tried.append(f"{remote}/{ref}")
    for candidate in tried:
        if commit := git.commit(candidate):
            return commit
    said = ""
    if remote:
        tried.append(f"git fetch {remote} {name}")
        commit, said = _fetched(git, remote, ref)
        if commit:
            return commit
    raise WorktreeError(
        f"{what} {shown!r} is not a commit here; tried: {', '.join(map(printable, tried))}",
        hint=_hint(git, remote, name),
        output=said,
    )


def _fetched(git: Git, remote: str, ref: str) -> tuple[str, str]:
    """Fetch what is missing; return the commit, empty where that did not help, and git's words."""
    name = _STEPS.sub("", ref)
    steps = ref[len(name) :]
    start, said = git.commit(name), ""
    if not start:
        start, said = _fetched_start(git, remote, name)
    if start and steps and git.is_shallow() and not git.commit(start + steps):
        count = sum(
            int(number or 1) if kind == "~" else 1
            for kind, number in re.findall(r"([~^])(\d*)", steps)
        )
        said = git.reach(remote, *_FETCH, f"--deepen={count}", remote, start).err
    return git.commit(start + steps), said


def _fetched_start(git: Git, remote: str, name: str) -> tuple[str, str]:
    if _HASH.fullmatch(name):
        wanted, reference, said = name, "", ""
    else:
        wanted, reference, said = _advertised(git, remote, name)
    # a whole clone stays whole: --depth would cut its history
    depth = ("--depth=1",) if git.is_shallow() else ()
    # old servers hand out no commits by their hash, hence the second try
    for want in filter(None, (wanted, reference)):
        if not git.commit(wanted):
            said = git.reach(remote, *_FETCH, *depth, remote, want).err
    return git.commit(wanted), said


def _advertised(git: Git, remote: str, name: str) -> tuple[str, str, str]:
    """Ask the remote what it calls so: hash, full name of the reference, and git's words.

    Only these go back to `git fetch`: a name from outside could read as a refspec there.
    """
    short = name.removeprefix(f"{remote}/")
    wanted = (f"refs/heads/{short}", f"refs/tags/{short}", short)
    answer = git.reach(remote, "ls-remote", remote, *wanted)
    lines = (line.partition("\t") for line in answer.out.splitlines())
    hashes = {reference: commit for commit, _, reference in lines}
    for reference in wanted:
        if reference in hashes:
            return hashes[reference], reference, answer.err
    return "", "", answer.err


def _hint(git: Git, remote: str, name: str) -> str:
    parts = []
    if git.is_shallow():
        parts.append(
            "the clone is shallow: check out the whole history"
            " (`fetch-depth: 0` on GitHub, `GIT_DEPTH: 0` on GitLab)"
        )
    if _HASH.fullmatch(name):
        parts.append(
            "a push that rewrote its branch may have taken it away: run the pipeline of the newest "
            "commit, or name another base"
        )
        return ", or ".join(parts)
    listed = git.ask("for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes").out
    heads = git.reach(remote, "ls-remote", "--heads", remote).out if remote else ""
    references = [*listed.split("\n"), *(line.partition("\t")[2] for line in heads.splitlines())]
    places = ("refs/heads/", f"refs/remotes/{remote}/")
    branches = {
        reference.removeprefix(place)
        for reference in references
        for place in places
        if reference.startswith(place)
    }
    near = difflib.get_close_matches(name.removeprefix(f"{remote}/"), sorted(branches), n=1)
    parts.append(
        "check the spelling" + (f" (nearest branch: {printable(near[0])})" if near else "")
    )
    return ", or ".join(parts)
