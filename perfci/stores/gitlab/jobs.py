"""What a job of the target branch left among its artifacts: read where the registry has nothing."""

from urllib.parse import quote

from perfci.model.text import printable
from perfci.stores.forge_archive import unpack
from perfci.wire.session import Question, Session

_LARGEST = 256 << 20


class JobArtifacts:
    """Reads the artifacts of a job in the newest successful pipeline of a branch; never writes.

    They hold what that one job kept: something to begin with, not a history.
    """

    def __init__(self, session: Session, *, project: str, branch: str, job: str) -> None:
        """Name the job; nothing is asked yet.

        Args:
            session: asks the server.
            project: address of the project in the API.
            branch: whose pipeline.
            job: its name, as this pipeline calls it.
        """
        self._session = session
        self.where = printable(f"the artifacts of the job {job} on {branch}", limit=200)
        place = f"{project}/jobs/artifacts/{quote(branch, safe='')}/download"
        self._url = f"{place}?job={quote(job, safe='')}"
        self._blobs: dict[str, bytes] | None = None

    def blobs(self) -> dict[str, bytes]:
        """Return what perfci left there; empty where there is nothing, or we may not look.

        Raises:
            StoreError: the server cannot be reached, or the archive is damaged.
        """
        if self._blobs is None:
            question = Question(what=f"read {self.where}", url=self._url, most=_LARGEST)
            # a job token may read artifacts on paid plans alone: then there is nothing more
            answer = self._session.ask(question, 401, 403, 404)
            there = answer.status == 200 and answer.body
            self._blobs = unpack(answer.body, self.where) if there else {}
        return self._blobs
