"""Lists what an interpreter loads for some modules: files of its library, and shared libraries.

Run in an interpreter of its own, with the options that perfci's programs are run with.
"""
# ruff: noqa: PTH100, PTH115, PTH120 - the modules loaded here are those that are counted

import marshal
import os
import sys


def _libraries() -> list[str]:
    """Return this process's shared libraries by the names under which they were asked for."""
    import ctypes

    class Info(ctypes.Structure):
        _fields_ = (("address", ctypes.c_void_p), ("name", ctypes.c_char_p))

    found: list[str] = []

    def see(info: "ctypes._Pointer[Info]", _size: int, _data: object) -> int:
        found.append(os.fsdecode(info.contents.name))
        return 0

    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(Info), ctypes.c_size_t, ctypes.c_void_p)
    ctypes.CDLL(None).dl_iterate_phdr(kind(see), None)
    return found


def tell(names: list[str]) -> None:
    """Load modules, and write a marshalled dictionary of all files to standard output."""
    for name in names:
        __import__(name)
    modules = [
        os.path.abspath(path)
        for name, module in list(sys.modules.items())
        if name not in {"__main__", __name__}
        for path in (getattr(module, "__file__", None), getattr(module, "__cached__", None))
        if path
    ]
    told = {
        "modules": modules,
        "libraries": _libraries(),
        "executable": os.readlink("/proc/self/exe"),
        "library": os.path.dirname(os.path.abspath(os.__file__)),
        "folder": f"{sys.platlibdir}/python{sys.version_info[0]}.{sys.version_info[1]}",
    }
    marshal.dump(told, sys.stdout.buffer)
