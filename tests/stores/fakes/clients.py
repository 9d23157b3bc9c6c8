"""Clients of GitHub and GitLab that nobody here wrote, each run as a program of its own.

`.ci/parts` installs them and names them: `PERFCI_TEST_NODE` a node, and `PERFCI_TEST_NODE_MODULES`
the folder where npm put @gitbeaker/rest, and @actions/artifact as `artifact-2` and
`artifact-newest`; `PERFCI_TEST_PYTHON_GITLAB` a Python that has python-gitlab.
"""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

_HERE = Path(__file__).parent
_NODE = os.environ.get("PERFCI_TEST_NODE", "")
MODULES = os.environ.get("PERFCI_TEST_NODE_MODULES", "")
_PYTHON = os.environ.get("PERFCI_TEST_PYTHON_GITLAB", "")

OFFICIAL = {
    version: (_NODE, str(_HERE / "official.mjs"), str(Path(MODULES, version)))
    for version in ("artifact-2", "artifact-newest")
}
"""GitHub's own client for artifacts, by its version."""
GITBEAKER = (_NODE, str(_HERE / "gitbeaker.mjs"))
# isolated: beside the script lies a file of the name gitlab.py
PYTHON_GITLAB = (_PYTHON, "-I", str(_HERE / "python_gitlab.py"))

needs_official = pytest.mark.skipif(
    not (_NODE and Path(MODULES, "artifact-newest").is_dir()),
    reason="PERFCI_TEST_NODE_MODULES names no folder with artifact-2 and artifact-newest",
)
needs_gitbeaker = pytest.mark.skipif(
    not (_NODE and Path(MODULES, "@gitbeaker", "rest").is_dir()),
    reason="PERFCI_TEST_NODE_MODULES names no folder with @gitbeaker/rest",
)
needs_python_gitlab = pytest.mark.skipif(
    not _PYTHON, reason="PERFCI_TEST_PYTHON_GITLAB names no Python with python-gitlab"
)


def ask(command: Sequence[object], environ: Mapping[str, str]) -> Any:
    """Run a client with these variables and no others; return its answer."""
    ended = subprocess.run(
        [*map(str, command)],
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])
