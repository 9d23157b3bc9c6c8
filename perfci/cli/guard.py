"""What happens when something goes wrong: a message with the next step, and exit code 2."""

import sys

from perfci.cli.parser import parse
from perfci.errors import ExitCode, PerfciError


def guarded(arguments: list[str]) -> int:
    """Parse and run one command; whatever it raises becomes a message and 2."""
    debug = "--debug" in arguments
    try:
        command, options = parse(arguments)
        code = command(options)
        sys.stdout.flush()
    except SystemExit as stop:
        # argparse ends the process by itself: 0 after --help, 2 after a usage error
        return int(stop.code) if isinstance(stop.code, int) else ExitCode.ERROR
    except PerfciError as error:
        from perfci.cli.say import say_error

        say_error(error)
        _trace(shown=debug)
        return ExitCode.ERROR
    except KeyboardInterrupt:
        sys.stderr.write("perfci: interrupted\n")
        _trace(shown=debug)
        return ExitCode.ERROR
    except BrokenPipeError:
        # the reader went away (`| head`); there is nobody left to tell
        sys.stderr.close()
        return ExitCode.ERROR
    except Exception as error:  # noqa: BLE001 - the edge: a crash is 2 and a message, never 1
        sys.stderr.write(
            f"perfci: internal error: {type(error).__name__}: {error}\n"
            "  This is a bug in perfci, not in your code. Please report it with the output of the\n"
            "  same command and --debug.\n"
        )
        _trace(shown=debug)
        return ExitCode.ERROR
    return code


def _trace(*, shown: bool) -> None:
    if shown:
        import traceback

        traceback.print_exc()
