"""Objects of one bucket: read whole, written under a condition, recognised as one's own."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from perfci.ports import Blob
from perfci.stores.s3.failures import code_of, status_of

_READS = 3
"""Times that an object is read whose transfer breaks off."""
_LARGEST = 256 * 1024 * 1024
"""Bytes of an object: what is larger was not written by perfci."""
_MARK = "perfci-write"
"""Metadata that tells one write from another of the same bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objects:
    """A bucket as its server shows it; every method raises what botocore raises."""

    client: Any
    bucket: str
    pause: Callable[[int], None]
    """Waits before another try; is given its number, from 1."""

    def read(self, key: str) -> Blob | None:
        """Return an object with its ETag, whole; None where there is none."""
        from botocore.exceptions import HTTPClientError, IncompleteReadError

        attempt = 1
        while answer := self._answer(key):
            try:
                return Blob(data=_body(answer), version=_version(answer))
            except (HTTPClientError, IncompleteReadError):
                # only what broke off half-way: without any answer, the client has tried again
                if attempt == _READS:
                    raise
            self.pause(attempt)
            attempt += 1
        return None

    def _answer(self, key: str) -> Mapping[str, Any] | None:
        from botocore.exceptions import ClientError

        try:
            answer: Mapping[str, Any] = self.client.get_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            # a mere 404 may come from anything that stands there; only S3 has a word for it
            if code_of(error) == "NoSuchKey":
                return None
            raise
        return answer

    def write(self, key: str, data: bytes, mark: str, **condition: str) -> str:
        """Write an object and return its ETag.

        Args:
            key: of the object.
            data: the bytes.
            mark: kept beside them, for `is_mine`.
            condition: `IfMatch` or `IfNoneMatch`.
        """
        md5 = hashlib.md5(data, usedforsecurity=False).digest()
        answer = self.client.put_object(
            Bucket=self.bucket,
            Key=key,
            Body=data,
            ContentMD5=base64.b64encode(md5).decode(),
            ContentType="application/gzip" if key.endswith(".gz") else "application/json",
            CacheControl="no-cache",
            Metadata={_MARK: mark},
            **condition,
        )
        return str(answer.get("ETag", ""))

    def is_mine(self, key: str, mark: str, etag: str = "") -> bool:
        """Tell whether what is there now was written with this mark.

        Where the server keeps no marks, it has to have this ETag.
        """
        from botocore.exceptions import ClientError

        try:
            answer = self.client.head_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if status_of(error) == 404:
                return False
            raise
        # servers change the case of these names
        marks = {name.lower(): value for name, value in answer.get("Metadata", {}).items()}
        return bool(marks[_MARK] == mark if _MARK in marks else etag and etag == _version(answer))

    def delete(self, key: str) -> None:
        """Remove an object; nothing happens where there is none."""
        from botocore.exceptions import ClientError

        try:
            self.client.delete_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if code_of(error) != "NoSuchKey":
                raise


def _body(answer: Mapping[str, Any]) -> bytes:
    """Read an object whole; what breaks off half-way is noticed by its length."""
    chunks, size = [], 0
    for chunk in answer["Body"].iter_chunks(1 << 20):
        size += len(chunk)
        if size > _LARGEST:
            raise ValueError(f"it has more than {_LARGEST} bytes: perfci has not written it")
        chunks.append(chunk)
    return b"".join(chunks)


def _version(answer: Mapping[str, Any]) -> str:
    if etag := answer.get("ETag"):
        return str(etag)
    raise ValueError("the server's answer has no ETag")
