"""Keys in every usual way: the job's own token takes on a role, and is told to nobody else."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from perfci.errors import StoreError
from perfci.stores.s3 import s3_store
from tests.stores.s3.scripted import ENVIRON, Answer, Request, Scripted, error, scripted

NAME = "v1/app/branches/main/history.json"
ROLE = "arn:aws:iam::123456789012:role/perfci"
BEARER = "BEARERBEARERBEARER"
JWT = "eyJhbGciOiJSUzI1NiJ9.{}.c2lnbmF0dXJl"
GIVEN = """\
<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
<AccessKeyId>ROLEKEYROLEKEY</AccessKeyId><SecretAccessKey>ROLESECRETROLESECRET</SecretAccessKey>
<SessionToken>ROLESESSIONROLESESSION</SessionToken><Expiration>{expiration}</Expiration>
</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"""


@dataclass(slots=True)
class Cloud:
    """A forge's service for tokens, STS and S3 behind one address."""

    server: Scripted
    answers: dict[str, Callable[[Request], Answer]] = field(default_factory=dict)
    expiration: str = "2099-01-01T00:00:00Z"
    tokens: int = 0

    def answer(self, request: Request) -> Answer:
        kind = "sts" if request.method == "POST" else "s3"
        kind = "token" if request.path.startswith("/token") else kind
        usual = {"sts": self.sts, "s3": self.s3, "token": self.token}
        return (usual | self.answers)[kind](request)

    def token(self, _: Request) -> Answer:
        self.tokens += 1
        return Answer(body=json.dumps({"value": JWT.format(self.tokens)}).encode())

    def sts(self, _: Request) -> Answer:
        return Answer(body=GIVEN.format(expiration=self.expiration).encode())

    def s3(self, request: Request) -> Answer:
        return Answer(body=request.headers["authorization"].encode(), headers={"ETag": '"1"'})

    def environ(self, **more: str) -> dict[str, str]:
        return {
            "AWS_ROLE_ARN": ROLE,
            "AWS_ENDPOINT_URL": self.server.url,
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_REGION": "eu-west-1",
            **more,
        }

    def github(self, **more: str) -> dict[str, str]:
        return self.environ(
            ACTIONS_ID_TOKEN_REQUEST_URL=f"{self.server.url}/token?api-version=2.0",
            ACTIONS_ID_TOKEN_REQUEST_TOKEN=BEARER,
            **more,
        )

    def presented(self) -> list[str]:
        """Return the tokens that STS was shown."""
        bodies = [parse_qs(it.body.decode()) for it in self.server.requests if it.method == "POST"]
        assert {body["RoleArn"][0] for body in bodies} <= {ROLE}
        assert {body["Action"][0] for body in bodies} <= {"AssumeRoleWithWebIdentity"}
        return [body["WebIdentityToken"][0] for body in bodies]


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with scripted(lambda _: Answer()) as server:
        found = Cloud(server)
        server.script = found.answer
        yield found


def signed_by(environ: dict[str, str]) -> str:
    """Return the key that a request to S3 was signed with, and its region."""
    blob = s3_store("//bucket", environ).get(NAME)
    assert blob is not None
    credential = blob.data.decode().partition("Credential=")[2].split("/")
    return f"{credential[0]} {credential[2]}"


def failure(environ: dict[str, str]) -> StoreError:
    store = s3_store("//bucket", environ)
    with pytest.raises(StoreError) as caught:
        store.get(NAME)
    text = caught.value.message + caught.value.hint
    for secret in (BEARER, JWT.format(1), "ROLESECRET", "ROLESESSION"):
        assert secret not in text
    return caught.value


def test_githubs_token_takes_on_the_role(cloud: Cloud) -> None:
    assert signed_by(cloud.github()) == "ROLEKEYROLEKEY eu-west-1"
    asked = cloud.server.requests[0]
    assert asked.path == "/token?api-version=2.0&audience=sts.amazonaws.com"
    assert asked.headers["authorization"] == f"Bearer {BEARER}"
    assert cloud.presented() == [JWT.format(1)]
    told = [it for it in cloud.server.requests if it.path.startswith("/bucket")]
    assert all(BEARER not in str(it.headers) for it in told)
    assert told[0].headers["x-amz-security-token"] == "ROLESESSIONROLESESSION"


def test_a_session_that_ends_is_renewed_by_a_fresh_token(cloud: Cloud) -> None:
    cloud.expiration = "2020-01-01T00:00:00Z"

    def once(request: Request) -> Answer:
        answer = cloud.sts(request)
        cloud.expiration = "2099-01-01T00:00:00Z"
        return answer

    cloud.answers["sts"] = once
    store = s3_store("//bucket", cloud.github())
    with pytest.raises(StoreError, match="still expired") as caught:
        store.get(NAME)
    assert "clock" in caught.value.hint
    assert store.get(NAME) is not None
    assert cloud.presented() == [JWT.format(1), JWT.format(2)]


def test_gitlabs_token_comes_from_its_variable(cloud: Cloud) -> None:
    assert signed_by(cloud.environ(AWS_ID_TOKEN="aaa.bbb.ccc")).startswith("ROLEKEY")
    assert cloud.presented() == ["aaa.bbb.ccc"]


@pytest.mark.slow
def test_a_token_in_a_file_is_read_when_it_is_needed(cloud: Cloud, tmp_path: Path) -> None:
    path = tmp_path / "token"
    environ = cloud.github(AWS_WEB_IDENTITY_TOKEN_FILE=str(path))
    assert str(path) in failure(environ).message
    path.write_text("from.the.file\n")
    assert signed_by(environ).startswith("ROLEKEY")
    assert cloud.presented() == ["from.the.file"]
    assert cloud.tokens == 0


def test_keys_in_the_environment_come_first(cloud: Cloud) -> None:
    keys = {name: ENVIRON[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    assert signed_by(cloud.github(**keys)) == "KEYKEYKEYKEYKEYKEY eu-west-1"
    assert cloud.presented() == []


@pytest.mark.slow
def test_a_profile_is_found(cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "credentials"
    path.write_text("[ci]\naws_access_key_id = PROFILEKEY\naws_secret_access_key = S\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(path))
    monkeypatch.setenv("AWS_PROFILE", "ci")
    environ = {"AWS_ENDPOINT_URL_S3": cloud.server.url, "AWS_DEFAULT_REGION": "eu-north-1"}
    assert signed_by(environ) == "PROFILEKEY eu-north-1"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (error(403, "Denied", BEARER), "answered 403"),
        (Answer(body=b"<html>"), "answered 200 without a token"),
        (Answer(body=b'{"value": 3}'), "answered 200 without a token"),
        (Answer(body=b"[]"), "answered 200 without a token"),
        (Answer(body=b'{"value": "a\\nb"}'), "answered 200 without a token"),
        (Answer(status=302, headers={"Location": "/token/elsewhere"}), "answered 302"),
        (Answer(lost=True), "could not be asked (ConnectionError)"),
    ],
)
def test_without_githubs_token_the_permission_is_named(
    cloud: Cloud, answer: Answer, said: str
) -> None:
    cloud.answers["token"] = lambda _: answer
    caught = failure(cloud.github())
    assert said in caught.message
    assert "permissions: id-token: write" in caught.hint
    assert len(cloud.server.requests) == 1, "no redirect is followed"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("AccessDenied", f"The trust policy of {ROLE} has to allow"),
        ("InvalidIdentityToken", "with the audience that the token has"),
        ("ExpiredTokenException", "not too old"),
    ],
)
def test_a_role_that_is_refused_says_what_to_change(cloud: Cloud, code: str, hint: str) -> None:
    def echo(request: Request) -> Answer:
        text = f"<Error><Code>{code}</Code><Message>no: {JWT.format(1)}</Message></Error>"
        return Answer(status=403, body=f"<ErrorResponse>{text}</ErrorResponse>".encode())

    cloud.answers["sts"] = echo
    caught = failure(cloud.github())
    assert f"STS answers 403 {code}: no: ***" in caught.message
    assert hint in caught.hint


def test_a_session_that_a_server_repeats_is_not_shown(cloud: Cloud) -> None:
    cloud.answers["s3"] = lambda it: error(403, "Odd", it.headers["x-amz-security-token"])
    assert "403 Odd: ***" in failure(cloud.github()).message


@pytest.mark.parametrize("body", [b"<html>", b"<Odd></Odd>", GIVEN.format(expiration="x").encode()])
def test_an_odd_answer_of_sts_is_no_crash(cloud: Cloud, body: bytes) -> None:
    cloud.answers["sts"] = lambda _: Answer(body=body)
    assert "cannot read" in failure(cloud.github()).message


def test_a_token_is_not_replaced_by_a_netrc_file(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "netrc"
    path.write_text("machine 127.0.0.1 login somebody password else\n")
    path.chmod(0o600)
    monkeypatch.setenv("NETRC", str(path))
    signed_by(cloud.github())
    assert cloud.server.requests[0].headers["authorization"] == f"Bearer {BEARER}"
