"""The edge: parse, run, catch everything, return an exit code. Nothing below ends the process."""

import sys

from perfci import __version__


def main(argv: list[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: arguments without the program's name; None takes the process's own.

    Returns:
        0, 1 or 2 and nothing else; a crash is 2, never 1.
    """
    arguments = sys.argv[1:] if argv is None else argv
    if arguments == ["--version"]:
        # before any import: this is asked by every pipeline, and costs no more than Python itself
        sys.stdout.write(f"perfci {__version__}\n")
        return 0
    from perfci.cli.guard import guarded

    return guarded(arguments)


if __name__ == "__main__":
    sys.exit(main())
