"""One HTTP session with a server: bounded in time, in size and in patience."""

import errno
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from perfci.errors import PerfciError, StoreError
from perfci.model.mask import mask
from perfci.model.text import printable
from perfci.wire.answer import PATIENCE, Answer, joined, next_page, origin, parts_of, shown

if TYPE_CHECKING:
    import requests

_SILENCES = 2
"""Times that a server may say nothing for as long as there is patience."""
_HOPS = 5
_PIECE = 1 << 16
_SAID = 240
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
                answer = self._followed(question)
            except (OSError, ValueError) as error:  # all that requests raises is one of them
                silences += _was_silence(error)
                last = attempt == self._access.tries or silences == _SILENCES
                if last or not _may_pass(error):
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

    def pages(self, question: Question, most: int) -> Iterator[Answer]:
        """Ask for a list page by page, along the links that each page gives.

        Args:
            question: for the first page.
            most: pages that are read.

        Raises:
            PerfciError: as `ask`; or a link leads to another server.
        """
        url: str | None = question.url
        for _ in range(most):
            if url is None:
                return
            answer = self.ask(replace(question, url=url))
            yield answer
            url = next_page(answer.headers.get("link", ""), url)
            if url is not None and origin(url) != origin(question.url):
                message = f"the next page of the list is at {shown(url)}, another server"
                raise self._error(question, message, "ask who runs the server why")

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
        return self._access.fails_with(printable(text), hint=hint)

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
            case _ if _was_silence(error) or isinstance(error, requests.exceptions.Timeout):
                why = f"{place} did not answer in time"
            case requests.exceptions.RequestException():
                why = f"no answer from {place}: {_reason(error)}"
            case _:
                why = f"{place} cannot be asked: {error}"
        return self._error(question, why, hint)

    def _followed(self, question: Question) -> Answer:
        """Send a request, and a GET along its redirects, the credential to its own origin alone."""
        url = question.url
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
                message = f"the answer is larger than {question.most >> 20} MB"
                raise self._error(question, message, "nothing that perfci wrote is: see what it is")
        return bytes(body)


def _may_pass(error: OSError | ValueError) -> bool:
    """Tell whether another try may help: not where the request itself, or the trust, is wrong."""
    import requests

    lasting = (
        requests.exceptions.SSLError,
        requests.exceptions.ProxyError,
        requests.exceptions.InvalidURL,
        requests.exceptions.InvalidHeader,
        requests.exceptions.InvalidSchema,
        requests.exceptions.MissingSchema,
    )
    return isinstance(error, requests.exceptions.RequestException) and not isinstance(
        error, lasting
    )


def _was_silence(error: OSError | ValueError) -> bool:
    """Tell whether the server said nothing for too long, at the beginning or in the middle."""
    import requests
    from urllib3.exceptions import ReadTimeoutError

    # in the middle of a body, requests calls it a broken connection
    inner = isinstance(next(iter(error.args), None), ReadTimeoutError)
    return inner or isinstance(error, requests.exceptions.ReadTimeout)


def _reason(error: BaseException) -> str:
    """Return the system's own word for what happened, from deep inside; else the error's kind."""
    at: BaseException | None = error
    reason = ""
    while at is not None:
        if isinstance(at, OSError) and at.errno in errno.errorcode and at.strerror:
            reason = at.strerror
        inner = next((it for it in at.args if isinstance(it, BaseException)), None)
        at = getattr(at, "reason", None) or inner or at.__cause__ or at.__context__
        at = at if isinstance(at, BaseException) else None
    return printable(reason, limit=_SAID) or type(error).__name__
