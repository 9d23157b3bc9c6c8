"""How the store gets in: by what the checkout brings, or by a token, sent to nobody else."""

import base64
import os
import stat
from pathlib import Path

import pytest

from perfci.errors import StoreError
from tests.stores.git.conftest import Open, Sh
from tests.stores.git.hosting import READER, WRITER, Host, Request, hosted

pytestmark = pytest.mark.slow  # each of them starts git some dozen times

NAME = "v1/app/x"


def header(password: str) -> str:
    return f"AUTHORIZATION: basic {base64.b64encode(f'x:{password}'.encode()).decode()}"


@pytest.fixture
def closed(host: Host) -> Host:
    host.users = {READER: "read", WRITER: "write"}
    return host


def shown(error: StoreError) -> str:
    return f"{error.message}\n{error.hint}\n{error.output}"


def test_the_header_that_the_checkout_left_is_used(
    closed: Host, another: Open, checkout: Path, sh: Sh
) -> None:
    sh(checkout, "config", f"http.{closed.url}/.extraheader", header(WRITER))

    assert another().put(NAME, b"x", replaces=None)


def test_a_header_in_a_file_that_the_checkout_includes_is_used(
    closed: Host, another: Open, checkout: Path, sh: Sh, tmp_path: Path
) -> None:
    lent = tmp_path / "git-credentials.config"
    sh(tmp_path, "config", "--file", str(lent), f"http.{closed.url}/.extraheader", header(WRITER))
    sh(checkout, "config", f"includeIf.gitdir:{checkout}/.git.path", str(lent))

    assert another().put(NAME, b"x", replaces=None)


def test_a_header_in_the_users_own_file_is_sent_once(
    closed: Host, another: Open, sh: Sh, tmp_path: Path
) -> None:
    sh(tmp_path, "config", "--global", f"http.{closed.url}/.extraheader", header(WRITER))

    assert another().put(NAME, b"x", replaces=None)


def test_a_credential_helper_of_the_user_is_asked(
    closed: Host, another: Open, sh: Sh, tmp_path: Path
) -> None:
    script = f"!f() {{ echo username=x; echo password={WRITER}; }}; f"
    sh(tmp_path, "config", "--global", f"credential.{closed.url}.helper", script)

    assert another().put(NAME, b"x", replaces=None)


def test_settings_in_the_environment_are_used(closed: Host, another: Open) -> None:
    given = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{closed.url}/.extraheader",
        "GIT_CONFIG_VALUE_0": header(WRITER),
    }

    assert another(**given).put(NAME, b"x", replaces=None)


@pytest.mark.parametrize(
    ("server", "variable"),
    [
        ("GITHUB_SERVER_URL", "INPUT_GITHUB-TOKEN"),
        ("GITHUB_SERVER_URL", "PERFCI_GITHUB_TOKEN"),
        ("GITHUB_SERVER_URL", "GITHUB_TOKEN"),
        ("CI_SERVER_URL", "PERFCI_GITLAB_TOKEN"),
        ("CI_SERVER_URL", "CI_JOB_TOKEN"),
    ],
)
def test_a_token_of_the_environment_is_used(
    closed: Host, another: Open, server: str, variable: str
) -> None:
    store = another(**{server: closed.url, variable: f" {WRITER}\n"})

    assert store.put(NAME, b"x", replaces=None)


def test_a_token_takes_the_place_of_a_header_that_may_only_read(
    closed: Host, another: Open, checkout: Path, sh: Sh
) -> None:
    project = f"{closed.url}/o/project.git"
    for place in (f"http.{project}.extraheader", f"http.{closed.url}/.extraheader"):
        sh(checkout, "config", place, header(READER))
    sh(checkout, "config", "--unset", f"http.{project}.extraheader")
    store = another(GITHUB_SERVER_URL=closed.url, GITHUB_TOKEN=WRITER)

    assert store.put(NAME, b"x", replaces=None)
    assert closed.seen[0][1] == READER


def test_a_public_repository_is_read_without_and_written_with_a_token(
    closed: Host, another: Open
) -> None:
    closed.public = True
    store = another(GITHUB_SERVER_URL=closed.url, GITHUB_TOKEN=WRITER)

    assert store.list("") == ()
    assert {password for _, password in closed.seen} == {""}
    assert store.put(NAME, b"x", replaces=None)


def test_a_credential_in_the_address_is_used_and_seen_on_no_command_line(
    closed: Host, another: Open, checkout: Path, sh: Sh, tmp_path: Path
) -> None:
    address = closed.url.replace("//", f"//gitlab-ci-token:{WRITER}@") + "/o/project.git"
    sh(checkout, "remote", "set-url", "origin", address)
    real = sh(tmp_path, "--exec-path")
    log, folder = tmp_path / "argv", tmp_path / "bin"
    folder.mkdir()
    (folder / "git").write_text(f'#!/bin/sh\necho "$@" >> {log}\nexec {real}/git "$@"\n')
    (folder / "git").chmod(0o755)
    helpers = tmp_path / "helpers"
    helpers.mkdir()
    for path in Path(real).iterdir():
        (helpers / path.name).symlink_to(path)
    (helpers / "git-remote-http").unlink()
    (helpers / "git-remote-http").write_text(
        f'#!/bin/sh\necho "$@" >> {log}\nexec {real}/git-remote-http "$@"\n'
    )
    (helpers / "git-remote-http").chmod(0o755)

    store = another(PATH=f"{folder}:{os.environ['PATH']}", GIT_EXEC_PATH=str(helpers))

    assert store.put(NAME, b"x", replaces=None)
    lines = log.read_text()
    assert f"{closed.url}/o/project.git" in lines
    assert WRITER not in lines


def test_no_credential_is_written_to_a_disk(closed: Host, another: Open, scratch: Path) -> None:
    del scratch
    store = another(GITHUB_SERVER_URL=closed.url, GITHUB_TOKEN=WRITER)
    assert store.put(NAME, b"x", replaces=None)
    folder = store._branch._repository.path
    assert folder is not None
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    secret = base64.b64encode(f"x-access-token:{WRITER}".encode())
    for path in folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert WRITER.encode() not in data
        assert secret not in data


@pytest.mark.parametrize("server", ["", "http://127.0.0.1:1", "https://HOST", "no address"])
def test_a_token_goes_to_no_other_server(closed: Host, another: Open, server: str) -> None:
    server = server.replace("HOST", closed.url.partition("//")[2])
    store = another(GITHUB_SERVER_URL=server, GITHUB_TOKEN=WRITER, CI_JOB_TOKEN=WRITER)

    with pytest.raises(StoreError):
        store.get(NAME)
    assert {password for _, password in closed.seen} == {""}


def a_wall(request: Request) -> bool:
    if request.headers["Authorization"]:
        return False
    request.say(401, "who are you?")
    return True


@pytest.mark.parametrize("source", ["checkout", "token"])
def test_a_credential_follows_no_redirection(
    closed: Host, another: Open, checkout: Path, sh: Sh, source: str
) -> None:
    with hosted(closed.root) as other:

        def moved(request: Request) -> bool:
            request.say(301, "moved", Location=other.url + request.path)
            return True

        closed.moods += [a_wall, moved]
        if source == "checkout":
            sh(checkout, "config", f"http.{closed.url}/.extraheader", header(WRITER))
            store = another()
        else:
            store = another(GITHUB_SERVER_URL=closed.url, GITHUB_TOKEN=WRITER)

        with pytest.raises(StoreError) as caught:
            store.put(NAME, b"x", replaces=None)

        assert other.seen == []
    assert "301" in caught.value.message
    assert "set-url" in caught.value.hint


def test_who_may_only_read_reads_and_is_told_what_to_grant(
    closed: Host, another: Open, checkout: Path, sh: Sh
) -> None:
    sh(checkout, "config", f"http.{closed.url}/.extraheader", header(READER))
    store = another()

    assert store.list("") == ()
    with pytest.raises(StoreError) as caught:
        store.put(NAME, b"x", replaces=None)

    assert caught.value.message.startswith(
        f"git:perfci-data: cannot write branch perfci-data of {closed.url}/o/project.git: "
    )
    assert "403" in caught.value.message
    assert "contents: write" in caught.value.hint
    assert READER not in shown(caught.value)


def test_without_a_credential_nobody_is_asked_and_it_says_what_to_grant(
    closed: Host, another: Open, tmp_path: Path
) -> None:
    asker = tmp_path / "ask"
    asker.write_text(f"#!/bin/sh\ntouch {tmp_path}/asked\n")
    asker.chmod(0o755)
    store = another(SSH_ASKPASS=str(asker), DISPLAY=":0")

    with pytest.raises(StoreError) as caught:
        store.get(NAME)

    assert "contents: read" in caught.value.hint
    assert not (tmp_path / "asked").exists()


def test_a_server_that_echoes_a_secret_does_not_get_it_shown(
    closed: Host, another: Open, checkout: Path, sh: Sh
) -> None:
    def gossip(request: Request) -> bool:
        sent = (request.headers["Authorization"] or "none none").split()[-1]
        request.say(418, f"\x1b[31myou sent {sent} for {WRITER}\n::error::owned")
        return True

    closed.moods.append(gossip)
    sh(checkout, "config", f"http.{closed.url}/.extraheader", header(WRITER))

    with pytest.raises(StoreError) as caught:
        another().get(NAME)

    assert "418" in caught.value.message
    assert WRITER not in shown(caught.value)
    assert header(WRITER).split()[-1] not in shown(caught.value)
    assert "\x1b" not in shown(caught.value)
