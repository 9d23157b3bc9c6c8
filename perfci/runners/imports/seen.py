"""Notes which files a Python program has imported; copied as `sitecustomize.py` to where it acts.

The measured project's interpreter runs this, whatever its version, at the start of every Python
program below the command while it warms up: standard library only, the oldest syntax, and never
a failure that the program could notice.
"""
# ruff: noqa: ANN202, BLE001, PTH100, PTH117, PTH120, S110, TID251
# The syntax is that of any Python, the module os too, and no error is the program's business.

import atexit
import os
import sys


def _note():  # type: ignore[no-untyped-def]  # read by any Python
    try:
        seen = []
        for name, module in list(sys.modules.items()):
            path = getattr(module, "__file__", None)
            if isinstance(path, str) and os.path.isabs(path) and "\n" not in path + name:
                seen.append(name + "\t" + path + "\n")
        data = "".join(seen).encode("utf-8", "surrogateescape")
        handle = os.open(os.environ["PERFCI_IMPORTS"], os.O_WRONLY | os.O_APPEND)
        try:
            os.write(handle, data)
        finally:
            os.close(handle)
    # it runs in the user's own program, at its end
    except Exception:  # whatever goes wrong with the note, the measured program must not notice
        pass


def _next():  # type: ignore[no-untyped-def]  # read by any Python
    """Run the sitecustomize that this one stands before."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [each for each in sys.path if os.path.abspath(each) != here]
    mine = sys.modules.pop("sitecustomize", None)
    try:
        import sitecustomize  # type: ignore[import-not-found]  # noqa: F401 - is run by that
    except ImportError as error:
        if getattr(error, "name", "sitecustomize") != "sitecustomize":
            raise
        # there is none; an import ends with its name in sys.modules
        sys.modules["sitecustomize"] = mine  # type: ignore[assignment]


atexit.register(_note)
_next()  # type: ignore[no-untyped-call]
