"""What GitHub's runner, the classic builder and a read-only root ask of the image's files."""

import json
import re
from pathlib import Path

HOUSE = Path(__file__).parents[2]


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile as (instruction, rest), comments gone and continued lines joined."""
    text = re.sub(r"(?m)^\s*#.*\n", "", (HOUSE / "Dockerfile").read_text())
    lines = text.replace("\\\n", "").splitlines()
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines if line.strip()]


def test_the_base_is_public_by_default_and_may_be_another() -> None:
    (first, base), (second, origin), *_ = instructions()

    assert (first, second) == ("ARG", "FROM")
    assert re.fullmatch(r"BASE_IMAGE=python:3\.\d+-slim-\w+", base)
    assert origin.startswith("${BASE_IMAGE}")


def test_the_image_leaves_user_and_folder_to_github() -> None:
    names = {name for name, _ in instructions()}

    # GitHub mounts its workspace for root; a variable set here would reach the measured programs
    assert not names & {"USER", "WORKDIR", "ENV", "VOLUME", "CMD"}


def test_the_entry_point_is_absolute_and_has_no_shell() -> None:
    (entry_point,) = (json.loads(rest) for name, rest in instructions() if name == "ENTRYPOINT")

    # dash drops variables with a hyphen: INPUT_FAIL-ON
    assert entry_point == ["/opt/perfci/bin/python", "/opt/perfci/entrypoint.py"]


def test_the_classic_builder_understands_the_dockerfile() -> None:
    for name, rest in instructions():
        assert not (name == "RUN" and rest.startswith("--"))
        assert "<<" not in rest
        assert not (
            name in {"COPY", "ADD"} and re.search(r"--(link|chmod|parents|exclude)\b", rest)
        )


def test_what_is_copied_exists_and_is_not_ignored() -> None:
    copies = [rest.split() for name, rest in instructions() if name == "COPY"]
    sources = [each for words in copies if "--from=build" not in words for each in words[:-1]]
    ignore = (HOUSE / ".dockerignore").read_text().splitlines()

    assert "*" in ignore
    for source in sources:
        assert (HOUSE / source).exists(), source
        assert f"!{source}" in ignore


def test_the_command_is_executable() -> None:
    # pip keeps the mode of a script; without it the installed command cannot be started
    assert (HOUSE / "scripts/perfci").stat().st_mode & 0o111 == 0o111
