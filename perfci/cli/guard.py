"""What happens when something goes wrong: a message with the next step, and exit code 2."""

import io
import signal
import sys
from collections.abc import Callable
from types import FrameType

from perfci.cli.parser import parse
from perfci.errors import ExitCode, PerfciError


def guarded(arguments: list[str]) -> int:
    """Parse and run one command; whatever it raises becomes a message and 2."""

    def run() -> int:
        try:
            command, options = parse(arguments)
        except SystemExit as stop:
            # argparse ends the process by itself: 0 after --help, 2 after a usage error
            return int(stop.code) if isinstance(stop.code, int) else ExitCode.ERROR
        return command(options)

    return answered(run, debug="--debug" in arguments)


def answered(run: Callable[[], int], *, debug: bool = False) -> int:
    """Run one program of this package; whatever it raises becomes a message and 2.

    Args:
        run: returns the exit code.
        debug: whether a message comes with the traceback.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        # a cancelled job is told by these: what was measured is kept, as after Ctrl-C
        signal.signal(number, _interrupt)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # a name that the terminal cannot show is no reason to lose the answer
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = run()
        if sys.stdout:
            sys.stdout.flush()
    except SystemExit:
        _say("perfci: what was measured ended the process, and with it the gate\n", trace=debug)
        return ExitCode.ERROR
    except PerfciError as error:
        from perfci.cli.say import error_text

        _say(error_text(error), trace=debug)
        return ExitCode.ERROR
    except KeyboardInterrupt:
        _say("perfci: interrupted\n", trace=debug)
        return ExitCode.ERROR
    except BrokenPipeError:
        # the reader went away (`| head`); there is nobody left to tell
        return _quietly()
    # Python itself would end with 1, which says that the gate failed
    except Exception as error:  # noqa: BLE001 - the edge: a crash is 2 and a message, never 1
        _say(_crash(error), trace=debug)
        return ExitCode.ERROR
    return code


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _crash(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"perfci: the output could not be written: {_harmless(error.strerror or error)}\n"
    if isinstance(error, MemoryError):
        return "perfci: out of memory\n  next: measure or compare fewer benchmarks at a time\n"
    return (
        f"perfci: internal error: {type(error).__name__}: {_harmless(error)}\n"
        "  This is a bug in perfci, not in your code. Please report it with the output of the\n"
        "  same command and --debug.\n"
    )


def _harmless(what: object) -> str:
    from perfci.model.text import inert, printable

    return inert(printable(str(what)))


def _say(text: str, *, trace: bool) -> None:
    try:
        sys.stderr.write(text)
        if trace:
            sys.stderr.write(_traceback())
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        # standard error is closed or full: the exit code has to do
        _quietly()


def _traceback() -> str:
    """Return where it went wrong: values of strangers are in it, and a CI reads this, too."""
    import traceback

    from perfci.model.text import inert, printable

    text = printable(traceback.format_exc(), lines=True, limit=1 << 16)
    return "".join(f"{inert(line)}\n" for line in text.splitlines())


def _quietly() -> int:
    """Keep the interpreter from complaining about its outputs when it ends: that would be 1."""
    sys.stdout = sys.stderr = None
    return ExitCode.ERROR
