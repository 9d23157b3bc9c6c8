"""Texts for the shell: which of them start one program and no more."""

import re
import shlex

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=[\w@%+=:,./-]*", re.ASCII)
_BEFORE = re.compile(r"((?:\s*\w+=\S*\s+)*)\s*")
"""The assignments with which a text begins."""
_WORDS = """
! . : [ alias bg break builtin case cd command continue do done echo elif else esac eval exec exit
export false fc fg fi for function getopts hash if in jobs kill let local printf pwd read readonly
return select set shift source test then time times trap true type typeset ulimit umask unalias
unset until wait while { }
"""
_OWN = frozenset(_WORDS.split())
"""Words that the shell knows itself."""


def direct(argv: tuple[str, ...]) -> tuple[str, ...]:
    """Return the command of a shell text so that the one program in it takes the shell's place.

    A shell that waits beside its program is a second process to be seen, and the kernel forgets
    how long a process waited that its own parent reaps. What is more than one plain program is
    left as it is.
    """
    _, words = single(argv[-1])
    if not words or words[0] in _OWN or not re.fullmatch(r"[\w./+~-]+", words[0]):
        return argv
    text = argv[-1]
    begin = _BEFORE.match(text)
    at = begin.end() if begin else 0
    return (*argv[:-1], f"{text[:at]}exec {text[at:]}")


def single(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return assignments and words of a shell text that starts one program; else nothing."""
    if re.search(r"[`\n]|\$\(", text):
        return (), ()
    lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        words = tuple(lexer)
    except ValueError:  # an open quote
        return (), ()
    if any(re.fullmatch(r"[();|&]+", word) for word in words):
        return (), ()
    at = 0
    while at < len(words) and _ASSIGNMENT.fullmatch(words[at]):
        at += 1
    return words[:at], words[at:]
