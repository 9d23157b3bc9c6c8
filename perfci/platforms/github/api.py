"""GitHub's API for one repository, and Gitea's and Forgejo's: who asks, and how often."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote

from perfci.errors import DeliveryError
from perfci.model.context import Context
from perfci.platforms.detected import Environ
from perfci.platforms.values import at, first, number, text
from perfci.wire.answer import Answer
from perfci.wire.session import Access, Question, Session

PLATFORMS = frozenset({"github", "gitea", "forgejo"})
"""Those that speak this language."""
_TOKENS = ("PERFCI_GITHUB_TOKEN", "INPUT_GITHUB-TOKEN", "INPUT_GITHUB_TOKEN", "GITHUB_TOKEN")
_BETWEEN_WRITES = 1.0
"""Seconds: GitHub asks for so many, and counts who writes faster."""
_LARGEST = 64 << 20
"""Bytes of a page: a hundred comments of the greatest length have less."""
_PAGES = 50
_TRIES = 3
_TIMEOUTS = (5, 10)
"""Seconds until a connection stands, and between two pieces of an answer: nobody waits for a
comment as for a baseline."""
_DEADLINE = 30
"""Seconds for one whole answer."""
_PATIENCE = 30
"""Seconds that are waited in all before other tries of a request."""
_WHOSE = "find out whose token this is"
_OWN = {"github": "github-actions[bot]", "gitea": "gitea-actions", "forgejo": "forgejo-actions"}
"""Who writes with the token that a job is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who writes with our token."""

    login: str
    id: int | None = None
    """Of the account; None where only its name is known."""

    def wrote(self, item: object) -> bool:
        """Tell whether a comment is theirs: a name may be given away, a number never is."""
        if self.id is not None:
            return at(item, "user", "id") == self.id
        return text(at(item, "user", "login")) == self.login


def author_of(document: object, *, number_key: str = "id") -> Author | None:
    """Return the account that a server describes; None where it describes none."""
    name = text(at(document, "login"))
    return Author(login=name, id=number(at(document, number_key))) if name else None


class Api:
    """Asks about one repository, one question at a time.

    Args:
        who: begins every message: `the comment`.
        environ: the job's variables: GITHUB_API_URL says which server, and the token is the input
            `github-token`, PERFCI_GITHUB_TOKEN or GITHUB_TOKEN.
        context: of the job: its platform and repository.
        wait: waits about so many seconds.
    """

    def __init__(
        self, who: str, environ: Environ, context: Context, wait: Callable[[float], None]
    ) -> None:
        self.platform = context.platform
        self._who = who
        self._wait = wait
        self._wrote = False
        self._root = _root(environ, context.platform)
        self._graphql = environ.get("GITHUB_GRAPHQL_URL", "").strip()
        self._repository = f"{self._root}/repos/{quote(context.repository)}"
        self._token = first(environ, *_TOKENS).strip()
        self.variable = next((name for name in _TOKENS if environ.get(name)), "")

    @property
    def has_token(self) -> bool:
        """Return whether anything can be written."""
        return bool(self._token)

    def session(self, hint: Callable[[Answer], str]) -> Session:
        """Open a session; who fails in it once is not asked again in it.

        Args:
            hint: says what to grant or do about an answer.

        Raises:
            DeliveryError: the token can be none.
        """
        if not self._token.isascii() or not self._token.isprintable() or " " in self._token:
            raise DeliveryError(
                f"{self._who}: {self.variable} holds characters that no token has",
                hint="see how the secret was stored",
            )
        github = self.platform == "github"
        versioned = {"X-GitHub-Api-Version": "2022-11-28"} if github else {}
        access = Access(
            who=self._who,
            credential={
                "Authorization": f"{'Bearer' if github else 'token'} {self._token}",
                "Accept": "application/vnd.github+json" if github else "application/json",
                **versioned,
            },
            secrets=(self._token,),
            wait=self._wait,
            fails_with=DeliveryError,
            tries=_TRIES,
            timeouts=_TIMEOUTS,
            deadline=_DEADLINE,
            patience=_PATIENCE,
            gives_up=True,
        )
        return Session(access, hint)

    def question(
        self,
        what: str,
        path: str,
        *,
        method: str = "GET",
        body: Mapping[str, object] | None = None,
    ) -> Question:
        """Return a question about the repository; between two that write it waits a little.

        Args:
            what: in words, after `cannot`.
            path: below the repository, with its query.
            method: GET reads, all others write.
            body: what is sent as JSON.
        """
        if method != "GET":
            if self._wrote:
                self._wait(_BETWEEN_WRITES)
            self._wrote = True
        data = None if body is None else json.dumps(body).encode()
        return Question(
            what=what,
            url=f"{self._repository}/{path}",
            method=method,
            data=data,
            headers={} if data is None else {"Content-Type": "application/json"},
            most=_LARGEST,
        )

    def items(self, session: Session, what: str, path: str, key: str = "") -> Iterator[object]:
        """Return what a list holds, page by page.

        Args:
            session: asks.
            what: in words, after `cannot`.
            path: below the repository, with its query.
            key: under which a page holds its items; empty where the page is the list.

        Raises:
            DeliveryError: it cannot be read, or is no list.
        """
        for page in session.pages(self.question(what, path), _PAGES):
            yield from self.listed(page, what, key)

    def listed(self, page: Answer, what: str, key: str = "") -> list[object]:
        """Return what a page of a list holds.

        Args:
            page: as it was answered.
            what: in words, after `cannot`.
            key: under which a page holds its items; empty where the page is the list.

        Raises:
            DeliveryError: it is no list.
        """
        document = page.document()
        found = at(document, key) if key else document
        if not isinstance(found, list):
            raise DeliveryError(
                f"{self._who}: cannot {what}: the server gave no list",
                hint="see that GITHUB_API_URL is the address of its API",
            )
        return found

    def author(self, session: Session) -> Author:
        """Return who writes with our token.

        An app's token, the job's own among them, may not ask for its user, but GraphQL answers
        it; where neither says, it is taken for the job's own.
        """
        viewer = self._viewer(session) if self.platform == "github" else None
        return viewer or self._user(session) or Author(login=_OWN.get(self.platform, ""))

    def _viewer(self, session: Session) -> Author | None:
        question = Question(
            what=_WHOSE,
            url=self._graphql or _graphql_of(self._root),
            method="POST",
            data=b'{"query": "query { viewer { login databaseId } }"}',
            headers={"Content-Type": "application/json"},
        )
        with suppress(DeliveryError):
            found = at(session.ask(question).document(), "data", "viewer")
            return author_of(found, number_key="databaseId")
        return None

    def _user(self, session: Session) -> Author | None:
        with suppress(DeliveryError):
            question = Question(what=_WHOSE, url=f"{self._root}/user")
            return author_of(session.ask(question).document())
        return None


def _root(environ: Environ, platform: str) -> str:
    """Return the address of the API, without a slash at its end."""
    named = environ.get("GITHUB_API_URL", "").strip().rstrip("/")
    server = environ.get("GITHUB_SERVER_URL", "").strip().rstrip("/")
    if named or platform == "github" or not server:
        return named or "https://api.github.com"
    return f"{server}/api/v1"


def _graphql_of(root: str) -> str:
    """Return where GraphQL is: beside `/api/v3` on a server of one's own, else below the root."""
    return f"{root.removesuffix('/v3')}/graphql"
