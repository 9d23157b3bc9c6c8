"""A bare repository of our own, in the temporary folder, that talks to the user's remote."""

import os
import shutil
import subprocess
import tempfile
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path

from perfci.errors import StoreError
from perfci.stores.git.access import Access, access_of
from perfci.stores.git.checkout import remote_of, unstartable
from perfci.stores.git.failures import AWAY, DENIED, SILENT, failure, harmless
from perfci.stores.git.process import Answer, plain_environ, run_git, with_settings

_LOCAL = 120.0
"""Seconds for a command that works on the disk."""
_NETWORK = 300.0
"""Seconds for a command that talks to the remote."""
_TRIES = 3  # of a remote that does not answer as it should
_PATIENCE = (("http.lowSpeedLimit", "1"), ("http.lowSpeedTime", "60"))
"""Bytes and seconds: a server that sends less has fallen silent; the user's own settings win."""


class Repository:
    """Git in a repository that nobody else uses; the user's own is only looked at.

    It is made by the first command, removed at the end of the process, and made anew after a
    command that did not end by itself, so that no lock file of an interrupted one is in the way.

    Args:
        url: the store, as the user wrote it, for messages.
        checkout: a folder of the user's repository.
        environ: the process's variables; tokens may be among them.
        scratch: folder for temporary files; None: the system's.
        pause: waits before another try, whose number it is given, from 1.
    """

    def __init__(
        self,
        url: str,
        *,
        checkout: Path,
        environ: Mapping[str, str],
        scratch: Path | None,
        pause: Callable[[int], None],
    ) -> None:
        self.url = url
        self._checkout, self._environ = checkout, environ
        self._scratch, self._pause = scratch, pause
        self.path: Path | None = None
        """Where it is; None before the first command, and after one that was interrupted."""
        self._folder = checkout
        self._access = Access(fetch_url="", push_url="", ways=((),), secrets=())
        self._ways = list(self._access.ways)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what must not be shown."""
        return self._access.secrets

    @property
    def remote(self) -> str:
        """Return how messages name the remote: its address without credentials."""
        return harmless(self._access.fetch_url.partition("?")[0], self.secrets)

    def holds(self, path: Path | None) -> bool:
        """Tell whether what was fetched when the repository was at a path is still here."""
        return path is not None and path == self.path and path.is_dir()

    def drop(self) -> None:
        """Forget all that was fetched."""
        if self.path:
            shutil.rmtree(self.path, ignore_errors=True)
        self.path = None

    def ask(self, *arguments: str, data: bytes = b"") -> Answer:
        """Run a command on the disk whose failure is an answer, too.

        Raises:
            StoreError: git could not be started, or took too long.
        """
        return self._git(arguments, data, _LOCAL)

    def run(self, *arguments: str, data: bytes = b"") -> bytes:
        """Run a command on the disk that has to succeed, and return what it printed.

        Raises:
            StoreError: it failed.
        """
        answer = self.ask(*arguments, data=data)
        if answer.code != 0:
            what = f"{self.url}: git {arguments[0]} failed in the temporary folder"
            raise self.failure(what, answer)
        return answer.out

    def call(self, *arguments: str, data: bytes = b"") -> Answer:
        """Run a command that talks to `origin`, with each credential until one is let in.

        Raises:
            StoreError: git could not be started, or took too long.
        """
        self._open()
        attempt = 1
        while True:
            answer = self._git(arguments, data, _NETWORK)
            if answer.code != 0 and len(self._ways) > 1 and DENIED.search(answer.err):
                del self._ways[0]
            elif answer.code != 0 and attempt < _TRIES and _may_pass(answer.err):
                self._pause(attempt)
                attempt += 1
            else:
                return answer

    def failure(
        self, what: str, answer: Answer, *, writing: bool = False, reason: str = ""
    ) -> StoreError:
        """Return the error for a command that failed, without any credential in it."""
        return failure(what, answer.err, self.secrets, writing=writing, reason=reason)

    def _git(self, arguments: tuple[str, ...], data: bytes, timeout: float) -> Answer:
        path = self._open()
        settings = (
            *_PATIENCE,
            *self._ways[0],
            ("remote.origin.url", self._access.fetch_url),
            ("remote.origin.pushurl", self._access.push_url),
            ("gc.auto", "0"),
            ("maintenance.auto", "false"),
        )
        environ = plain_environ(self._environ) | {
            # the user's settings are among these, as they hold in the checkout
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
        }
        try:
            return run_git(
                ["--git-dir", str(path), *arguments],
                folder=self._folder,
                environ=with_settings(environ, settings),
                data=data,
                timeout=timeout,
            )
        except subprocess.TimeoutExpired as error:
            self.drop()
            message = f"{self.url}: git {arguments[0]} took longer than {timeout:.0f} s"
            hint = f"Is {self.remote} reachable from here, or the disk very slow?"
            raise StoreError(message, hint=hint) from error
        except OSError as error:
            raise unstartable(self.url, self._folder, error) from error
        except BaseException:
            self.drop()
            raise

    def _open(self) -> Path:
        if self.path and self.path.is_dir():
            return self.path
        remote = remote_of(self.url, self._checkout, self._environ)
        self._access = access_of(remote, self._environ)
        self._ways, self._folder = list(self._access.ways), remote.folder
        try:
            # named like the folder of a run: what a killed one leaves is found and removed later
            prefix = f"perfci-{os.getpid()}-"
            path = Path(tempfile.mkdtemp(prefix=prefix, dir=self._scratch)).resolve()
        except OSError as error:
            message = f"{self.url}: no temporary folder can be made: {error.strerror or error}"
            raise StoreError(message, hint="Make room, or name another one in TMPDIR.") from error
        weakref.finalize(self, shutil.rmtree, path, ignore_errors=True)
        self.path = path
        kind = f"--object-format={remote.object_format}"
        self.run("init", "--quiet", "--bare", "--template=", kind, str(path))
        return path


def _may_pass(said: str) -> bool:
    """Tell whether it makes sense to ask the remote again at once."""
    return bool(AWAY.search(said)) and not SILENT.search(said)
