"""What perfci asks of GitLab's package registry, one method a request."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from perfci.errors import PerfciError, StoreError
from perfci.stores.forge_names import version_of
from perfci.wire.answer import Answer
from perfci.wire.session import Question, Session

_PAGES = 10_000
_LARGEST = 64 << 20
_DUPLICATE = "Duplicate package is not allowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of a package, as the server lists it; of several of a name the last is read."""

    id: int
    package: int
    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where one file lies, and what it is for."""

    version: str
    file: str
    name: str
    """Of the stored object, for messages."""


class Registry:
    """The versions and files of one generic package."""

    def __init__(self, url: str, *, session: Session, project: str, package: str) -> None:
        """Name the package; nothing is asked yet.

        Args:
            url: the store's, as the user wrote it.
            session: asks the server.
            project: address of the project in the API.
            package: name of the package.
        """
        self._url = url
        self._session = session
        self._project = project
        self._package = package

    def read(self, spot: Spot) -> bytes | None:
        """Return the newest file of a name; None where there is none.

        Raises:
            StoreError: it cannot be read.
        """
        question = Question(what=f"read {spot.name}", url=self._address(spot), most=_LARGEST)
        answer = self._session.ask(question, 404)
        if answer.status == 404:
            # the same number is given for a project that this token may not see
            if "project" in answer.said.lower():
                raise self._session.refused(question, answer)
            return None
        told = answer.headers.get("x-checksum-sha256", "").strip().lower()
        if told and told != version_of(answer.body):
            message = f"{self._url}: cannot read {spot.name}: it did not arrive as it was stored"
            raise StoreError(message, hint="run again; see what a proxy on the way does to answers")
        return answer.body

    def add(self, spot: Spot, data: bytes) -> File | None:
        """Add a file; return it, or None where the group keeps one file of each name.

        Raises:
            StoreError: it cannot be written.
        """
        question = Question(
            what=f"write {spot.name}",
            url=f"{self._address(spot)}?select=package_file",
            method="PUT",
            data=data,
            headers={"Content-Type": "application/octet-stream"},
        )
        answer = self._session.ask(question, 400)
        if answer.status == 400 and _DUPLICATE not in answer.said:
            raise self._session.refused(question, answer)
        return None if answer.status == 400 else _made(answer, spot.file)

    def remove(self, files: Iterable[File], spot: Spot) -> bool:
        """Remove files, the oldest first; return whether this token may.

        Raises:
            StoreError: the server cannot be reached, or has trouble of its own.
        """
        for file in sorted(files, key=lambda file: file.id):
            place = f"{self._project}/packages/{file.package}/package_files/{file.id}"
            question = Question(what=f"remove {spot.name}", url=place, method="DELETE")
            # 404: another job has just done the same
            if self._session.ask(question, 403, 404).status == 403:
                return False
        return True

    def only_one(self, spot: Spot, verb: str) -> PerfciError:
        """Return the error for a second file of a name that the group does not allow."""
        question = Question(what=f"{verb} {spot.name}", url=self._address(spot))
        body = f'{{"message": "{_DUPLICATE}"}}'.encode()
        return self._session.refused(question, Answer(status=400, headers={}, body=body))

    def packages(self, version: str = "") -> tuple[tuple[int, str], ...]:
        """Return id and version of each package of our name.

        Args:
            version: narrows the list on servers that know how to.

        Raises:
            StoreError: the registry cannot be read.
        """
        narrow = f"&package_version={quote(version, safe='')}" if version else ""
        query = f"package_type=generic&package_name={quote(self._package, safe='')}{narrow}"
        place = f"{self._project}/packages?{query}&per_page=100"
        return tuple(
            (number, str(item.get("version")))
            for number, item in self._listed("list the packages", place)
            # the server looks for names that are like it
            if item.get("name") == self._package
        )

    def files(self, package: int) -> tuple[File, ...]:
        """Return the files of a package, the oldest first.

        Raises:
            StoreError: the registry cannot be read.
        """
        place = f"{self._project}/packages/{package}/package_files?per_page=100"
        found = (
            File(
                id=number,
                package=package,
                name=str(item.get("file_name")),
                sha256=str(item.get("file_sha256")).lower(),
            )
            for number, item in self._listed("list the files of the package", place)
        )
        return tuple(sorted(found, key=lambda file: file.id))

    def _listed(self, what: str, url: str) -> Iterator[tuple[int, Mapping[str, object]]]:
        for page in self._session.pages(Question(what=what, url=url), _PAGES):
            items = page.document()
            if not isinstance(items, list):
                message = f"{self._url}: cannot {what}: the server gave no list: {page.said}"
                raise StoreError(message, hint="see that CI_API_V4_URL is the address of its API")
            for item in items:
                number = item.get("id") if isinstance(item, Mapping) else None
                if isinstance(number, int):
                    yield number, item

    def _address(self, spot: Spot) -> str:
        package = quote(self._package, safe="")
        place = f"{self._project}/packages/generic/{package}"
        return f"{place}/{quote(spot.version, safe='')}/{quote(spot.file, safe='')}"


def _made(answer: Answer, file: str) -> File:
    """Return the file that was added; one of package 0 where an older server does not tell."""
    told = answer.document()
    number = told.get("id") if isinstance(told, Mapping) else None
    package = told.get("package_id") if isinstance(told, Mapping) else None
    if not isinstance(number, int) or not isinstance(package, int):
        number, package = 0, 0
    return File(id=number, package=package, name=file, sha256="")
