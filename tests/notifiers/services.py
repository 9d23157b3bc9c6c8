"""Slack, Discord, Teams and a receiver of one's own, as far as they take messages.

They refuse what the real ones refuse, and take what the real ones take only to lose it.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from perfci.notifiers.harmless import units
from tests.stores.fakes.server import Fake, Reply, Request, in_json, serving

TOKEN = "abcdefghijklmnopqrstuvwx"
SECRET = "shared-with-the-receiver"
_Server = TypeVar("_Server", bound="Channel")


class Channel(Fake):
    """What all have: a path that is the credential, and what has been shown."""

    path = f"/services/T0001/B0001/{TOKEN}"

    def __init__(self) -> None:
        super().__init__(page=1)
        self.shown: list[Any] = []
        self.gone = False

    @property
    def url(self) -> str:
        return self.address + self.path

    def document(self, request: Request) -> Any:
        assert request.method == "POST"
        assert request.headers["content-type"] == "application/json"
        return json.loads(request.body)


class Slack(Channel):
    def answer(self, request: Request) -> Reply:
        if self.gone or request.path != self.path:
            return Reply(status=404, body=b"no_service")
        form = self.document(request)
        blocks = form["blocks"]
        if not form.get("text"):
            return Reply(status=400, body=b"no_text")
        heads = [block["text"]["text"] for block in blocks if block["type"] == "header"]
        known = {"header", "rich_text", "context"}
        odd = {block["type"] for block in blocks} - known
        if odd or len(blocks) > 50 or any(not 0 < units(head) <= 150 for head in heads):
            return Reply(status=400, body=b"invalid_blocks")
        if units(json.dumps(blocks)) > 13_000:
            return Reply(status=400, body=b"msg_blocks_too_long")
        self.shown.append(form)
        return Reply(body=b"ok", headers={"Content-Type": "text/plain"})


class Discord(Channel):
    path = f"/api/webhooks/123456789012345678/{TOKEN}"

    def answer(self, request: Request) -> Reply:
        if self.gone or request.path != self.path:
            return in_json({"message": "Unknown Webhook", "code": 10015}, status=404)
        form = self.document(request)
        (embed,) = form["embeds"]
        sizes = [
            (units(embed["title"]), 256),
            (units(embed["description"]), 4096),
            (units(embed.get("footer", {}).get("text", "-")), 2048),
        ]
        if any(not 0 < size <= most for size, most in sizes) or sum(it for it, _ in sizes) > 6000:
            told = {"message": "Invalid Form Body", "code": 50035, "errors": {"embeds": {}}}
            return in_json(told, status=400)
        self.shown.append(form)
        # without wait nothing is said of what is then not shown
        return in_json({"id": "1"}) if request.query.get("wait") == "true" else Reply(status=204)


class Teams(Channel):
    path = "/powerautomate/automations/direct/workflows/0a1b/triggers/manual/paths/invoke"
    query = f"?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={TOKEN}"

    @property
    def url(self) -> str:
        return self.address + self.path + self.query

    def answer(self, request: Request) -> Reply:
        if self.gone or request.query.get("sig") != TOKEN:
            told = {"error": {"code": "WorkflowTriggerIsNotEnabled", "message": "not enabled"}}
            return in_json(told, status=400)
        # taken whatever it is; the flow fails later, and says so nowhere
        if len(request.body) <= 21_000:
            self.shown.append(self.document(request))
        return Reply(status=202)


class Receiver(Channel):
    path = f"/hooks/{TOKEN}"

    def answer(self, request: Request) -> Reply:
        stamp = request.headers["x-perfci-timestamp"]
        wanted = hmac.new(SECRET.encode(), f"{stamp}.".encode() + request.body, hashlib.sha256)
        given = request.headers.get("x-perfci-signature-256", "")
        if not hmac.compare_digest(given, f"sha256={wanted.hexdigest()}"):
            return Reply(status=401, body=b"bad signature")
        assert re.fullmatch(r"[0-9a-f]{32}", request.headers["x-perfci-delivery"])
        assert request.headers["x-perfci-event"] == "completed"
        self.shown.append(self.document(request))
        return Reply(status=204)


@contextmanager
def up(server: _Server) -> Iterator[_Server]:
    with serving(server.respond) as server.address:
        yield server
