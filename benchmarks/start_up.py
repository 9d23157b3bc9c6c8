"""What starting perfci costs: whole-process CPU time against `python -c pass`, interleaved.

    python benchmarks/start_up.py [ROUNDS]

Prints one row a command: the median CPU time and the median ratio, round by round, to the bare
interpreter.
"""

import os
import statistics
import sys
from pathlib import Path

COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "perfci --version": [str(Path(sys.executable).parent / "perfci"), "--version"],
    "python -m perfci --version": [sys.executable, "-m", "perfci", "--version"],
    "perfci --help": [str(Path(sys.executable).parent / "perfci"), "--help"],
    "perfci compare": [
        *(str(Path(sys.executable).parent / "perfci"), "compare"),
        *(os.devnull, os.devnull),
    ],
}


def cpu_seconds(argv: list[str]) -> float:
    """Run a command once, its output thrown away; return its user plus system time."""
    quiet = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)]
    child = os.posix_spawn(argv[0], argv, os.environ, file_actions=quiet)
    _, _, usage = os.wait4(child, 0)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Measure in rounds, every command once a round, and print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for argv in COMMANDS.values():
        cpu_seconds(argv)
    for _ in range(rounds):
        for name, argv in COMMANDS.items():
            taken[name].append(cpu_seconds(argv))
    bare = taken["python -c pass"]
    print(f"{'command':28} {'CPU ms':>8} {'ratio':>7}   ({rounds} rounds)")
    for name, seconds in taken.items():
        ratio = statistics.median(one / other for one, other in zip(seconds, bare, strict=True))
        print(f"{name:28} {statistics.median(seconds) * 1e3:8.1f} {ratio:7.2f}")


if __name__ == "__main__":
    main()
