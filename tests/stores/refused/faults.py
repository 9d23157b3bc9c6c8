"""What a store can be spoilt by, and how it is mended again."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.stores.faulty import Fault, always, sound
from tests.stores.refused.site import Site, publish
from tests.stores.s3.scripted import Answer

Mend = Callable[[], object]
Break = Callable[[Site], Mend]
NOBODY = "http://127.0.0.1:9"
"""Where nobody listens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One fault, and what the reader is told of it."""

    kind: str
    name: str
    spoil: Break
    said: str
    """What went wrong."""
    hint: str
    """What is to be granted or done."""
    quick: bool = False
    """Whether it is shown by default."""


def cases(*found: Case) -> list[Any]:
    """Return the cases of a parametrized test, with their marks."""
    return [
        pytest.param(
            case,
            id=f"{case.kind}-{case.name.replace(' ', '-')}",
            marks=[
                pytest.mark.timeout(600),
                *([] if case.quick else [pytest.mark.slow]),
                *([pytest.mark.s3] if case.kind == "s3" else []),
            ],
        )
        for case in found
    ]


def wire(fault: Fault) -> Break:
    """Spoil the line."""

    def run(site: Site) -> Mend:
        site.wire.fault = fault
        return lambda: setattr(site.wire, "fault", sound)

    return run


def job_with(variables: Mapping[str, str]) -> Break:
    """Give the job other variables."""

    def run(site: Site) -> Mend:
        before = site.variables
        site.variables = {**before, **variables}
        return lambda: setattr(site, "variables", before)

    return run


def at(change: Callable[[str], str]) -> Break:
    """Name another store in the settings."""

    def run(site: Site) -> Mend:
        before = site.url

        def name(url: str) -> None:
            site.url = url
            publish(site)

        name(change(before))
        return lambda: name(before)

    return run


def origin(address: str) -> Break:
    """Let the remote be elsewhere."""

    def run(site: Site) -> Mend:
        before, site.origin = site.origin, address
        return lambda: setattr(site, "origin", before)

    return run


def without_remote(site: Site) -> Mend:
    """Take the remote away, but for new clones."""
    away = site.place.remote.with_name("moved.git")
    before = site.origin
    site.origin = before.replace(site.place.remote.name, away.name)
    return lambda: setattr(site, "origin", before)


def hook(text: str) -> Break:
    """Let the remote refuse what is pushed."""

    def run(site: Site) -> Mend:
        path = site.place.remote / "hooks" / "pre-receive"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\necho '{text}' >&2\nexit 1\n")
        path.chmod(0o755)
        return path.unlink

    return run


def forge(status: int, message: str) -> Fault:
    """Let a forge say something."""
    body = json.dumps({"message": message, "msg": message}).encode()
    return always(Answer(status=status, body=body, headers={"Content-Type": "application/json"}))
