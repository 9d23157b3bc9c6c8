"""What goes into a container and comes out of it: streams, trees, and perfci's own Python."""

import fcntl
import io
import marshal
import os
import select
import shutil
import socket
import stat
import struct
import subprocess
import tarfile
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import pytest

from perfci.runners.container.attached import Attached
from perfci.runners.container.engine import Hijacked
from perfci.runners.container.refusal import ContainerError
from perfci.runners.container.runtime import HOLD, HOME, LOOK, RELAY, runtime
from perfci.runners.container.trees import Owner, archive, some, whole

SOMEBODY = Owner(user=1001, group=1002)


def frame(stream: int, data: bytes) -> bytes:
    return bytes((stream, 0, 0, 0)) + len(data).to_bytes(4, "big") + data


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, Attached]]:
    here, there = socket.socketpair()
    attached = Attached(
        Hijacked(socket=here, reader=here.makefile("rb")),
        lambda said: ContainerError("it has ended", output=said),
        there.close,
    )
    yield there, attached
    there.close()
    attached.close()


def test_frames_are_taken_apart(ends: tuple[socket.socket, Attached]) -> None:
    there, attached = ends
    for part in (frame(1, b"he")[:5], frame(1, b"he")[5:] + frame(2, b"oh") + frame(1, b"llo")):
        there.sendall(part)

    assert attached.speaks_within(10)
    assert attached.stdout.read(5) == b"hello"


def test_an_end_says_why_with_what_was_complained(ends: tuple[socket.socket, Attached]) -> None:
    there, attached = ends
    there.sendall(frame(2, b"x" * 10_000 + b"\nno \x1b[31mmemory\n"))
    there.shutdown(socket.SHUT_WR)

    with pytest.raises(ContainerError) as caught:
        marshal.load(attached.stdout)

    assert caught.value.output.endswith("no memory")
    assert len(caught.value.output) < 5000


def test_input_arrives_whole_and_its_end_ends_the_program() -> None:
    here, there = socket.socketpair()
    read = bytearray()

    def program() -> None:
        while part := there.recv(100):
            read.extend(part)
        there.close()

    thread = threading.Thread(target=program)
    thread.start()
    attached = Attached(
        Hijacked(socket=here, reader=here.makefile("rb")),
        ContainerError,
        lambda: pytest.fail("it did not end with its input"),
    )
    attached.stdin.write(b"order")
    attached.close()
    thread.join()

    assert read == b"order"
    attached.close()


def test_writing_to_a_connection_that_was_reset_is_a_broken_pipe() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        here = socket.create_connection(server.getsockname())
        there, _ = server.accept()
    attached = Attached(
        Hijacked(socket=here, reader=here.makefile("rb")), ContainerError, there.close
    )
    # to close without a linger resets
    there.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    there.close()

    with pytest.raises(BrokenPipeError):
        attached.stdin.write(b"x" * 100_000)
    attached.close()


def unpacked(write: object) -> dict[str, tarfile.TarInfo]:
    with archive(write) as stream, tarfile.open(mode="r|", fileobj=stream) as tar:  # type: ignore[arg-type]
        return {member.name: member for member in tar}


def test_a_tree_is_copied_with_its_links_modes_and_times(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_text("")
    (tmp_path / "sub/.git").mkdir(parents=True)
    strange = os.fsdecode(b"sub/\xff\n")
    (tmp_path / strange).write_bytes(b"x")
    program = tmp_path / "program"
    program.write_bytes(b"#!/bin/sh\n")
    program.chmod(0o751)
    os.utime(program, ns=(0, 1_234_567_890_123_456_000))
    (tmp_path / "link").symlink_to("../elsewhere")
    os.link(program, tmp_path / "twin")
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / "s"))

    found = unpacked(whole(tmp_path, SOMEBODY))

    assert set(found) == {
        ".",
        "./sub",
        "./sub/.git",
        f"./{strange}",
        "./program",
        "./twin",
        "./link",
    }
    assert {(each.uid, each.gid, each.uname) for each in found.values()} == {(1001, 1002, "")}
    assert found["./program"].mode == 0o751
    assert abs(found["./program"].mtime - 1_234_567_890.123456) < 1e-5
    assert found["./link"].linkname == "../elsewhere"
    assert found["./twin"].islnk()


def test_a_large_file_is_streamed(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(300_000_000)
    reading = archive(whole(tmp_path, SOMEBODY))

    with reading as stream:
        assert len(stream.read(1000)) == 1000  # and nobody waits for the rest


def test_a_reader_that_goes_while_a_record_is_half_written_ends_the_writer(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(3_000_000)

    for _ in range(20):  # half of the times the rest is still to be written when it is noticed
        with archive(whole(tmp_path, SOMEBODY)) as stream:
            room = fcntl.fcntl(stream, fcntl.F_GETPIPE_SZ)
            while held(stream) < room:
                os.sched_yield()
            assert stream.read(1000)


def held(pipe: BinaryIO) -> int:
    """Return the bytes that wait in a pipe."""
    (count,) = struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))
    return int(count)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    files = [(PurePosixPath("/a"), tmp_path / "gone")]

    with pytest.raises(ContainerError, match="gone: No such file"), archive(some(files)) as stream:
        stream.read()


def test_files_of_perfci_can_be_read_by_everybody(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    (tmp_path / "mine").chmod(0o600)
    files = [(PurePosixPath("/.perfci/lib/mine"), tmp_path / "mine")]

    found = unpacked(some(files, [PurePosixPath("/.perfci/empty")]))

    assert list(found) == [".perfci", ".perfci/lib", ".perfci/empty", ".perfci/lib/mine"]
    assert all(each.mode & 0o444 == 0o444 for each in found.values())
    assert found[".perfci"].mode == 0o755


@pytest.fixture(scope="module")
def taken_along(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runtime, unpacked under another root."""
    root = tmp_path_factory.mktemp("container")
    found = runtime()
    for path, source in found.files:
        place = root / path.relative_to("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, place)
    (root / found.dynload.relative_to("/")).mkdir(parents=True, exist_ok=True)
    return root


@contextmanager
def running(argv: list[str], environ: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a program whose output is not read ahead, and end it whatever happens."""
    pipe = subprocess.PIPE
    with subprocess.Popen(argv, stdin=pipe, stdout=pipe, bufsize=0, env=environ) as process:
        try:
            yield process
        finally:
            process.kill()


def command(root: Path, program: Path, *arguments: str) -> list[str]:
    argv = runtime().command(program, *arguments)
    return [part.replace(str(HOME), f"{root}{HOME}", 1) for part in argv]


def test_the_runtime_loads_nothing_from_the_machine(taken_along: Path) -> None:
    with running(command(taken_along, HOLD), {"HOME": "/h"}) as held:
        assert held.stdin
        assert held.stdout
        assert held.stdout.readline() == b"/h\n"
        maps = Path(f"/proc/{held.pid}/maps").read_text().splitlines()
        held.stdin.close()  # its input ends, and so does it
        assert held.wait(timeout=30) == 0
    mapped = {fields[5] for line in maps if len(fields := line.split()) > 5}
    outside = {name for name in mapped if name[0] == "/" and not name.startswith(str(taken_along))}
    # the C library's own, which it does without in an image
    assert {name for name in outside if "/locale/" not in name and "gconv" not in name} == set()


def test_a_container_can_be_looked_at(taken_along: Path, tmp_path: Path) -> None:
    program = tmp_path / "bin/program"
    program.parent.mkdir()
    program.write_text("")
    program.chmod(0o755)
    request = {
        "make": [
            (str(tmp_path / "a/b"), os.getuid(), os.getgid(), 0o700),
            (str(program), 0, 0, 0o7),
        ],
        "stat": [str(program), str(tmp_path / "none")],
        "find": [
            ("program", "/", f"none:{program.parent}"),
            ("bin/program", str(tmp_path), ""),
            ("none", "/", "/bin"),
        ],
    }

    done = subprocess.run(
        command(taken_along, LOOK), input=marshal.dumps(request), check=True, capture_output=True
    )

    told = marshal.loads(done.stdout)
    assert stat.S_IMODE((tmp_path / "a/b").stat().st_mode) == 0o700
    assert told == {
        "wrong": [f"{program}: File exists"],
        "marks": [(program.stat().st_ino, program.stat().st_mtime_ns), (0, 0)],
        "found": [str(program), str(program), ""],
    }


def test_a_relay_carries_both_ways_and_survives_a_closed_worker(
    taken_along: Path, tmp_path: Path
) -> None:
    orders, answers = tmp_path / "orders", tmp_path / "answers"
    with running(command(taken_along, RELAY, str(orders), str(answers)), {}) as relay:
        assert relay.stdin
        assert isinstance(relay.stdout, io.RawIOBase)
        assert relay.stdout.read(1) == b"\n"
        for word in (b"one", b"two"):
            relay.stdin.write(word)
            with orders.open("rb", buffering=0) as asked:
                assert asked.read(3) == word
            with answers.open("wb") as said:
                said.write(word.upper())
            assert select.select([relay.stdout], [], [], 30)[0]
            assert relay.stdout.read(10) == word.upper()
        relay.stdin.write(b"x" * 100_000)  # more than a pipe holds, and nobody takes it
        relay.stdin.close()
        assert relay.wait(timeout=30) == 0
    assert not orders.exists()
