"""The variables that git, and the programs perfci starts for the project, are given."""

import shutil
from collections.abc import Mapping

_WHERE = frozenset(
    {
        # set inside hooks and aliases: they would point git at another repository or index
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
        # would change what a path on the command line means
        "GIT_GLOB_PATHSPECS",
        "GIT_ICASE_PATHSPECS",
        "GIT_LITERAL_PATHSPECS",
        "GIT_NOGLOB_PATHSPECS",
    }
)
_OURS = ("INPUT_", "PERFCI_")
_TOKENS = frozenset(
    {
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        "ACTIONS_RUNTIME_TOKEN",
    }
)
# in a container the checkout belongs to another user: git would refuse to look at it
_SAFE = {"safe.directory": "*"}
_QUIET = {
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
}
# a checkout that was configured for LFS where git-lfs exists fails outright where it does not
_NO_LFS = {
    "filter.lfs.clean": "",
    "filter.lfs.smudge": "",
    "filter.lfs.process": "",
    "filter.lfs.required": "false",
}


def has_lfs(environ: Mapping[str, str]) -> bool:
    """Return whether git-lfs can be started."""
    return shutil.which("git-lfs", path=environ.get("PATH")) is not None


def git_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for git: no questions, no hooks, English, no trace in the user's files.

    Args:
        environ: the process's own; `GIT_CONFIG_*` in it (credentials) are kept.
    """
    variables = {name: value for name, value in environ.items() if name not in _WHERE}
    variables.setdefault("GIT_ASKPASS", "/bin/true")
    variables |= {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "LC_ALL": "C",
    }
    return _configured(variables, _SAFE | _QUIET | ({} if has_lfs(environ) else _NO_LFS))


def program_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for the project's own programs: nothing that is perfci's alone.

    Args:
        environ: the process's own, without credentials that were lent to git.
    """
    variables = {
        name: value
        for name, value in environ.items()
        if name not in _WHERE and name not in _TOKENS and not name.startswith(_OURS)
    }
    return _configured(variables, _SAFE)


def _configured(environ: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """Append git settings to those that the environment already carries."""
    count = environ.get("GIT_CONFIG_COUNT", "")
    start = int(count) if count.isascii() and count.isdigit() and len(count) < 6 else 0
    variables = {**environ, "GIT_CONFIG_COUNT": str(start + len(settings))}
    for number, (key, value) in enumerate(settings.items(), start):
        variables[f"GIT_CONFIG_KEY_{number}"] = key
        variables[f"GIT_CONFIG_VALUE_{number}"] = value
    return variables
