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
_USUAL = re.compile(r"(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|PRIVATE_KEY|ACCESS_KEY)$")
"""Names of variables that hold secrets though no setting names them."""


def mask(text: str, secret: str) -> str:
    """Return a text in which a secret no longer stands, whatever form it was echoed in.

    Args:
        text: all of what was said: a secret that was cut in two is not found.
        secret: empty where there is none.
    """
    # first what may stand invisibly inside it
    text = printable(text, lines=True, limit=len(text))
    forms = {secret, json.dumps(secret)[1:-1], quote(secret, safe=""), secret.replace("/", "\\/")}
    for form in sorted(forms, key=len, reverse=True):
        if form:
            text = text.replace(form, "***")
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
