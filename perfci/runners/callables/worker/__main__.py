"""Starts the worker; every Python, the oldest too, can read this file.

    python .../worker/__main__.py ORDERS ANSWERS

serves: two named pipes carry one JSON object a line; what the function prints goes elsewhere.

    python .../worker/__main__.py --count N ORDER

counts: for a program that counts the instructions of this one. ORDER is the JSON of `load_order`.
It imports the targets, runs `setup`, calls the function once, then N times, runs `teardown`, and
ends with 0: no clock, no pipe, no thread, the collector off (on where the order has `gc`). Two
counts with different N, of one hash seed, differ by that many calls. Where the project's code
raises an error, its traceback is on standard error, and the exit code is 1.
"""
# ruff: noqa: ANN001, ANN202, ANN204, PTH100, PTH118, PTH120
# The syntax is that of any Python, and the module os too.

import os
import sys

_OLDEST = (3, 8)
_PACKAGE = "_perfci_worker"
"""What the worker's own modules are called in its process: nobody else's are called so."""


def _start(arguments):  # type: ignore[no-untyped-def]  # read by any Python
    here = os.path.dirname(os.path.abspath(__file__))
    # a program's folder stands first in its path: what lies there must not hide anybody else's
    sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder) != here]
    sys.argv[:] = [""]
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < _OLDEST:
        _refuse(arguments, version)  # type: ignore[no-untyped-call]
        return
    import importlib.util

    spec = importlib.util.spec_from_file_location(
        _PACKAGE, os.path.join(here, "__init__.py"), submodule_search_locations=[here]
    )
    assert spec is not None  # noqa: S101 - the file's name ends in .py
    assert spec.loader is not None  # noqa: S101
    package = importlib.util.module_from_spec(spec)
    sys.modules[_PACKAGE] = package
    spec.loader.exec_module(package)
    if arguments[0] == "--count":
        importlib.import_module(_PACKAGE + ".counting").count(int(arguments[1]), arguments[2])
    else:
        importlib.import_module(_PACKAGE + ".serving").serve(arguments[0], arguments[1], version)


def _refuse(arguments, version):  # type: ignore[no-untyped-def]  # read by any Python
    if arguments[0] == "--count":
        sys.stderr.write("this is Python " + version + "; the worker needs 3.8 or newer\n")
        sys.stderr.flush()
        os._exit(1)
    with open(arguments[1], "w") as told:  # noqa: PTH123
        told.write('{"version": "' + version + '", "old": true}\n')


class _Finder:
    """Finds the benchmark's own files in a process that multiprocessing has started afresh.

    What such a process is to call is named by its module, and that is in no folder of the path.
    """

    def __init__(self, files):  # type: ignore[no-untyped-def]  # read by any Python
        self._files = files

    def find_spec(self, name, path=None, target=None):  # type: ignore[no-untyped-def]  # noqa: ARG002 - the import system's own arguments
        import importlib.util

        file = self._files.get(name)
        return file and importlib.util.spec_from_file_location(name, file)


if __name__ == "__main__":
    _start(sys.argv[1:])  # type: ignore[no-untyped-call]
elif __name__ == "__mp_main__":
    import json

    sys.meta_path.append(_Finder(json.loads(os.environ.get("PERFCI_CALLABLES", "{}"))))  # type: ignore[no-untyped-call]
