"""One run of the git program: it asks nobody, speaks English, and never outlives its caller."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from perfci.programs.group import process_group
from perfci.programs.variables import REPOSITORY

_NOT_OURS = frozenset(
    {
        *REPOSITORY,
        # settings come as `Settings`; those of the environment are among them already
        "GIT_CONFIG",
        "GIT_CONFIG_COUNT",
        "GIT_CONFIG_PARAMETERS",
        "GIT_QUARANTINE_PATH",
        "GIT_TEMPLATE_DIR",
        # a window that waits for a password
        "SSH_ASKPASS",
        # would show headers, and hide what git says among its traces
        "GIT_CURL_VERBOSE",
    }
)
_NOT_OURS_EITHER = ("GIT_TRACE", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a git command ended, and what it put out: raw, and hostile where a server spoke."""

    code: int
    out: bytes
    err: str


def plain_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for git: no questions, English, no other repository.

    Args:
        environ: the process's own; its `GIT_CONFIG_*` settings are left out.
    """
    variables = {
        name: value
        for name, value in environ.items()
        if name not in _NOT_OURS and not name.startswith(_NOT_OURS_EITHER)
    }
    return variables | {
        "GIT_TERMINAL_PROMPT": "0",
        "GCM_INTERACTIVE": "never",
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
        "LANGUAGE": "",
    }


def with_settings(
    environ: Mapping[str, str], settings: Iterable[tuple[str, str]]
) -> dict[str, str]:
    """Add git settings in memory: neither on a command line nor on a disk can others read them."""
    variables = dict(environ)
    pairs = list(settings)
    variables["GIT_CONFIG_COUNT"] = str(len(pairs))
    for number, (key, value) in enumerate(pairs):
        variables[f"GIT_CONFIG_KEY_{number}"] = key
        variables[f"GIT_CONFIG_VALUE_{number}"] = value
    return variables


def run_git(
    arguments: Sequence[str],
    *,
    folder: Path,
    environ: Mapping[str, str],
    data: bytes = b"",
    timeout: float,
) -> Answer:
    """Run git to its end; whatever interrupts this ends it and its children.

    Args:
        arguments: after `git`; never a secret.
        folder: where it starts.
        environ: all its variables.
        data: its standard input.
        timeout: seconds.

    Raises:
        OSError: it could not be started.
        subprocess.TimeoutExpired: it took too long.
    """
    with process_group(["git", *arguments], cwd=folder, environ=environ, fed=True) as process:
        out, err = process.communicate(data, timeout=timeout)
    return Answer(code=process.returncode, out=out, err=err.decode("utf-8", "replace"))
