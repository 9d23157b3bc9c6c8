"""Calls a function some times and ends: for a program that counts instructions."""

from __future__ import annotations

import gc
import json
import os
import sys
from typing import Any

from .refusal import Refused, trimmed
from .work import Work


def count(times: int, order: str) -> None:
    """Import, set up, call once, call some times, tear down, and end the process.

    Args:
        times: calls after the first; 0 or more.
        order: JSON, as in `__main__`.
    """
    told = json.loads(order)
    failed = False
    try:
        work = Work(told)
        work.set_up()
        try:
            _call(work, times, collects=told["gc"])
        except Refused as refused:
            failed = _tell(refused.answer)
        work.teardown()
    except Refused as refused:
        failed = _tell(refused.answer)
    sys.stdout.flush()
    sys.stderr.flush()
    # no thread is waited for, and nothing is freed: that is no call's work
    os._exit(1 if failed else 0)


def _call(work: Work, times: int, *, collects: bool) -> None:
    try:
        work.first()
        work.finish()
        gc.collect()
        if not collects:
            gc.disable()
        work.call(times)
    except Refused:
        raise
    except BaseException as error:  # the project's code may raise anything
        raise Refused("call", trimmed(error)) from error


def _tell(answer: dict[str, Any]) -> bool:
    sys.stderr.write(f"{answer['part']}: {answer['text']}\n")
    return True
