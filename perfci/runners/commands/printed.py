"""What to say of a command whose output gives no checksum."""

from perfci.errors import MeasurementError
from perfci.model.measurement import Side
from perfci.model.text import printable
from perfci.runners.failures import Subject
from perfci.runners.processes.output import MOST_FOR_CHECKSUM


def nothing_counts(subject: Subject, beginning: str, said: str) -> MeasurementError:
    """Return the error for a command that printed nothing of which a checksum is made.

    Args:
        subject: whom it is about.
        beginning: of the lines that count; empty for everything.
        said: the end of what it printed, made harmless.
    """
    if not beginning:
        return subject.error(
            "printed nothing",
            after=": there is no output to make a checksum of",
            hint="standard output counts, not the errors' and no file: let it print its result, or"
            " a checksum of it; or take `checksum` out",
            output=said,
        )
    line = f"`{printable(beginning, limit=80)}`"
    newcomer = subject.paired and subject.side is Side.BASE
    return subject.error(
        "printed no line",
        after=f" that begins with {line}, as its `checksum` says",
        hint="if the line is new, base has nothing to compare: set `checksum` once base prints it"
        if newcomer
        else "standard output counts, not the errors'; the line must begin with the text as it is"
        " written, spaces and all",
        output=said,
    )


def too_much(subject: Subject, said: str) -> MeasurementError:
    """Return the error for a command that printed more than is kept.

    Args:
        subject: whom it is about.
        said: the end of what it printed, made harmless.
    """
    if subject.benchmark.checksum is None:
        return subject.error(
            "printed too much to be read",
            after=f": more than {MOST_FOR_CHECKSUM // 2**20} MiB",
            hint="let the tool write its results to a file: `{output}` in its command is one",
            output=said,
        )
    return subject.error(
        "printed too much for a checksum",
        after=f": more than {MOST_FOR_CHECKSUM // 2**20} MiB",
        hint="let it write its result to a file, and print a checksum of that; or take `checksum`"
        " out",
        output=said,
    )
