"""What a command costs before it does anything: the same interpreter, started with no program."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from perfci.model.work import Command
from perfci.runners.commands.shell import single

_PLAIN = re.compile(r"[\w@%+=:,./-]+", re.ASCII)
"""Words that mean the same to a shell with and without quotes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Interpreter:
    """How the command line of an interpreter is read."""

    name: re.Pattern[str]
    program: tuple[str, ...]
    """Arguments with which it does nothing."""
    last: str
    """Letters of options after which the program stands."""
    last_long: tuple[str, ...] = ()
    valued: tuple[str, ...] = ()
    """Options whose value is the next word, or the rest of their own."""
    attached: tuple[str, ...] = ()
    """Options whose value can only be the rest of their own word."""


_INTERPRETERS = (
    _Interpreter(
        name=re.compile(r"(?:python|pypy)[\d.]*"),
        program=("-c", "pass"),
        last="cm",
        valued=("-X", "-W", "--check-hash-based-pycs"),
    ),
    _Interpreter(
        name=re.compile(r"node(?:js)?"),
        program=("-e", "0"),
        last="epc",
        last_long=("--eval", "--print", "--check", "--run", "--test"),
        valued=("-r", "--require", "--import", "--loader", "-C", "--conditions"),
    ),
    _Interpreter(
        name=re.compile(r"ruby[\d.]*"),
        program=("-e", ""),
        last="e",
        valued=("-I", "-r", "-E"),
        attached=("-W", "-K"),
    ),
    _Interpreter(
        name=re.compile(r"perl[\d.]*"),
        program=("-e", ""),
        last="eEnpix",
        valued=("-I",),
        attached=("-M", "-m", "-0", "-D"),
    ),
    _Interpreter(
        name=re.compile(r"(?:ba|da|k|z)?sh"),
        program=("-c", ":"),
        last="cs",
        valued=("-o", "-O", "--rcfile", "--init-file"),
    ),
)


def startup(command: Command) -> tuple[str, ...]:
    """Return the command that is subtracted; nothing where none is known.

    It is the user's own `startup`, else a known interpreter with its options and an empty program:
    for `python -O parse.py`, `python -O -c pass`. Of a text for the shell that starts one
    interpreter and no more, it is that interpreter's, in the shell.
    """
    if command.startup:
        return command.startup
    if not command.shell:
        return _idle(command.argv)
    assignments, words = single(command.argv[-1])
    idle = _idle(words)
    if not idle or not all(map(_PLAIN.fullmatch, words[: _options_end(words)])):
        return ()
    return (*command.argv[:-1], " ".join((*assignments, shlex.join(idle))))


def ignores_hash_seed(command: Command) -> bool:
    """Tell whether the command starts Python so that it does not look at PYTHONHASHSEED."""
    words = single(command.argv[-1])[1] if command.shell else command.argv
    found = _interpreter(words)
    if found is not _INTERPRETERS[0]:
        return False
    options = words[1 : _options_end(words) + 1]
    short = (it for it in options if not it.startswith(("--", "-X", "-W")))
    return any(re.match(r"-[a-zA-Z]*[EI]", _before_program(it, found)) for it in short)


def _idle(words: Sequence[str]) -> tuple[str, ...]:
    found = _interpreter(words)
    if found is None:
        return ()
    kept = [*words[: _options_end(words)]]
    following = words[len(kept) : len(kept) + 1]
    if following and re.match(r"-[^-]", following[0]):
        before = _before_program(following[0], found)
        kept += [before] if len(before) > 1 else []
    return (*kept, *found.program)


def _interpreter(words: Sequence[str]) -> _Interpreter | None:
    name = words[0].rpartition("/")[2] if words else ""
    return next((each for each in _INTERPRETERS if each.name.fullmatch(name)), None)


def _options_end(words: Sequence[str]) -> int:
    """Return the index of the first word that is no option, or that holds the program."""
    found = _interpreter(words)
    at = 1
    while found is not None and at < len(words):
        word = words[at]
        if not word.startswith("-") or word in {"-", "--"}:
            return at
        if word.partition("=")[0] in found.last_long or _before_program(word, found) != word:
            return at
        at += 2 if _takes_next(word, found) else 1
    return min(at, len(words))


def _takes_next(word: str, interpreter: _Interpreter) -> bool:
    """Tell whether an option's value is the next word: `-X`, and `-BX`, but not `-Xutf8`."""
    if word in interpreter.valued:
        return True
    whole = word.startswith(("--", *interpreter.valued, *interpreter.attached))
    return not whole and f"-{word[-1]}" in interpreter.valued


def _before_program(word: str, interpreter: _Interpreter) -> str:
    """Return an option without the letter that begins the program: `-B` of `-Bc`."""
    if word.startswith(("--", *interpreter.valued, *interpreter.attached)):
        return word
    return re.split(f"[{interpreter.last}]", word, maxsplit=1)[0]
