"""What an s3 URL may say, and what is refused before anybody is asked."""

import pytest

from perfci.errors import ConfigurationError, StoreError
from perfci.stores.s3 import s3_store
from perfci.stores.s3.address import Address, parse_address


@pytest.mark.parametrize(
    ("rest", "address"),
    [
        ("//bucket", Address(bucket="bucket", prefix="")),
        ("//bucket/", Address(bucket="bucket", prefix="")),
        ("//my.bucket-1/a/b/", Address(bucket="my.bucket-1", prefix="a/b")),
        (
            "//bucket/ci?endpoint_url=https://s3.example.com:9000/&region=auto&path_style=true",
            Address(
                bucket="bucket",
                prefix="ci",
                endpoint_url="https://s3.example.com:9000",
                region="auto",
                path_style=True,
            ),
        ),
        (
            "//bucket?endpoint_url=http%3A%2F%2F%5B%3A%3A1%5D%3A9000&path_style=false",
            Address(bucket="bucket", prefix="", endpoint_url="http://[::1]:9000", path_style=False),
        ),
    ],
)
def test_an_url_names_a_place_and_how_to_reach_it(rest: str, address: Address) -> None:
    assert parse_address(rest) == address


def test_the_store_is_named_without_its_query() -> None:
    assert s3_store("//bucket/ci/?region=eu-west-1", {}).url == "s3://bucket/ci"
    assert s3_store("//bucket", {}).url == "s3://bucket"


@pytest.mark.parametrize(
    ("rest", "said", "hint"),
    [
        ("", "no bucket", "s3://BUCKET/PREFIX"),
        ("bucket/prefix", "no bucket", "s3://BUCKET/PREFIX"),
        ("///prefix", "no bucket", "s3://BUCKET/PREFIX"),
        ("//b", "no bucket", "3 to 255"),
        ("//bu cket/x", "no bucket", "letters, digits"),
        ("//arn:aws:s3:eu-west-1:1:accesspoint/mine", "no bucket", "alias"),
        ("//bucket//x", "prefix", "single slashes"),
        ("//bucket/a/../b", "prefix", "begins with a dot"),
        ("//bucket/a%2Fb", "prefix", "letters, digits"),
        ("//bucket/a\nb", "prefix", "letters, digits"),
        ("//bucket/" + "a" * 201, "201 bytes", "At most 200"),
        ("//bucket/x?endpoint=http://h", "'endpoint'", "Did you mean endpoint_url?"),
        ("//bucket/x?Region=eu", "'Region'", "Did you mean region?"),
        ("//bucket/x?zzz=1", "'zzz'", "Known: endpoint_url, path_style, region."),
        ("//bucket/x?region=a&region=b", "region stands twice", "one of the two"),
        ("//bucket/x?region", "not a query", "?region=eu-west-1"),
        ("//bucket/x?region=eu/west", "'eu/west'", "eu-central-1"),
        ("//bucket/x?path_style=yes", "'yes'", "true or false"),
        ("//bucket/x?endpoint_url=", "endpoint_url is empty", "Name a server"),
        ("//bucket/x?endpoint_url=s3.example.com", "not the URL of a server", "https://"),
        ("//bucket/x?endpoint_url=file:///etc", "not the URL of a server", "https://"),
        ("//bucket/x?endpoint_url=http://h:99999", "not the URL of a server", "https://"),
        ("//bucket/x?endpoint_url=http://h/%3Fa%3Db", "query or fragment", "&"),
    ],
)
def test_what_names_no_place_is_refused_with_the_next_step(rest: str, said: str, hint: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_address(rest)
    assert caught.value.message.startswith("store: ")
    assert said in caught.value.message
    assert hint in caught.value.hint
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    "rest",
    [
        "//KEY:hunter2hunter2@bucket/x",
        "//bucket/x?endpoint_url=https://KEY:hunter2hunter2@s3.example.com",
        "//bucket/x?endpoint_url=hunter2hunter2",
    ],
)
def test_a_secret_in_the_url_is_refused_and_not_repeated(rest: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_address(rest)
    assert "hunter2" not in caught.value.message + caught.value.hint


def test_a_server_that_a_variable_names_is_looked_at_too() -> None:
    store = s3_store("//bucket/x", {"AWS_ENDPOINT_URL_S3": "localhost:9000"})
    with pytest.raises(ConfigurationError, match="AWS_ENDPOINT_URL_S3: endpoint_url is not"):
        store.get("v1/x")


def test_a_name_that_is_too_long_for_s3_is_refused() -> None:
    store = s3_store("//bucket/" + "p" * 200, {})
    with pytest.raises(StoreError, match="too long") as caught:
        store.get("v1/" + "x" * 830)
    assert "1,024" in caught.value.hint or "1024" in caught.value.hint
