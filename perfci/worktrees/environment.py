"""The variables that git is given."""

import shutil
from collections.abc import Mapping

from perfci.programs.variables import REPOSITORY, SAFE, configured

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
    variables = {name: value for name, value in environ.items() if name not in REPOSITORY}
    variables.setdefault("GIT_ASKPASS", "/bin/true")
    variables |= {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "LC_ALL": "C",
    }
    return configured(variables, (SAFE | _QUIET | ({} if has_lfs(environ) else _NO_LFS)).items())
