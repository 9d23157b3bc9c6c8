"""What a server answered, or that it did not, as an error with the next step."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from perfci.errors import StoreError
from perfci.model.text import printable
from perfci.stores.s3 import hints
from perfci.stores.s3.address import Address

_SHOWN = 300
"""Characters of what a server said."""
_REGION = re.compile(r"[a-z0-9-]{1,40}")
_ACTIONS = {"read": "s3:GetObject", "write": "s3:PutObject", "remove": "s3:DeleteObject"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What was tried."""

    address: Address
    verb: str
    """`read`, `write`, `list` or `remove`."""
    name: str
    """Of the object, or the beginning of names."""
    environ: Mapping[str, str]
    mask: Callable[[str], str]
    """Takes secrets out of what a server said."""

    def error(self, said: str, hint: str) -> StoreError:
        """Return the error of this call."""
        shown = printable(self.name, limit=_SHOWN) or "its objects"
        said = printable(self.mask(said), limit=_SHOWN)
        return StoreError(f"{self.address.url}: cannot {self.verb} {shown}: {said}", hint=hint)

    def failed(self, error: Exception) -> StoreError:
        """Return the error for what the client raised."""
        from botocore.exceptions import ClientError

        if isinstance(error, ClientError):
            return self._answered(error)
        said = str(error) or type(error).__name__
        if isinstance(error, LookupError | TypeError | AttributeError):
            said = f"the answer could not be understood ({type(error).__name__}: {said})"
        return self.error(said, self._unanswered(error))

    def _answered(self, error: Any) -> StoreError:
        code, status = code_of(error), status_of(error)
        facts = error.response.get("ResponseMetadata", {})
        sts = error.operation_name == "AssumeRoleWithWebIdentity"
        said = f"{'STS' if sts else 'the server'} answers {status}"
        said += f" {code}" if code and code != str(status) else ""
        if tries := facts.get("RetryAttempts", 0):
            said += f", {tries + 1} times"
        if text := error.response.get("Error", {}).get("Message"):
            said += f": {text}"
        if code == "RequestTimeTooSkewed":
            said += f" (its clock says {facts.get('HTTPHeaders', {}).get('date', 'nothing')})"
        return self.error(said, self._role_hint(code) if sts else self._hint(code, status, error))

    def _hint(self, code: str, status: int, error: Any) -> str:
        if code in hints.BY_CODE:
            return hints.BY_CODE[code]
        if code in hints.DENIED or status == 403:
            return self._grant()
        if code in hints.ELSEWHERE or status in {301, 307}:
            return self._elsewhere(error)
        # botocore puts the status in the place of a word that is not there
        wordless = code in {"", str(status)}
        if status == 429 or status >= 500:
            return f"{hints.BUSY} {hints.NOT_S3}" if wordless else hints.BUSY
        return hints.NOT_S3 if wordless else hints.OTHERWISE

    def _grant(self) -> str:
        bucket = f"arn:aws:s3:::{self.address.bucket}"
        if self.verb == "list":
            return f"Grant s3:ListBucket on {bucket} to these credentials."
        right = f"Grant {_ACTIONS[self.verb]} on {bucket}/{self.address.key('*')}"
        if self.verb == "read":
            return (
                f"{right} and s3:ListBucket on {bucket}: without the second, S3 gives this very "
                "answer for what is not there yet."
            )
        return f"{right} to these credentials. A pull request needs no right to write."

    def _elsewhere(self, error: Any) -> str:
        headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
        named = headers.get("x-amz-bucket-region") or error.response["Error"].get("Region") or ""
        if _REGION.fullmatch(named):
            return f"The bucket is in {named}: write {self.address.url}?region={named}."
        return (
            "The bucket is in another region or behind another host: name it by ?region= or "
            "AWS_REGION, and see endpoint_url."
        )

    def _role_hint(self, code: str) -> str:
        if code in hints.BY_STS_CODE:
            return hints.BY_STS_CODE[code]
        role = printable(self.environ.get("AWS_ROLE_ARN", ""), limit=200)
        return (
            f"The trust policy of {role} has to allow sts:AssumeRoleWithWebIdentity for the "
            "`sub` of this job."
        )

    def _unanswered(self, error: Exception) -> str:
        names = [each.__name__ for each in type(error).__mro__]
        if "NoCredentialsError" in names and self.environ.get("AWS_ROLE_ARN"):
            return hints.ROLE_ALONE
        found = (hints.BY_EXCEPTION[name] for name in names if name in hints.BY_EXCEPTION)
        return next(found, hints.OTHERWISE)


def code_of(error: Any) -> str:
    """Return the server's word for what is wrong; hostile text."""
    return str(error.response.get("Error", {}).get("Code") or "")


def status_of(error: Any) -> int:
    """Return the HTTP status of an answer that tells of an error."""
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") or 0)
