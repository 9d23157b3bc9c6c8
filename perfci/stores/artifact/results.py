"""How an action uploads an artifact: the results service, and the blob storage behind it."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from perfci.errors import StoreError
from perfci.wire.answer import parts_of
from perfci.wire.session import Question, Session

_SERVICE = "twirp/github.actions.results.api.v1.ArtifactService"
_CHUNK = 8 << 20
_AGAIN = "run the job again; the artifact is whole or not there at all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """Who uploads, in the words of the service."""

    run: str
    job: str


def ids_of(token: str) -> Ids | None:
    """Return the ids that the job's own token carries; None where it carries none."""
    middle = token.split(".")[1] if token.count(".") == 2 else ""
    try:
        claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return None
    scopes = claims.get("scp") if isinstance(claims, dict) else None
    for scope in scopes.split(" ") if isinstance(scopes, str) else ():
        match scope.split(":"):
            case ["Actions.Results", run, job] if run and job:
                return Ids(run=run, job=job)
    return None


class Results:
    """Uploads whole artifacts; each name once in a workflow run."""

    def __init__(self, url: str, session: Session, service: str, ids: Ids) -> None:
        """Name the service; nothing is asked yet.

        Args:
            url: the store's, as the user wrote it.
            session: asks with the job's own token.
            service: address of the results service; only its origin counts.
            ids: from the token.
        """
        self._url = url
        self._session = session
        parts = parts_of(service)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._ids = {
            "workflow_run_backend_id": ids.run,
            "workflow_job_run_backend_id": ids.job,
        }

    def upload(self, name: str, data: bytes) -> int | None:
        """Upload an archive; return its id, or None where this run has one of that name.

        It is there whole once this returns, and for nobody before.

        Raises:
            StoreError: it cannot be uploaded.
        """
        # version 7 asks for a field that the services of act and Gitea refuse
        created = self._call("CreateArtifact", {"name": name, "version": 4}, 409)
        if created is None:
            return None
        target = _text(created, "signed_upload_url")
        scheme = parts_of(target).scheme
        if scheme != "https" and not (scheme == "http" and self._origin.startswith("http:")):
            raise self._error("CreateArtifact", "it named no safe place to upload to")
        self._put_blocks(target, data)
        finalized = self._call(
            "FinalizeArtifact",
            {
                "name": name,
                "size": str(len(data)),
                "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
            },
        )
        number = _text(finalized or {}, "artifact_id")
        if not (number.isascii() and number.isdigit()):
            raise self._error("FinalizeArtifact", "it named no artifact")
        return int(number[:18])

    def _put_blocks(self, target: str, data: bytes) -> None:
        """Store the bytes in blocks and then name them in order, without any other credential."""
        join = "&" if parts_of(target).query else "?"
        blocks: list[str] = []
        for start in range(0, len(data), _CHUNK):
            # all of one length, as the storage demands
            block = base64.b64encode(f"{len(blocks):048}".encode()).decode()
            self._put(f"{target}{join}comp=block&blockid={quote(block, safe='')}", data, start)
            blocks.append(block)
        latest = "".join(f"<Latest>{block}</Latest>" for block in blocks)
        body = f'<?xml version="1.0" encoding="utf-8"?><BlockList>{latest}</BlockList>'
        question = Question(
            what="upload the artifact",
            url=f"{target}{join}comp=blocklist",
            method="PUT",
            data=body.encode(),
            headers={
                "Content-Type": "application/xml",
                "x-ms-blob-content-type": "application/zip",
            },
            signed=True,
        )
        self._session.ask(question)

    def _put(self, url: str, data: bytes, start: int) -> None:
        question = Question(
            what="upload the artifact",
            url=url,
            method="PUT",
            data=data[start : start + _CHUNK],
            headers={"Content-Type": "application/octet-stream"},
            signed=True,
        )
        self._session.ask(question)

    def _call(
        self, method: str, fields: Mapping[str, object], *also: int
    ) -> Mapping[str, object] | None:
        """Return what a method answers; None for a status that was expected instead."""
        question = Question(
            what=f"upload the artifact ({method})",
            url=f"{self._origin}/{_SERVICE}/{method}",
            method="POST",
            data=json.dumps({**self._ids, **fields}).encode(),
            headers={"Content-Type": "application/json"},
        )
        answer = self._session.ask(question, *also)
        if answer.status in also:
            return None
        document = answer.document()
        if not isinstance(document, Mapping) or document.get("ok") is not True:
            raise self._error(method, f"the service answered {answer.said}")
        return document

    def _error(self, method: str, why: str) -> StoreError:
        message = f"{self._url}: cannot upload the artifact ({method}): {why}"
        return StoreError(message, hint=_AGAIN)


def _text(document: Mapping[str, object], name: str) -> str:
    """Return a field: some services write `artifact_id`, others `artifactId`."""
    first, *rest = name.split("_")
    found = document.get(name) or document.get(first + "".join(map(str.capitalize, rest)))
    return str(found or "")
