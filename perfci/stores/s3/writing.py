"""Writes that lose nothing of others: by the server's conditions, or by looking afterwards."""

import secrets
from contextlib import suppress
from typing import Any

from perfci.stores.s3.failures import code_of, status_of
from perfci.stores.s3.objects import Objects

_TRIES = 8
"""Times that a write is made which the server puts off because of another one."""
_NO_VERSION = '"00000000000000000000000000000000"'
"""An ETag that no object has."""


def obeys_conditions(objects: Objects, key: str) -> bool:
    """Ask the server for a write that it has to refuse: where it does, nothing is written.

    Args:
        objects: of the store.
        key: of an object that is not there.
    """
    from botocore.exceptions import ClientError

    try:
        objects.write(key, b"", "probe", IfMatch=_NO_VERSION)
    except ClientError as error:
        if _refused(error) or _put_off(error):
            return True
        if status_of(error) != 501:
            raise
    else:
        with suppress(ClientError):  # who may write but not remove leaves an empty object
            objects.delete(key)
    return False


def put_if(objects: Objects, key: str, data: bytes, replaces: str | None) -> bool:
    """Write under the condition that this ETag (None: nothing) is there; tell whether it held."""
    from botocore.exceptions import ClientError

    condition = {"IfNoneMatch": "*"} if replaces is None else {"IfMatch": replaces}
    for attempt in range(1, _TRIES + 1):
        mark = secrets.token_hex(8)
        try:
            objects.write(key, data, mark, **condition)
        except ClientError as error:
            if _refused(error):
                # where the answer to an earlier try was lost, that one may have been the winner
                tries = error.response["ResponseMetadata"].get("RetryAttempts", 0)
                return bool(tries) and objects.is_mine(key, mark)
            if not _put_off(error) or attempt == _TRIES:
                raise
            if replaces is not None:
                return False
        else:
            return True
        objects.pause(attempt)
    return False


def put_and_look(objects: Objects, key: str, data: bytes, replaces: str | None) -> bool:
    """Write where the server keeps to no condition: look before, and whether it lasted."""
    there = objects.read(key)
    if (there.version if there else None) != replaces:
        return False
    mark = secrets.token_hex(8)
    etag = objects.write(key, data, mark)
    objects.pause(1)
    return objects.is_mine(key, mark, etag)


def _refused(error: Any) -> bool:
    """Tell whether a condition did not hold: 304 is what older servers say for 412."""
    missing = status_of(error) == 404 and code_of(error) == "NoSuchKey"
    return missing or status_of(error) in {304, 412}


def _put_off(error: Any) -> bool:
    """Tell whether another write of the same object is under way."""
    return code_of(error) in {"ConditionalRequestConflict", "OperationAborted"}
