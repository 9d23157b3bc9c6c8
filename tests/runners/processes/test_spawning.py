"""The spawner: programs of known truth."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from perfci.errors import PerfciError
from perfci.runners.processes import execution
from perfci.runners.processes.spawning import Ended, LocalChannel, Spawner, Start
from tests.runners.stage import ENVIRON, is_alive

BURN = "import time\nt = time.process_time()\nwhile time.process_time() < t + {}: pass\n"


class Place:
    """A spawner, and a folder to run things in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spawner = Spawner()
        self.output = folder / "output"

    def start(self, *argv: str, timeout: float | None = 30.0, tree: bool = False) -> Start:
        return Start(
            executable=Path(argv[0]),
            argv=argv,
            cwd=self.folder,
            environ=ENVIRON,
            output=self.output,
            timeout=timeout,
            tree=tree,
        )

    def run(self, *argv: str, timeout: float | None = 30.0, tree: bool = False) -> Ended:
        return self.spawner.run(self.start(*argv, timeout=timeout, tree=tree))

    def python(self, code: str, *, timeout: float = 30.0, tree: bool = False) -> Ended:
        return self.run(sys.executable, "-S", "-c", code, timeout=timeout, tree=tree)

    def pid_in(self, name: str) -> int:
        """Return what a program has written there, as soon as it has."""
        file = self.folder / name
        while not (file.exists() and file.read_text().endswith("\n")):
            time.sleep(0.005)
        return int(file.read_text())


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.spawner.close()


def test_a_sleep_is_wall_time_and_no_cpu_time(place: Place) -> None:
    ended = place.run("/bin/sleep", "0.1")

    assert ended.wall >= 0.1
    assert ended.cpu < 0.05


def test_a_busy_loop_is_cpu_time(place: Place) -> None:
    ended = place.python(BURN.format(0.05))

    assert 0.05 <= ended.cpu <= ended.wall + 0.001
    assert ended.delay is not None
    assert ended.whole


def test_memory_is_the_programs_own_whatever_perfci_holds(place: Place) -> None:
    ballast = bytearray(200_000_000)
    ended = place.python("b = b'x' * (50 * 2**20)")

    assert 50 <= ended.peak / 2**20 <= 65
    assert len(ballast) == 200_000_000


def test_of_a_hundred_megabytes_of_output_only_the_end_is_kept(place: Place) -> None:
    code = (
        "import sys, time\nfor _ in range(100): sys.stdout.write('x' * 1_000_000)\n"
        "sys.stdout.flush(); time.sleep(0.3); print('the end')"
    )
    ended = place.python(code)

    assert ended.code == 0
    assert place.output.stat().st_size <= 16 * 2**20
    assert place.output.read_bytes().endswith(b"xxx" + b"the end\n")


def test_a_program_that_closes_its_outputs_runs_to_its_end(place: Place) -> None:
    ended = place.run("/bin/sh", "-c", "exec >&- 2>&-; echo lost; sleep 0.05; exit 4")

    assert ended.code == 4
    assert ended.wall >= 0.05


def test_background_processes_that_hold_the_output_are_not_waited_for(place: Place) -> None:
    ended = place.run("/bin/sh", "-c", "(trap '' TERM; echo $$ > pid; sleep 600) & sleep 0.05")

    assert ended.code == 0
    assert ended.wall < 30
    assert ended.clean


@pytest.mark.slow
def test_a_program_that_stops_itself_runs_out_of_time(place: Place) -> None:
    ended = place.run("/bin/sh", "-c", "echo $$ > pid; kill -STOP $$; sleep 600", timeout=0.3)

    assert ended.reason == "timeout"
    assert not is_alive(place.pid_in("pid"))


def test_a_program_that_ignores_sigterm_is_killed(place: Place) -> None:
    ended = place.run("/bin/sh", "-c", "trap '' TERM; while :; do sleep 0.05; done", timeout=0.2)

    assert (ended.reason, ended.code) == ("timeout", -signal.SIGKILL)


def test_a_program_has_no_terminal(place: Place) -> None:
    place.run("/bin/sh", "-c", "test -t 0 || test -t 1 || (: < /dev/tty) 2> /dev/null || echo none")

    assert place.output.read_text() == "none\n"


def test_exit_codes_and_signals_are_told_apart(place: Place) -> None:
    assert place.run("/bin/sh", "-c", "exit 3").code == 3
    assert place.run("/bin/sh", "-c", "kill -SEGV $$").code == -signal.SIGSEGV


def test_a_file_that_is_no_program_is_told(place: Place) -> None:
    (place.folder / "note").write_text("no program")
    (place.folder / "note").chmod(0o755)

    assert place.run(str(place.folder / "note")).error == "Exec format error"
    assert place.run("/no/such/program").error == "No such file or directory"
    assert place.run("no-such-program").error == "it is in no folder of PATH"
    assert place.run("no-such-program").at == "program"
    assert place.run("/bin/true").code == 0


def test_a_bare_name_is_looked_for_in_the_programs_own_path(place: Place) -> None:
    (place.folder / "bin").mkdir()
    (place.folder / "bin" / "mine").write_text("#!/bin/sh\nexit 5")
    (place.folder / "bin" / "mine").chmod(0o755)
    start = replace(place.start("mine"), environ={"PATH": f"/no/such:{place.folder}/bin"})

    assert place.spawner.run(start).code == 5
    assert place.spawner.run(replace(start, environ={"PATH": "/no/such:bin"})).code == 5
    assert place.spawner.run(replace(start, environ={})).at == "program"


@pytest.mark.parametrize(
    ("changes", "at", "error"),
    [
        ({"cwd": Path("/no/such")}, "cwd", "No such file or directory"),
        ({"input": Path("/no/such")}, "input", "No such file or directory"),
        ({"input": Path("/tmp")}, "input", "it is not a file"),
        ({"output": Path("/no/such/output")}, "output", "No such file or directory"),
    ],
)
def test_what_keeps_a_program_from_starting_is_told_apart(
    place: Place, changes: dict[str, Path], at: str, error: str
) -> None:
    ended = place.spawner.run(replace(place.start("/bin/true"), **changes))  # type: ignore[arg-type]

    assert (ended.at, ended.error) == (at, error)


def test_a_pipe_as_input_is_refused_and_not_waited_for(place: Place) -> None:
    os.mkfifo(place.folder / "pipe")
    start = replace(place.start("/bin/cat"), input=place.folder / "pipe")

    assert place.spawner.run(start).at == "input"


def test_every_execution_reads_its_input_from_the_beginning(place: Place) -> None:
    (place.folder / "words").write_text("some words")
    start = replace(place.start("/bin/cat"), input=place.folder / "words")

    for _ in range(2):
        place.spawner.run(start)
        assert place.output.read_text() == "some words"


def test_a_timeout_ends_the_program_its_children_and_their_daemons(place: Place) -> None:
    text = (
        "trap '' TERM; sleep 600 & echo $! > child;"
        " setsid sh -c 'trap \"\" TERM; echo $$ > daemon; sleep 600; true' & wait; sleep 600"
    )
    ended = place.run("/bin/sh", "-c", text, timeout=0.3)

    assert ended.reason == "timeout"
    assert ended.clean
    assert not is_alive(place.pid_in("child"))
    assert not is_alive(place.pid_in("daemon"))


def test_what_a_program_leaves_behind_is_ended(place: Place) -> None:
    ended = place.run("/bin/sh", "-c", "sleep 600 & echo $! > left; setsid sleep 600 & exit 0")

    assert ended.code == 0
    assert not is_alive(place.pid_in("left"))
    assert place.run("/bin/true").wall < 10


def test_stopping_ends_a_program_at_once(place: Place) -> None:
    place.spawner.begin(place.start("/bin/sh", "-c", "echo $$ > pid; exec sleep 600"))
    pid = place.pid_in("pid")
    assert not place.spawner.ended_within(0.01)

    ended = place.spawner.stop()

    assert (ended.reason, ended.code) == ("stopped", -signal.SIGTERM)
    assert not is_alive(pid)
    assert place.run("/bin/true").code == 0


def test_a_wish_to_stop_that_follows_at_once_is_seen(place: Place) -> None:
    place.spawner.begin(place.start("/bin/sleep", "600"))

    assert place.spawner.stop().reason == "stopped"


def test_a_terminated_spawner_takes_its_program_along(place: Place) -> None:
    place.spawner.begin(place.start("/bin/sh", "-c", "setsid sh -c 'echo $$ > pid; sleep 600'"))
    pid = place.pid_in("pid")
    os.kill(_child(), signal.SIGTERM)

    with pytest.raises(PerfciError):
        place.spawner.wait()
    assert not is_alive(pid)


def test_no_jump_of_the_time_of_day_reaches_a_measurement() -> None:
    assert execution._clock is time.perf_counter_ns
    assert time.get_clock_info("perf_counter").monotonic
    assert not time.get_clock_info("perf_counter").adjustable


def test_closing_ends_what_runs(place: Place) -> None:
    place.spawner.begin(place.start("/bin/sh", "-c", "echo $$ > pid; exec sleep 600"))
    pid = place.pid_in("pid")

    place.spawner.close()
    place.spawner.close()

    assert not is_alive(pid)


def test_programs_end_when_perfci_is_killed(place: Place) -> None:
    program = (
        "import sys; from pathlib import Path; from perfci.runners.processes.spawning import *\n"
        "Spawner().run(Start(executable=Path('/bin/sh'), cwd=Path(sys.argv[1]), environ={},\n"
        "  argv=('/bin/sh', '-c', 'echo $$ > pid; exec /bin/sleep 600'),"
        " output=Path(sys.argv[1], 'o')))"
    )
    house = Path(__file__).parents[3]
    with subprocess.Popen([sys.executable, "-c", program, place.folder], cwd=house) as perfci:
        pid = place.pid_in("pid")
        perfci.kill()

    for _ in range(500):
        if not is_alive(pid):
            return
        time.sleep(0.01)
    pytest.fail("the program is still there")


def test_a_spawner_that_nobody_listens_to_ends_in_silence(
    place: Place, capfd: pytest.CaptureFixture[str]
) -> None:
    channel = LocalChannel()
    Spawner(lambda: channel).begin(place.start("/bin/sleep", "0.5"))
    channel.stdout.close()  # as when perfci was killed
    for _ in range(500):
        if not is_alive(channel.pid):
            break
        time.sleep(0.01)
    channel.close()
    assert capfd.readouterr().err == ""


def test_an_interrupt_ends_the_program_before_it_is_passed_on(place: Place) -> None:
    def interrupt() -> None:
        place.pid_in("pid")
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        place.run("/bin/sh", "-c", "echo $$ > pid; exec sleep 600")
    thread.join()

    assert not is_alive(place.pid_in("pid"))


def test_a_program_starts_with_nothing_of_perfcis(place: Place) -> None:
    place.run("/bin/sh", "-c", "ls /proc/self/fd; cat")
    # the fourth is the folder that `ls` itself reads
    assert place.output.read_text().split() == ["0", "1", "2", "3"]

    place.run("/bin/sh", "-c", "grep -E 'Sig(Blk|Ign)' /proc/self/status")
    blocked, ignored = (int(mask, 16) for mask in place.output.read_text().split()[1::2])
    usual = (signal.SIGINT, signal.SIGPIPE, signal.SIGTERM, signal.SIGHUP)
    assert blocked == 0
    assert not [number for number in usual if ignored & (1 << (number - 1))]


def test_ctrl_c_in_the_terminal_does_not_reach_a_program(place: Place) -> None:
    place.run("/bin/sh", "-c", "cat /proc/self/stat")
    group, session = map(int, place.output.read_text().rpartition(")")[2].split()[2:4])

    assert os.getsid(0) != session
    assert os.getpgid(0) != group


def test_no_zombie_and_no_open_file_is_left(place: Place) -> None:
    gc.collect()  # what earlier tests have left open may go at any time
    before = {each.name for each in Path("/proc/self/fd").iterdir()}
    for _ in range(3):
        place.run("/bin/true")
    place.spawner.close()

    assert {each.name for each in Path("/proc/self/fd").iterdir()} <= before
    me = os.getpid()
    assert not Path(f"/proc/{me}/task/{me}/children").read_text().split()


def test_a_lost_spawner_is_told(place: Place) -> None:
    place.spawner.begin(place.start("/bin/sleep", "0.2"))
    os.kill(_child(), signal.SIGKILL)

    with pytest.raises(PerfciError, match="has ended, or no longer answers"):
        place.spawner.wait()
    assert place.run("/bin/true").code == 0


def _child() -> int:
    me = os.getpid()
    (child,) = Path(f"/proc/{me}/task/{me}/children").read_text().split()
    return int(child)


def test_a_forged_reply_is_a_failed_measurement_and_the_next_one_works(place: Place) -> None:
    forge = (
        "import marshal, os;"
        " os.write(os.open(f'/proc/{os.getppid()}/fd/1', os.O_WRONLY), marshal.dumps('x'));"
    )
    with pytest.raises(PerfciError, match="no longer answers as it should"):
        place.spawner.run(place.start(sys.executable, "-S", "-c", forge))

    assert place.spawner.run(place.start("/bin/true")).code == 0


@pytest.mark.slow
def test_a_program_that_stops_its_starter_is_given_up_in_time(place: Place) -> None:
    stop = "import os, signal, time; os.kill(os.getppid(), signal.SIGSTOP); time.sleep(600)"
    start = replace(place.start(sys.executable, "-S", "-c", stop), timeout=0.5)
    with pytest.raises(PerfciError, match="has ended, or no longer answers"):
        place.spawner.run(start)

    assert place.spawner.run(place.start("/bin/true")).code == 0
