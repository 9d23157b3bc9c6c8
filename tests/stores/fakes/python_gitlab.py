"""python-gitlab on the packages of project 7; run by a Python that has it.

    python python_gitlab.py list PACKAGE
    python python_gitlab.py download|upload PACKAGE VERSION FILE PATH
    python python_gitlab.py remove PACKAGE VERSION FILE

ADDRESS names the server, TOKEN the token and KIND its kind. The last line it prints is its answer,
in JSON.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

# by name: the Python that checks this file need not have it
_gitlab: Any = import_module("gitlab")
_server = _gitlab.Gitlab(os.environ["ADDRESS"], **{os.environ["KIND"]: os.environ["TOKEN"]})
_project = _server.projects.get(7, lazy=True)


def _files(name: str) -> Iterator[tuple[str, Any]]:
    found = _project.packages.list(package_type="generic", package_name=name, get_all=True)
    for package in found:
        for file in package.package_files.list(get_all=True):
            yield package.version, file


def _list(name: str) -> list[list[str]]:
    return [[version, it.file_name, it.file_sha256] for version, it in _files(name)]


def _download(name: str, version: str, file: str, path: str) -> None:
    data = _project.generic_packages.download(
        package_name=name, package_version=version, file_name=file
    )
    Path(path).write_bytes(data)


def _upload(name: str, version: str, file: str, path: str) -> None:
    _project.generic_packages.upload(
        package_name=name, package_version=version, file_name=file, path=path
    )


def _remove(name: str, version: str, file: str) -> None:
    for where, it in _files(name):
        if (where, it.file_name) == (version, file):
            it.delete()


_verbs: dict[str, Callable[..., object]] = {
    "list": _list,
    "download": _download,
    "upload": _upload,
    "remove": _remove,
}
sys.stdout.write(f"\n{json.dumps(_verbs[sys.argv[1]](*sys.argv[2:]))}\n")
