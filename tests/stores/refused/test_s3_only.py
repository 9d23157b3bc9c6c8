"""What only S3 servers do: keep to no condition, and lose a bucket."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.stores.faulty import Onward, writes
from tests.stores.refused.conftest import SetUp
from tests.stores.refused.site import Site, publish, site
from tests.stores.s3.real_servers import ADMIN, BUCKET, rclone
from tests.stores.s3.scripted import Answer, Request

pytestmark = [pytest.mark.s3, pytest.mark.slow]

VANISHING = count()


@pytest.fixture
def careless(tmp_path: Path) -> Iterator[Site]:
    """A project on a server that takes every write, whatever the condition."""
    with ExitStack() as stack:
        folder = tmp_path / "rclone"
        folder.mkdir()
        url = stack.enter_context(rclone(folder))
        yield stack.enter_context(site("s3", tmp_path / "site", lambda: url))


def test_a_server_without_conditions_is_told_of_and_nothing_is_lost(careless: Site) -> None:
    machines = [careless.machine() for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        pushes = list(pool.map(careless.push, machines))
    for push in pushes:
        assert (push.code, push.document["unkept"]) == (0, None), push
        assert any("does not keep to If-Match" in it for it in push.document["warnings"])
        assert "perfci: warning: s3://" in push.err
    assert careless.runs() == 3, "all runs are there"
    again = careless.push(careless.machine())
    assert again.document["mode_reason"].startswith("3 runs of main"), "the index knows of all"


def client(site: Site) -> Any:
    import botocore.session

    return botocore.session.Session().create_client(
        "s3",
        region_name="us-east-1",
        endpoint_url=site.wire.url,
        aws_access_key_id=ADMIN["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=ADMIN["AWS_SECRET_ACCESS_KEY"],
    )


def test_a_bucket_that_vanishes_while_it_is_measured_is_told_and_the_run_kept(
    set_up: SetUp,
) -> None:
    site = set_up("s3")
    bucket = f"vanishing-{next(VANISHING)}"
    site.url = site.url.replace(BUCKET, bucket)
    publish(site)
    admin = client(site)
    admin.create_bucket(Bucket=bucket)

    def vanish(_: Request, onward: Onward) -> Answer:
        site.wire.fault = lambda _request, onward: onward()
        admin.delete_bucket(Bucket=bucket)
        return onward()

    site.wire.fault = writes(vanish)
    machine = site.machine()
    push = site.push(machine)
    assert push.code == 0, push
    unkept = push.document["unkept"]
    assert "NoSuchBucket" in unkept["why"]
    assert "Create the bucket, or correct `store:`" in unkept["why"]
    admin.create_bucket(Bucket=bucket)
    later = site.bring(machine, unkept)
    assert later.code == 0, later
    assert site.runs() == 1
    admin.close()
