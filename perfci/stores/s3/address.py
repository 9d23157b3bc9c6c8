"""What an `s3:` URL names: bucket, prefix, and how the server is reached."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import parse_qsl, urlsplit

from perfci.errors import ConfigurationError

_EXAMPLE = "Write it like s3://BUCKET/PREFIX."
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]")
# what S3 calls safe, with a few signs that need no thought either
_PART = re.compile(r"[A-Za-z0-9_!'()*=+@:,~-][A-Za-z0-9._!'()*=+@:,~-]*")
_REGION = re.compile(r"[A-Za-z0-9-]{1,64}")
_KEYS = ("endpoint_url", "path_style", "region")
_LONGEST_PREFIX = 200
"""Bytes: of the 1,024 that a key may have, the rest is the object's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A place in a bucket."""

    bucket: str
    prefix: str
    """Without slashes at its ends; may be empty."""
    endpoint_url: str = ""
    """Empty: what the environment says, else AWS."""
    region: str = ""
    """Empty: what the environment says."""
    path_style: bool | None = None
    """Whether the bucket stands in the path rather than in the host; None: what suits the host."""

    @property
    def url(self) -> str:
        """Return the place alone, as other tools take it: `s3://bucket/prefix`."""
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")

    def key(self, name: str) -> str:
        """Return the object's key for a name in the store."""
        return f"{self.prefix}/{name}" if self.prefix else name


def parse_address(rest: str) -> Address:
    """Return what a URL names.

    Args:
        rest: what follows `s3:`; shown in messages unless it may hold a secret.

    Raises:
        ConfigurationError: it is not `s3://BUCKET/PREFIX` with keys that are known.
    """
    place, _, query = rest.partition("?")
    if "@" in place.removeprefix("//").partition("/")[0]:
        raise ConfigurationError(
            "store: an s3 URL holds no user and no key",
            hint="Take them out of the settings: keys come from the environment alone, for "
            "example AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
        )
    bucket, _, prefix = place.removeprefix("//").partition("/")
    shown = f"s3:{place}"
    if not place.startswith("//") or not _BUCKET.fullmatch(bucket):
        message = f"store: {shown!r} names no bucket"
        raise ConfigurationError(message, hint=f"{_EXAMPLE} {_bucket_hint(bucket)}".strip())
    prefix = prefix.removesuffix("/")
    if prefix and not all(map(_PART.fullmatch, prefix.split("/"))):
        message = f"store: {shown!r} has a prefix that not every server keeps as it is"
        hint = "Use letters, digits and . _ - between single slashes; no part begins with a dot."
        raise ConfigurationError(message, hint=hint)
    if len(prefix) > _LONGEST_PREFIX:
        message = f"store: the prefix of s3://{bucket} has {len(prefix)} bytes"
        hint = f"At most {_LONGEST_PREFIX} are possible: the names of the runs come after it."
        raise ConfigurationError(message, hint=hint)
    options = _options(shown, query)
    return Address(
        bucket=bucket,
        prefix=prefix,
        endpoint_url=checked_endpoint(options.get("endpoint_url"), f"store: {shown!r}"),
        region=_region(options.get("region"), shown),
        path_style=_path_style(options.get("path_style"), shown),
    )


def checked_endpoint(text: str | None, whence: str) -> str:
    """Return the URL of a server; empty where there is none.

    Args:
        text: as it was given; it may hold a secret and is not shown.
        whence: where it was given, to begin a message with.

    Raises:
        ConfigurationError: it is not the URL of a server.
    """
    if not text:
        if text is None:
            return ""
        raise ConfigurationError(f"{whence}: endpoint_url is empty", hint="Name a server, or none.")
    try:
        parts = urlsplit(text)
        odd = parts.port == 0
    except ValueError:
        parts, odd = urlsplit(""), True
    if parts.username is not None or parts.password is not None:
        raise ConfigurationError(
            f"{whence}: endpoint_url holds a user or password",
            hint="Take it out: keys come from the environment alone.",
        )
    if odd or parts.scheme not in {"http", "https"} or not parts.hostname or not text.isprintable():
        raise ConfigurationError(
            f"{whence}: endpoint_url is not the URL of a server",
            hint="Write it like https://s3.example.com or http://127.0.0.1:9000.",
        )
    if parts.query or parts.fragment:
        raise ConfigurationError(
            f"{whence}: endpoint_url has a query or fragment of its own",
            hint="It names the server alone; join further keys of the store by &.",
        )
    return text.rstrip("/")


def _options(shown: str, query: str) -> dict[str, str]:
    """Return the keys of the query, each known and given once."""
    found: dict[str, str] = {}
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True) if query else []
    except ValueError:
        message = f"store: what follows {shown}? is not a query"
        raise ConfigurationError(message, hint="Write it like ?region=eu-west-1.") from None
    for key, value in pairs:
        if key not in _KEYS:
            close = get_close_matches(key.lower().replace("-", "_"), _KEYS, n=1)
            meant = f"Did you mean {close[0]}? " if close else ""
            message = f"store: {key[:60]!r} is not a key of an s3 URL"
            raise ConfigurationError(message, hint=f"{meant}Known: {', '.join(_KEYS)}.")
        if key in found:
            message = f"store: {key} stands twice in the URL of {shown}"
            raise ConfigurationError(message, hint="Keep one of the two.")
        found[key] = value
    return found


def _region(text: str | None, shown: str) -> str:
    if text is None or _REGION.fullmatch(text):
        return text or ""
    message = f"store: {shown!r}: region is {text[:60]!r}"
    raise ConfigurationError(message, hint="Write it like eu-central-1.")


def _path_style(text: str | None, shown: str) -> bool | None:
    known = {None: None, "true": True, "false": False}
    if text in known:
        return known[text]
    message = f"store: {shown!r}: path_style is {(text or '')[:60]!r}"
    raise ConfigurationError(message, hint="It is true or false.")


def _bucket_hint(bucket: str) -> str:
    if bucket.startswith("arn:"):
        return "An access point is named by its alias."
    return "A bucket has 3 to 255 letters, digits and . _ - in its name." if bucket else ""
