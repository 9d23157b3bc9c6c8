"""Why a model gave no answer, and what to do about it."""

import difflib
import re
from collections import Counter
from dataclasses import dataclass

from perfci.errors import MeasurementError
from perfci.model.text import printable
from perfci.model.work import Ai
from perfci.runners.ai.address import Endpoint, shown
from perfci.runners.failures import Subject, clean

_NAMED = 5
_NAME = 60
_NO_MODEL = re.compile(
    r"model.{0,300}(not[ _]found|not exist|unknown|not available|not supported|not loaded)"
    r"|(unknown|invalid|no such).{0,20}model",
    re.IGNORECASE | re.DOTALL,
)
_USUAL = (
    "the root of an OpenAI-compatible server usually ends in /v1, Ollama's is "
    "http://HOST:11434; write ai.url so"
)


class NoAnswerError(Exception):
    """One request had no good answer.

    Args:
        kind: in a few words, for the count of errors: `status 500`. Never the server's words.
        what: the rest of a sentence that begins with the address.
        hint: what to do next.
        output: what the server said; hostile, but the secret is masked.
    """

    absent = False

    def __init__(self, kind: str, what: str, *, hint: str = "", output: str = "") -> None:
        super().__init__(f"{kind}: {what}")
        self.kind = kind
        self.what = what
        self.hint = hint
        self.output = output

    def error(
        self, subject: Subject, url: str, errors: Counter[str] | None = None
    ) -> MeasurementError:
        """Return it as the error of a benchmark.

        Args:
            subject: whose answer it was.
            url: that was asked.
            errors: everything that went wrong in the launch, where nothing went well.
        """
        counts = ""
        if errors and errors.total() > 1:
            kinds = ", ".join(f"{kind} {count}x" for kind, count in errors.most_common())
            counts = f" ({kinds})"
        return subject.error(
            "got no answer",
            after=f": {shown(url)} {self.what}{counts}",
            hint=self.hint,
            output=self.output,
            absent=self.absent,
        )


class LastingError(NoAnswerError):
    """Asking again would end alike."""


class NotThereError(LastingError):
    """What is asked for is not there at all."""

    absent = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A status that is no success, and what came with it."""

    code: int
    said: str
    """The body's text; the secret is masked."""
    location: str = ""
    """Where a redirect leads; hostile text."""
    wait: float | None = None
    """Seconds after which the server wants to be asked again; None where it says nothing."""

    @property
    def names_no_model(self) -> bool:
        """Return whether it says that the model is not there."""
        return self.code in {400, 404, 422} and bool(_NO_MODEL.search(self.said))

    def refusal(self, work: Ai, at: Endpoint) -> NoAnswerError:
        """Return what it means for who asked."""
        kind = f"status {self.code}"
        answers = f"answers {self.code}"
        said = clean(self.said)
        if self.code in {401, 403}:
            return LastingError(kind, answers, hint=_key_hint(work), output=said)
        if self.code in {404, 405}:
            hint = f"{_USUAL}, or name its dialect" if at.guessed else _USUAL
            what = f"{answers}: nothing is there that speaks {_SPOKEN[at.dialect]}"
            return NotThereError(kind, what, hint=hint, output=said)
        if 300 <= self.code < 400:
            what = f"{answers}: it redirects to {printable(self.location, limit=200)}"
            return LastingError(kind, what, hint="write that address in ai.url")
        if self.code == 429:
            hint = "it limits how often it is asked; lower ai.requests, or use a key that may more"
            return NoAnswerError(kind, answers, hint=hint, output=said)
        if self.code >= 500:
            return NoAnswerError(kind, answers, hint=_SERVER_HINT, output=said)
        return LastingError(kind, answers, hint=_REQUEST_HINT, output=said)


_SPOKEN = {"openai": "OpenAI's chat completions", "ollama": "Ollama's chat"}
_SERVER_HINT = (
    "the server's own log says why; if it still loads its model, let service.ready name an "
    "address that fails until it has, such as /health"
)
_REQUEST_HINT = "the server refuses the request itself; what it says is below"


def no_model(work: Ai, dialect: str, names: tuple[str, ...], said: str) -> NoAnswerError:
    """Return that the server does not have the model, and which it has.

    Args:
        work: what was asked for.
        dialect: `openai` or `ollama`.
        names: of its models, as far as it tells; hostile text.
        said: its own words, with the secret masked.
    """
    what = f"has no model {printable(work.model)}"
    near = difflib.get_close_matches(work.model, names, n=_NAMED, cutoff=0.4)
    ordered = [*near, *(name for name in names if name not in near)]
    if ordered:
        listed = ", ".join(printable(name, limit=_NAME) for name in ordered[:_NAMED])
        more = f" and {len(ordered) - _NAMED} more" if len(ordered) > _NAMED else ""
        what += f"; it has {listed}{more}"
    hint = "name one that it has in ai.model"
    if dialect == "ollama":
        hint += f", or let `setup:` run: ollama pull {printable(work.model)}"
    return NotThereError("no such model", what, hint=hint, output=clean(said))


def _key_hint(work: Ai) -> str:
    if not work.api_key_env:
        return "it wants a key: name the variable that holds it, ai.api_key_env"
    return f"it does not take the key in {work.api_key_env}: is it this server's, and still valid?"
