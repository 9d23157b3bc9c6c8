"""The store itself: names checked, calls made, failures told."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property

from perfci.errors import PerfciError, StoreError
from perfci.model.mask import Mask
from perfci.ports import Blob
from perfci.stores.s3.address import Address, parse_address
from perfci.stores.s3.client import make_client
from perfci.stores.s3.failures import Call
from perfci.stores.s3.objects import Objects
from perfci.stores.s3.writing import obeys_conditions, put_and_look, put_if
from perfci.stores.singly import Singly

_PAGES = 1000
"""Of at most 1,000 names each; more was not written by perfci."""
_LONGEST_KEY = 1024
"""Bytes."""
_PROBE = ".perfci-probe"


def s3_store(
    rest: str,
    environ: Mapping[str, str],
    *,
    pause: Callable[[int], None] = lambda _: None,
    patience: float = 30.0,
) -> "S3Store":
    """Return the store that a URL names; nobody is asked yet.

    Args:
        rest: what follows `s3:`: `//BUCKET/PREFIX`, perhaps with
            `?endpoint_url=...&region=...&path_style=true`.
        environ: holds the credentials, or says where they are.
        pause: waits before another try; is given the number of the try, from 1.
        patience: seconds without a byte from the server after which a call is given up.

    Raises:
        ConfigurationError: the URL names no bucket, or holds what is not known.
    """
    return S3Store(parse_address(rest), environ, pause=pause, patience=patience)


class S3Store(Singly):
    """Keeps each blob in one object; a version is the server's ETag.

    Attributes:
        url: bucket and prefix; with a name behind it, what other tools call the object.
        warnings: what the reader has to know of this server; grows with the first write.
    """

    swaps = True

    def __init__(
        self,
        address: Address,
        environ: Mapping[str, str],
        *,
        pause: Callable[[int], None],
        patience: float,
    ) -> None:
        """Take what `s3_store` was given."""
        self.url = address.url
        self.warnings: list[str] = []
        self._address = address
        self._environ = environ
        self._pause = pause
        self._patience = patience
        self._sent: set[str] = set()

    def close(self) -> None:
        """Do nothing: what was put is there."""

    def get(self, name: str) -> Blob | None:
        """Return the blob, or None where there is none.

        Raises:
            StoreError: it cannot be read.
        """
        key = self._key(name)
        with self._told("read", name):
            return self._objects.read(key)

    def put(self, name: str, data: bytes, *, replaces: str | None) -> bool:
        """Write a blob whole or not at all.

        For arguments, result and errors see `perfci.ports.Store`.
        """
        key = self._key(name)
        with self._told("write", name):
            write = put_if if self._conditional else put_and_look
            return write(self._objects, key, data, replaces)

    def list(self, prefix: str) -> tuple[str, ...]:
        """Return the names that begin with `prefix`, sorted.

        Raises:
            StoreError: the bucket cannot be listed, or holds more than perfci ever wrote.
        """
        root = self._address.key("")
        found: set[str] = set()
        with self._told("list", prefix):
            pages = self._objects.client.get_paginator("list_objects_v2").paginate(
                Bucket=self._address.bucket, Prefix=f"{root}{prefix}"
            )
            for number, page in enumerate(pages, 1):
                if number > _PAGES:
                    said = f"the server names more than {_PAGES} pages of objects"
                    raise self._call("list", prefix).error(said, "Give perfci a prefix of its own.")
                keys = (str(item.get("Key", "")) for item in page.get("Contents", ()))
                found |= {key.removeprefix(root) for key in keys if key.startswith(root)}
        return tuple(sorted(name for name in found if name.startswith(prefix) and _is_name(name)))

    def delete(self, *names: str) -> None:
        """Remove blobs; nothing happens where there are none.

        Raises:
            StoreError: one cannot be removed; those before are gone.
        """
        for name in names:
            with self._told("remove", name):
                self._objects.delete(self._key(name))

    def set_aside(self, name: str) -> str:
        """Copy a damaged blob to `NAME.damaged-1` (or -2, ...) and remove it; return its URL.

        Raises:
            StoreError: it cannot be copied or removed, or is not there.
        """
        blob = self.get(name)
        if blob is None:
            said = "it is not there any more"
            raise self._call("read", name).error(said, "Somebody else moved or removed it.")
        number = 1
        while not self.put(f"{name}.damaged-{number}", blob.data, replaces=None):
            number += 1
        # on no condition, which many servers refuse here: a rival who has put a new index there
        # in the meantime loses what is made again from the runs
        self.delete(name)
        return f"{self.url}/{name}.damaged-{number}"

    @cached_property
    def _objects(self) -> Objects:
        client = make_client(self._address, self._environ, self._patience, self._sent.add)
        return Objects(client=client, bucket=self._address.bucket, pause=self._pause)

    @cached_property
    def _conditional(self) -> bool:
        """Find out by the first write whether the server keeps to conditions; say it if not."""
        probe = self._address.key(f"{_PROBE}-{secrets.token_hex(8)}")
        if obeys_conditions(self._objects, probe):
            return True
        self.warnings.append(
            f"{self.url}: this server does not keep to If-Match: when two pipelines write at the "
            "same moment, history.json may miss a run until the next one is recorded. perfci looks "
            "after each write whether it lasted; for certainty let one pipeline record at a time, "
            "or use a server with conditional writes"
        )
        return False

    def _key(self, name: str) -> str:
        if not _is_name(name):
            message = f"{self.url}: {name!r} cannot be the name of a stored object"
            raise StoreError(message, hint="Names are relative and no part begins with a dot.")
        key = self._address.key(name)
        if len(key) > _LONGEST_KEY:
            message = f"{self.url}: {name[:60]!r}... is too long for the name of a stored object"
            hint = f"Shorten the prefix in `store:`: S3 takes {_LONGEST_KEY} bytes."
            raise StoreError(message, hint=hint)
        return key

    def _call(self, verb: str, name: str) -> Call:
        usual, sent = Mask.of(self._environ, ()), Mask(self._sent)
        return Call(
            address=self._address,
            verb=verb,
            name=name,
            environ=self._environ,
            mask=lambda text: usual(sent(text)),
        )

    @contextmanager
    def _told(self, verb: str, name: str) -> Iterator[None]:
        """Turn whatever the client raises into an error that says which call and what to do."""
        try:
            yield
        except PerfciError:
            raise
        # of the client's own errors there is no common class that its parsers keep to
        except Exception as error:  # an odd answer makes the client's parsers raise anything
            raise self._call(verb, name).failed(error) from error


def _is_name(name: str) -> bool:
    """Tell whether a name stays below the prefix and is none of the store's own."""
    parts = name.split("/")
    return "\0" not in name and all(part and not part.startswith(".") for part in parts)
