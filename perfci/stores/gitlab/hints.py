"""What to grant or do about an answer of GitLab."""

from collections.abc import Callable

from perfci.wire.answer import Answer

OWN = "PERFCI_GITLAB_TOKEN"
JOB = "CI_JOB_TOKEN"
_DUPLICATE = (
    "allow duplicates of this package: the group's Settings, Packages and registries, "
    "Duplicate packages, Generic; or add its name there as an exception"
)
_LARGE = (
    "the file is larger than this GitLab, or a proxy before it, allows: ask for a larger limit for "
    "generic packages"
)
_PROTECTED = (
    "the package is protected: let the role that runs the pipeline push it, under Settings, "
    "Packages and registries, Protected packages"
)
_FULL = (
    "the project has no room left: remove old runs by `perfci baseline prune`, or old packages and "
    "artifacts by hand"
)
_GRANT = (
    "see that the package registry is enabled for the project, and that whoever runs the pipeline "
    "may write to it (the role Developer; Reporter to read); the registry of another project also "
    "has to name this one in its job token allowlist, with read_packages or admin_packages"
)
_EXPIRED_JOB = (
    f"{JOB} lives as long as its job: run perfci inside the job; or put an access token with the "
    f"scope api into the masked variable {OWN}"
)
_EXPIRED_OWN = f"see that the token in {OWN} has the scope api and has not expired"
_HINTS = (
    ({400}, "duplicate package", _DUPLICATE),
    ({400}, "large", _LARGE),
    ({413}, "", _LARGE),
    ({403}, "protected", _PROTECTED),
    ({403}, "storage", _FULL),
    ({403}, "quota", _FULL),
    ({403, 404}, "", _GRANT),
    ({507}, "", "the server has no room left: ask who runs it"),
)
"""Statuses, a word in the answer, and what to do then; the first that fits holds."""


def hint_for(*, own: bool) -> Callable[[Answer], str]:
    """Return what says, for an answer of GitLab, what to grant or do.

    Args:
        own: whether it is asked with the user's own token rather than the job's.
    """

    def hint(answer: Answer) -> str:
        if answer.status == 401:
            return _EXPIRED_OWN if own else _EXPIRED_JOB
        said = answer.said.lower()
        fits = (text for known, word, text in _HINTS if answer.status in known and word in said)
        return next(fits, "")

    return hint
