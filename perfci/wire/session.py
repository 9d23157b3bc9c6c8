"""One HTTP session with a server: bounded in time, in size and in patience."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from perfci.errors import PerfciError, StoreError
from perfci.model.mask import mask
from perfci.model.text import printable
from perfci.wire.answer import PATIENCE, Answer, amount, joined, linked, origin, parts_of, shown
from perfci.wire.deadline import within
from perfci.wire.trouble import SAID, may_pass, reason_of, was_silence

if TYPE_CHECKING:
    import requests

_SILENCES = 2
"""Times that a server may say nothing for as long as there is patience."""
_HOPS = 5
_PIECE = 1 << 16
_TOLD = 1000
"""Characters of a whole message, at most: its addresses may be anybody's."""
_SHORTEST = 6
"""Characters; to blank a shorter secret would blank ordinary words, and protect nothing."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MENDABLE = "see that the address is right and can be reached from this job, and run again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Whom a session speaks for."""

    who: str
    """Begins every message: the store's URL as the user wrote it, or `the comment`."""
    credential: Mapping[str, str]
    """Headers that go to the asked origin alone, never along a redirect to another."""
    secrets: tuple[str, ...]
    """What may stand in no message."""
    wait: Callable[[float], None]
    """Waits about so many seconds."""
    ca_file: str = ""
    """Certificates to trust instead of the usual ones."""
    fails_with: type[PerfciError] = StoreError
    """What every failure is raised as."""
    tries: int = 5
    """Of one request, at most."""
    patience: float = PATIENCE
    """Seconds that a server may ask us to wait, in all, before other tries of one request."""
    gives_up: bool = False
    """Whether a server that failed once is not asked again in this session."""
    timeouts: tuple[float, float] = (10, 60)
    """Seconds until a connection stands, and between two pieces of an answer."""
    deadline: float = 600
    """Seconds for one whole answer, however busily it comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One request."""

    what: str
    """In words, after `cannot`: `list the packages`."""
    url: str
    method: str = "GET"
    data: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    most: int = 16 << 20
    """Bytes of the answer, at most."""
    signed: bool = False
    """True where the URL itself is the credential: nothing else may be sent, or shown."""


class Session:
    """Asks a server, again where that may help; what goes wrong is one kind of error."""

    def __init__(self, access: Access, hint: Callable[[Answer], str]) -> None:
        """Connect to nothing yet.

        Args:
            access: whom it speaks for.
            hint: says what to grant or do about an answer; empty where it knows nothing.
        """
        import requests

        self._access = access
        self._hint = hint
        self._given_up: PerfciError | None = None
        self._requests = requests.Session()
        # a .netrc of this machine would otherwise be put over the credential that was meant
        self._requests.auth = lambda request: request
        if access.ca_file:
            self._requests.verify = access.ca_file

    def ask(self, question: Question, *also: int) -> Answer:
        """Return the answer to a request.

        Args:
            question: what to ask; a GET follows redirects, nothing else does.
            also: statuses beside 2xx that the caller understands.

        Raises:
            PerfciError: there is no answer, or it is none of these.
        """
        attempt = silences = 0
        if self._given_up:
            raise self._given_up
        left = self._access.patience
        while True:
            attempt += 1
            try:
                answer = within(self._access.deadline, lambda: self._followed(question))
            except (OSError, ValueError) as error:  # all that requests raises is one of them
                silences += was_silence(error)
                last = attempt == self._access.tries or silences == _SILENCES
                if last or not may_pass(error):
                    raise self._ended(self._unreachable(question, error)) from None
                self._access.wait(2.0 ** (attempt - 1))
                continue
            if 200 <= answer.status < 300 or answer.status in also:
                return answer
            delay = answer.delay(attempt)
            if delay is None or delay > left or attempt == self._access.tries:
                refused = self.refused(question, answer)
                raise refused if delay is None else self._ended(refused)
            left -= delay
            self._access.wait(delay)

    def _ended(self, error: PerfciError) -> PerfciError:
        """Return the error of a server that is in trouble, and remember it where that is wanted."""
        if self._access.gives_up:
            self._given_up = error
        return error

    def pages(self, question: Question, most: int, along: str = "next") -> Iterator[Answer]:
        """Ask for a list page by page, along the links that each page gives.

        Args:
            question: for the first page that is read.
            most: pages that are read.
            along: which of the links is followed; `prev` leads backwards.

        Raises:
            PerfciError: as `ask`; or a link leads to another server.
        """
        url: str | None = question.url
        for _ in range(most):
            if url is None:
                return
            asked = replace(question, url=url)
            answer = self.ask(asked)
            yield answer
            url = self.linked(asked, answer, along)

    def linked(self, question: Question, answer: Answer, relation: str) -> str | None:
        """Return where another page of a list is; None where an answer leads to none.

        Args:
            question: whose answer it is.
            answer: a page.
            relation: `next`, `prev`, `first` or `last`.

        Raises:
            PerfciError: the link leads to another server.
        """
        url = linked(answer.headers.get("link", ""), question.url, relation)
        if url is not None and origin(url) != origin(question.url):
            message = f"the {relation} page of the list is at {shown(url)}, another server"
            raise self._error(question, message, "ask who runs the server why")
        return url

    def refused(self, question: Question, answer: Answer) -> PerfciError:
        """Return the error for an answer that is of no use."""
        hint = self._hint(answer)
        if answer.limited and (answer.status == 403 or not hint):
            until = f" (until {answer.ends_limit})" if answer.ends_limit else ""
            hint = f"the server limits how often it is asked{until}: run again later"
        elif answer.status in _REDIRECTS:
            target = shown(joined(question.url, answer.headers.get("location", "")))
            hint = f"the server has moved to {target}: set its address in the job's variables"
        elif answer.status >= 500 and not hint:
            hint = "the server has trouble of its own: run again later"
        return self._error(question, f"the server answered {answer.said}", hint)

    def _error(self, question: Question, why: str, hint: str) -> PerfciError:
        text = f"{self._access.who}: cannot {question.what}: {why}"
        for secret in self._access.secrets:
            if len(secret) >= _SHORTEST:
                # a hint may tell where a server leads, which may be what was asked for
                text, hint = mask(text, secret), mask(hint, secret)
        return self._access.fails_with(printable(text, limit=_TOLD), hint=hint)

    def _unreachable(self, question: Question, error: OSError | ValueError) -> PerfciError:
        import requests

        place, hint = shown(question.url), _MENDABLE
        match error:
            case requests.exceptions.SSLError():
                why = f"the certificate of {place} is not trusted"
                hint = "name the file with your authority's certificate in REQUESTS_CA_BUNDLE"
            case requests.exceptions.ProxyError():
                why = f"the proxy does not let us through to {place}"
                hint = "see HTTPS_PROXY and NO_PROXY"
            case _ if was_silence(error) or isinstance(error, requests.exceptions.Timeout):
                why = f"{place} did not answer in time"
            case requests.exceptions.RequestException():
                why = f"no answer from {place}: {reason_of(error)}"
            case _:
                why = f"{place} cannot be asked: {printable(str(error), limit=SAID)}"
        return self._error(question, why, hint)

    def _followed(self, question: Question) -> Answer:
        """Send a request, and a GET along its redirects, the credential to its own origin alone."""
        url = question.url
        if Path(self._access.ca_file).is_fifo():
            # whoever opens it waits for somebody to write
            message = f"{self._access.ca_file} is a pipe, and no file of certificates"
            raise ValueError(message)
        answer = self._sent(question, url)
        for _ in range(_HOPS):
            if answer.status not in _REDIRECTS or question.method != "GET":
                break
            target = joined(url, answer.headers.get("location", ""))
            scheme = parts_of(target).scheme
            if scheme != "https" and not (scheme == "http" and parts_of(url).scheme == "http"):
                message = f"the server leads on to {shown(target)}, which is not encrypted"
                raise self._error(question, message, "ask who runs the server why")
            url = target
            answer = self._sent(question, url)
        return answer

    def _sent(self, question: Question, url: str) -> Answer:
        own = not question.signed and origin(url) == origin(question.url)
        headers = {
            "User-Agent": "perfci",
            "Accept-Encoding": "identity",
            **(self._access.credential if own else {}),
            **question.headers,
        }
        with self._requests.request(
            question.method,
            url,
            data=question.data,
            headers=headers,
            timeout=self._access.timeouts,
            allow_redirects=False,
            stream=True,
        ) as response:
            body = self._body(question, response)
        told = {name.lower(): value for name, value in response.headers.items()}
        return Answer(status=response.status_code, headers=told, body=body)

    def _body(self, question: Question, response: "requests.Response") -> bytes:
        body = bytearray()
        for piece in response.iter_content(_PIECE):
            body += piece
            if len(body) > question.most:
                message = f"the answer is larger than {amount(question.most)}"
                raise self._error(question, message, "nothing that perfci wrote is: see what it is")
        return bytes(body)
