"""A store that cannot be read: a push ends with 2, a pull request goes on without it."""

import pytest

from tests.stores.faulty import BUSY, TROUBLE, always, cut
from tests.stores.refused.conftest import SetUp
from tests.stores.refused.faults import (
    NOBODY,
    Case,
    Mend,
    at,
    cases,
    forge,
    job_with,
    origin,
    wire,
    without_remote,
)
from tests.stores.refused.site import Site
from tests.stores.s3.real_servers import BUCKET
from tests.stores.s3.scripted import Answer, error

NO_KEYS = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
WRONG_KEY = {"AWS_ACCESS_KEY_ID": "NOBODYNOBODY"}
WRONG_SECRET = {"AWS_SECRET_ACCESS_KEY": "WRONGWRONGWRONG"}
NO_FORGE = {"CI_API_V4_URL": f"{NOBODY}/api/v4"}
NO_GITHUB = {"GITHUB_API_URL": NOBODY}
WHO = Answer(status=401, headers={"WWW-Authenticate": 'Basic realm="git"'})


def a_file_in_its_place(site: Site) -> Mend:
    folder = site.place.root / "kept"
    away = folder.rename(folder.with_name("away"))
    folder.write_text("no store")

    def mend() -> None:
        folder.unlink()
        away.rename(folder)

    return mend


def a_folder_in_the_place_of_the_index(site: Site) -> Mend:
    index = site.place.root / "kept/v1/app/branches/main/history.json"
    away = index.rename(index.with_name("away"))
    index.mkdir()

    def mend() -> None:
        index.rmdir()
        away.rename(index)

    return mend


CASES = (
    Case(
        kind="file",
        name="a file in its place",
        spoil=a_file_in_its_place,
        said="kept: cannot read",
        hint="A file stands where a folder is needed",
        quick=True,
    ),
    Case(
        kind="file",
        name="a folder in the place of the index",
        spoil=a_folder_in_the_place_of_the_index,
        said="history.json: Is a directory",
        hint="A folder stands where a file is needed",
    ),
    Case(
        kind="git",
        name="no such repository",
        spoil=without_remote,
        said="moved.git",
        hint="The repository is not there",
    ),
    Case(
        kind="git",
        name="nobody there",
        spoil=origin(f"{NOBODY}/remote.git"),
        said="Failed to connect to 127.0.0.1 port 9",
        hint="Is the remote reachable from here?",
    ),
    Case(
        kind="git",
        name="no credentials",
        spoil=wire(always(WHO)),
        said="could not read Username",
        hint="permissions: contents: read",
    ),
    Case(
        kind="git",
        name="no right",
        spoil=wire(always(Answer(status=403))),
        said="The requested URL returned error: 403",
        hint="permissions: contents: read",
    ),
    Case(
        kind="git",
        name="trouble for ever",
        spoil=wire(TROUBLE),
        said="The requested URL returned error: 500",
        hint="Is the remote reachable from here?",
    ),
    Case(
        kind="git",
        name="a connection that is cut",
        spoil=wire(cut),
        said="cannot read branch perfci-data",
        hint="Is the remote reachable from here?",
    ),
    Case(
        kind="git",
        name="a branch of somebody else",
        spoil=at(lambda _: "git:main"),
        said="is no store of perfci",
        hint="name a branch that is not there yet",
    ),
    Case(
        kind="s3",
        name="no keys",
        spoil=job_with(NO_KEYS),
        said="Unable to locate credentials",
        hint="Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    ),
    Case(
        kind="s3",
        name="a wrong secret",
        spoil=job_with(WRONG_SECRET),
        said="403 SignatureDoesNotMatch",
        hint="see AWS_SECRET_ACCESS_KEY",
    ),
    Case(
        kind="s3",
        name="an unknown key",
        spoil=job_with(WRONG_KEY),
        said="403 InvalidAccessKeyId",
        hint="see AWS_ACCESS_KEY_ID",
    ),
    Case(
        kind="s3",
        name="a session that has ended",
        spoil=wire(always(error(400, "ExpiredToken", "The provided token has expired."))),
        said="400 ExpiredToken: The provided token has expired.",
        hint="take on the role again",
    ),
    Case(
        kind="s3",
        name="no right",
        spoil=wire(always(error(403, "AccessDenied"))),
        said="403 AccessDenied",
        hint=f"Grant s3:GetObject on arn:aws:s3:::{BUCKET}/ci/",
    ),
    Case(
        kind="s3",
        name="no bucket",
        spoil=at(lambda url: url.replace(BUCKET, "nowhere")),
        said="404 NoSuchBucket",
        hint="Create the bucket",
    ),
    Case(
        kind="s3",
        name="nobody there",
        spoil=at(lambda url: f"{url.partition('=')[0]}={NOBODY}"),
        said="Could not connect to the endpoint URL",
        hint="See that the server runs",
    ),
    Case(
        kind="s3",
        name="trouble for ever",
        spoil=wire(TROUBLE),
        said="500 InternalError, 4 times",
        hint="run again later",
    ),
    Case(
        kind="s3",
        name="busy for ever",
        spoil=wire(BUSY),
        said="503 SlowDown, 4 times",
        hint="run again later",
    ),
    Case(
        kind="s3",
        name="a connection that is cut",
        spoil=wire(cut),
        said="history.json: ",
        hint="The connection broke: run again",
    ),
    Case(
        kind="gitlab",
        name="a token that has ended",
        spoil=job_with({"CI_JOB_TOKEN": "glcbt-ended"}),
        said="401 Unauthorized",
        hint="CI_JOB_TOKEN lives as long as its job",
    ),
    Case(
        kind="gitlab",
        name="no registry",
        spoil=wire(forge(403, "403 Forbidden")),
        said="403 Forbidden",
        hint="see that the package registry is enabled",
    ),
    Case(
        kind="gitlab",
        name="no such project",
        spoil=job_with({"CI_PROJECT_ID": "8", "CI_MERGE_REQUEST_PROJECT_ID": "8"}),
        said="404 Project Not Found",
        hint="see that the package registry is enabled",
    ),
    Case(
        kind="gitlab",
        name="trouble for ever",
        spoil=wire(TROUBLE),
        said="the server answered 500",
        hint="run again later",
    ),
    Case(
        kind="gitlab",
        name="nobody there",
        spoil=job_with(NO_FORGE),
        said="Connection refused",
        hint="see that the address is right",
    ),
    Case(
        kind="artifact",
        name="no right",
        spoil=wire(forge(403, "Resource not accessible by integration")),
        said="403 Forbidden: Resource not accessible by integration",
        hint="actions: read",
    ),
    Case(
        kind="artifact",
        name="a wrong token",
        spoil=job_with({"INPUT_GITHUB-TOKEN": "ghs_wrong"}),
        said="401 Unauthorized: Bad credentials",
        hint="INPUT_GITHUB-TOKEN",
    ),
    Case(
        kind="artifact",
        name="trouble for ever",
        spoil=wire(TROUBLE),
        said="the server answered 500",
        hint="run again later",
    ),
    Case(
        kind="artifact",
        name="nobody there",
        spoil=job_with(NO_GITHUB),
        said="Connection refused",
        hint="see that the address is right",
    ),
)


@pytest.mark.slow
@pytest.mark.parametrize("case", cases(*CASES))
def test_a_push_is_not_judged_and_a_pull_request_is(set_up: SetUp, case: Case) -> None:
    site = set_up(case.kind)
    site.keep(1)
    mend = case.spoil(site)
    push = site.push(site.machine())
    pull = site.propose(site.machine())
    mend()
    assert push.code == 2, push
    assert push.document is None, "nothing was measured in vain"
    for text in (case.kind, case.said, case.hint):
        assert text in push.err
        assert text in pull.err
    assert "\n  next: " in push.err
    assert "Traceback" not in push.err + pull.err
    assert pull.code == 0, pull
    assert "perfci: warning: stored runs are not looked at: " in pull.err
    assert pull.document["mode"] == "paired"
    assert site.runs() == 1, "what was stored is as it was"
