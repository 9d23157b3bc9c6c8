"""What went wrong on the way to a server: whether it may pass, and the system's word for it."""

import errno

from perfci.model.text import printable

SAID = 240
"""Characters of what anybody else has said, in a message."""


def may_pass(error: OSError | ValueError) -> bool:
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


def was_silence(error: OSError | ValueError) -> bool:
    """Tell whether the server said nothing for too long, at the beginning or in the middle."""
    import requests
    from urllib3.exceptions import ReadTimeoutError

    # in the middle of a body, requests calls it a broken connection
    inner = isinstance(next(iter(error.args), None), ReadTimeoutError)
    return inner or isinstance(error, requests.exceptions.ReadTimeout | TimeoutError)


def reason_of(error: BaseException) -> str:
    """Return the system's own word for what happened, from deep inside; else the error's kind."""
    at: BaseException | None = error
    reason = ""
    while at is not None:
        if isinstance(at, OSError) and at.errno in errno.errorcode and at.strerror:
            reason = at.strerror
        inner = next((it for it in at.args if isinstance(it, BaseException)), None)
        at = getattr(at, "reason", None) or inner or at.__cause__ or at.__context__
        at = at if isinstance(at, BaseException) else None
    return printable(reason, limit=SAID) or type(error).__name__
