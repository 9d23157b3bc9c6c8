"""The answer on standard output: the table for people, or the result for programs."""

import sys

from perfci.model.evaluation import Evaluation
from perfci.model.text import inert_json
from perfci.reports.terminal import table
from perfci.wiring import process


def print_answer(evaluation: Evaluation, *, report: str, as_json: bool) -> None:
    """Print it; a standard output that was closed before perfci began is let be.

    Args:
        evaluation: what came out.
        report: path of the page, as the user would open it; empty where none was written.
        as_json: the content of result.json instead of the table.
    """
    if not sys.stdout:
        return
    try:
        sys.stdout.write(_text(evaluation, report=report, as_json=as_json))
        sys.stdout.flush()
    except BrokenPipeError:
        # the reader has seen enough (`| head`): the verdict stands, and Python must not complain
        sys.stdout = None


def _text(evaluation: Evaluation, *, report: str, as_json: bool) -> str:
    if as_json:
        # of no use for a table, and slow to import
        from perfci.schema import result

        return inert_json(result.dump(evaluation).decode()) + "\n"
    screen = process.screen()
    return table(
        evaluation,
        width=screen.width,
        colour=screen.colour,
        ascii_only=screen.ascii_only,
        report=report,
    )
