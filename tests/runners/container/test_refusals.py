"""A benchmark with an image that cannot be run says why, and what to do next."""

import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from perfci.errors import MeasurementError
from perfci.model.measurement import Side
from perfci.runners.container.address import Address
from perfci.runners.container.engine import Engine
from perfci.runners.container.refusal import ContainerError
from perfci.runners.container.siblings import Siblings
from tests.runners import stage
from tests.runners.container.fake_engine import MACHINE, FakeEngine, fake_engine, refuses, says

OTHER = "riscv64"
VERSION = {"ApiVersion": "1.41", "MinAPIVersion": "1.12", "Arch": MACHINE}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[FakeEngine]:
    with fake_engine(tmp_path) as engine:
        yield engine


def refusal(folder: Path, environ: dict[str, str], image: str = "app:1") -> MeasurementError:
    siblings = Siblings(stage.alone(folder / "root"), environ, pytest.fail)
    benchmark = replace(stage.bench(stage.shell("true")), image=image)
    with pytest.raises(MeasurementError) as caught:
        siblings(benchmark, Side.HEAD)
    siblings.close()
    assert caught.value.message.startswith(f"codec/parse cannot run in {image}")
    return caught.value


def test_no_socket_tells_how_to_mount_it(tmp_path: Path) -> None:
    error = refusal(tmp_path, {"DOCKER_HOST": f"unix://{tmp_path}/none.sock"})

    assert f"there is no Docker socket at unix://{tmp_path}/none.sock" in error.message
    assert "-v /var/run/docker.sock:/var/run/docker.sock" in error.hint
    assert "GitLab" in error.hint


def test_a_socket_nobody_listens_at(tmp_path: Path) -> None:
    place = tmp_path / "old.sock"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(place))

    error = refusal(tmp_path, {"DOCKER_HOST": f"unix://{place}"})

    assert "cannot be reached: nobody listens there" in error.message
    assert "docker info" in error.hint


def test_a_socket_of_others(engine: FakeEngine, tmp_path: Path) -> None:
    engine.socket.chmod(0)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == tmp_path.owner() and folder != Path("/tmp"):
            folder.chmod(folder.stat().st_mode | 0o011)
    before = os.geteuid()
    if before == 0:  # root may use every socket
        os.seteuid(65534)
    try:
        with pytest.raises(ContainerError) as caught:
            Engine(Address(path=str(engine.socket)))
    finally:
        os.seteuid(before)

    assert "perfci may not use the Docker socket" in caught.value.message
    assert "--group-add" in caught.value.hint


@pytest.mark.parametrize(
    "host", ["ssh://user:secret@host", "tcp://", "unix://relative", "npipe:////./pipe", "nonsense"]
)
def test_a_way_that_perfci_does_not_speak(tmp_path: Path, host: str) -> None:
    error = refusal(tmp_path, {"DOCKER_HOST": host})

    assert "DOCKER_HOST names an engine that perfci cannot speak to" in error.message
    assert "tcp://docker:2375" in error.hint
    assert "secret" not in error.message + error.hint


def test_tls_is_refused_in_words(tmp_path: Path) -> None:
    error = refusal(tmp_path, {"DOCKER_HOST": "tcp://docker:2376", "DOCKER_TLS_VERIFY": "1"})

    assert "without TLS" in error.hint


@pytest.mark.parametrize(
    "answer",
    [(200, b"<html>welcome</html>"), says([1]), says({"ApiVersion": 3}), says({})],
    ids=["HTML", "a list", "a number", "nothing"],
)
def test_something_else_listens_there(
    engine: FakeEngine, tmp_path: Path, answer: tuple[int, bytes]
) -> None:
    engine.answers["GET /version"] = answer

    assert "does not answer like a Docker engine" in refusal(tmp_path, engine.environ).message


def test_an_engine_that_is_too_old(engine: FakeEngine, tmp_path: Path) -> None:
    engine.answers["GET /version"] = says({**VERSION, "ApiVersion": "1.24"})

    error = refusal(tmp_path, engine.environ)

    assert "is too old: its interface is 1.24, and perfci needs 1.35" in error.message
    assert "17.12" in error.hint


@pytest.mark.parametrize(
    ("newest", "oldest", "asked"),
    [("1.41", "1.12", "1.41"), ("1.60", "1.24", "1.48"), ("1.99", "1.90", "1.90")],
)
def test_an_engine_is_asked_in_words_that_both_know(
    engine: FakeEngine, tmp_path: Path, newest: str, oldest: str, asked: str
) -> None:
    told = {**VERSION, "ApiVersion": newest, "MinAPIVersion": oldest}
    engine.answers["GET /version"] = says(told)

    refusal(tmp_path, engine.environ)

    assert set(engine.versions) == {"", asked}


def test_an_engine_that_hangs(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "silent.sock"))
        silent.listen()

        with pytest.raises(ContainerError, match=r"did not answer within 0\.1 s"):
            Engine(Address(path=str(tmp_path / "silent.sock")), patience=0.1)


def test_an_engine_that_breaks_off(engine: FakeEngine, tmp_path: Path) -> None:
    engine.answers["GET /images/app:1/json"] = (0, b"")

    assert "the connection broke off" in refusal(tmp_path, engine.environ).message


def test_an_engine_for_another_processor(engine: FakeEngine, tmp_path: Path) -> None:
    engine.answers["GET /version"] = says({**VERSION, "Arch": OTHER})

    assert f"runs on {OTHER}, and perfci on {MACHINE}" in refusal(tmp_path, engine.environ).message


def test_an_image_for_another_processor(engine: FakeEngine, tmp_path: Path) -> None:
    engine.answers["GET /images/app:1/json"] = says({"Id": "sha256:1", "Architecture": OTHER})

    error = refusal(tmp_path, engine.environ)

    assert f"the image app:1 is built for {OTHER}" in error.message
    assert f"docker pull --platform linux/{MACHINE} app:1" in error.hint


@pytest.mark.parametrize(
    ("image", "repository", "tag"),
    [
        ("node", "node", "latest"),
        ("node:20", "node", "20"),
        ("localhost:5000/a/b", "localhost:5000/a/b", "latest"),
        ("localhost:5000/a/b:1", "localhost:5000/a/b", "1"),
        ("node@sha256:ab", "node", "sha256:ab"),
    ],
)
def test_an_image_that_is_not_there_is_pulled(
    engine: FakeEngine, tmp_path: Path, image: str, repository: str, tag: str
) -> None:
    words = "pull access denied for x, repository does not exist or may require 'docker login'"
    engine.answers["POST /images/create"] = refuses(words, 404)

    error = refusal(tmp_path, engine.environ, image)

    pull = next(each for each in engine.asked if each.path == "/images/create")
    assert pull.query == {"fromImage": repository, "tag": tag}
    assert f"could not pull the image {image}, which is not there: {words}" in error.message
    assert "docker login" in error.hint
    assert "docker pull" in error.hint


def test_a_pull_that_fails_on_the_way_is_told_in_the_registry_words(
    engine: FakeEngine, tmp_path: Path
) -> None:
    engine.answers["POST /images/create"] = (
        200,
        b'{"status":"Pulling"}\nnoise\n{"error":"no space left on \\u001b[31mdevice"}\n',
    )

    error = refusal(tmp_path, engine.environ, "big:1")

    assert error.message.endswith("no space left on device")
    assert "docker system df" in error.hint


def test_what_was_begun_is_removed(engine: FakeEngine, tmp_path: Path) -> None:
    engine.answers["POST /containers/create"] = says({"Id": "1"}, 201)

    error = refusal(tmp_path, engine.environ)

    name = next(it for it in engine.asked if it.path == "/containers/create").query["name"]
    # it answered before it had read 10 MB or more
    assert "could not copy perfci's Python into a container: page not found" in error.message
    assert f"DELETE /containers/{name}" in [each.what for each in engine.asked]
