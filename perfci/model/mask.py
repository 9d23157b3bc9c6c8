"""Secrets out of texts: one place for whatever is printed, written or sent."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import quote

from perfci.errors import PerfciError
from perfci.model.run import Recording, Run
from perfci.model.text import printable
from perfci.model.work import Ai, HomeAssistant, Http, Work

_SHORTEST = 6
"""Characters; a shorter value would blank ordinary words, and protects nothing."""
_CUT = " ... "
"""What `printable` puts where it takes the middle out."""
_HALF = "\ufffd"
_USUAL = re.compile(
    r"(?:^|[_-])(?:TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|PRIVATE_KEY|ACCESS_KEY"
    r"|WEBHOOK(?:[_-]URL)?)$"
)
"""Names of variables that hold secrets though no setting names them."""


def mask(text: str, secret: str) -> str:
    """Return a text in which a secret no longer stands, whatever form it was echoed in.

    Args:
        text: what was said. Where it was cut, at either end or around " ... ", the rest of a
            secret that was cut in two goes, too, if it has 6 or more characters.
        secret: empty where there is none. Of one of several lines each goes by itself: programs
            put something before each.
    """
    # first what may stand invisibly inside it
    text = printable(text, lines=True, limit=len(text))
    parts = {secret, *secret.splitlines()}
    whole = {part.strip() for part in parts if part == secret or len(part.strip()) >= _SHORTEST}
    forms = {form for part in whole if part for form in _forms(part)}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, "***")
    for form in sorted(forms, key=len, reverse=True):
        text = _CUT.join(_without_rest(part, form) for part in text.split(_CUT))
    return text


def _forms(secret: str) -> set[str]:
    return {secret, json.dumps(secret)[1:-1], quote(secret, safe=""), secret.replace("/", "\\/")}


def _without_rest(text: str, form: str) -> str:
    """Take out what is left of a secret where a text begins after its start or ends before it."""
    # half a character is left of one that was cut in two itself
    begun = text.lstrip(f"{_HALF}\n")
    place = form.find(begun[:_SHORTEST]) if len(begun) >= _SHORTEST else -1
    while place >= 0:
        if begun.startswith(form[place:]):
            text = "***" + begun[len(form) - place :]
            break
        place = form.find(begun[:_SHORTEST], place + 1)
    ended = text.rstrip(f"{_HALF}\n")
    place = form.rfind(ended[-_SHORTEST:]) if len(ended) >= _SHORTEST else -1
    while place >= 0:
        if ended.endswith(form[: place + _SHORTEST]):
            return ended[: -place - _SHORTEST] + "***"
        place = form.rfind(ended[-_SHORTEST:], 0, place + _SHORTEST - 1)
    return text


class Mask:
    """Knows the values that must never be shown.

    Args:
        values: of the variables that the settings name as secrets.
    """

    def __init__(self, values: Iterable[str]) -> None:
        self._values = sorted({it for it in values if len(it) >= _SHORTEST}, key=len, reverse=True)

    @classmethod
    def of(cls, environ: Mapping[str, str], works: Iterable[Work]) -> "Mask":
        """Return the mask for some work in an environment."""
        named = {_secret_of(work) for work in works}
        usual = {name for name in environ if _USUAL.search(name.upper())}
        return cls(environ.get(name, "").strip() for name in named | usual)

    def __call__(self, text: str) -> str:
        """Return a text without them."""
        for value in self._values:
            text = mask(text, value)
        return text

    def recording(self, recording: Recording) -> Recording:
        """Return a recording in which no measured program has told one."""
        base = recording.base_run
        return replace(
            recording,
            run=self._run(recording.run),
            base_run=self._run(base) if base else None,
        )

    def _run(self, run: Run) -> Run:
        failures = tuple(
            replace(it, reason=self(it.reason), output=self(it.output)) for it in run.failures
        )
        return replace(run, failures=failures, warnings=tuple(map(self, run.warnings)))

    def error(self, error: PerfciError) -> None:
        """Take them out of an error."""
        error.message, error.hint = self(error.message), self(error.hint)
        error.output = self(error.output)


def _secret_of(work: Work) -> str:
    match work:
        case Http() | HomeAssistant():
            return work.token_env
        case Ai():
            return work.api_key_env
        case _:
            return ""
