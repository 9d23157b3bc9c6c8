"""What changes on the branch, in the words of `git fast-import`."""

import secrets
from collections.abc import Iterable

from perfci.stores.git.names import MARKER, quoted

_WHO = "perfci <perfci@localhost>"
_ABOUT = (
    b"This branch is a store of performance baselines, written by perfci.\n"
    b"It is not source code. Do not edit, merge or rebase it; to start anew, delete the branch.\n"
)


def commit_commands(
    commands: Iterable[bytes], *, reference: str, parent: str, tree: str, count: int
) -> bytes:
    """Return what makes one commit and prints its hash.

    Args:
        commands: what changes in it.
        reference: name under which it is made here.
        parent: hash of the commit that it follows; empty: it begins a branch.
        tree: hash of the files with which a branch begins; empty: with none.
        count: commits of the branch, with this one.
    """
    # without chance, two writers of the same second make the same commit, and both believe that
    # it is theirs which is on the branch
    chance = secrets.token_hex(8)
    message = f"perfci: baselines [skip ci]\n\ncommits: {count}\nwriter: {chance}\n"
    lines = [f"commit {reference}\nmark :1\ncommitter {_WHO} now\n".encode()]
    lines.append(_data(message.encode()))
    if parent:
        lines.append(f"from {parent}\n".encode())
    elif tree:
        lines.append(f'M 040000 {tree} ""\n'.encode())
    marker = f"M 100644 inline {MARKER}\n".encode() + _data(_ABOUT)
    return b"".join((*lines, marker, *commands, b"\nget-mark :1\n"))


def put_command(name: str, data: bytes) -> bytes:
    """Return the command that writes a file."""
    return f"M 100644 inline {quoted(name)}\n".encode() + _data(data)


def move_command(name: str, to: str) -> bytes:
    """Return the command that renames a file."""
    return f"R {quoted(name)} {quoted(to)}\n".encode()


def delete_command(name: str) -> bytes:
    """Return the command that removes a file."""
    return f"D {quoted(name)}\n".encode()


def _data(data: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(data), data)
