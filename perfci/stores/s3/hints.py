"""What to do next, by the server's word for what is wrong or by what the client raised."""

from collections.abc import Mapping

_KEYS = (
    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN) from the CI's secrets"
)
_EXPIRED = (
    "The session has ended: take on the role again right before perfci, or for longer than the "
    "job lasts (`role-duration-seconds`); AWS_SESSION_TOKEN must be that of the same keys."
)
_UNKNOWN_KEY = (
    "This server does not know the key: see AWS_ACCESS_KEY_ID or the profile, and whether "
    "endpoint_url is the server that the key is of."
)
_FULL = "Make room: `perfci baseline prune`, or a larger quota."
_UNACCEPTED = (
    "The job's token was not taken: see that the identity provider is known there, with the "
    "audience that the token has, and that the token is not too old."
)
BUSY = "The server is busy or out of order: run again later."

BY_CODE: Mapping[str, str] = {
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "InvalidToken": _EXPIRED,
    "RequestExpired": _EXPIRED,
    "TokenRefreshRequired": _EXPIRED,
    "InvalidAccessKeyId": _UNKNOWN_KEY,
    "InvalidClientTokenId": _UNKNOWN_KEY,
    "UnrecognizedClientException": _UNKNOWN_KEY,
    "SignatureDoesNotMatch": (
        "The secret is not that of the key: see AWS_SECRET_ACCESS_KEY for blanks and line ends; "
        "where a proxy stands before the server, it must keep the Host."
    ),
    "NoSuchBucket": "Create the bucket, or correct `store:`.",
    "RequestTimeTooSkewed": "This machine's clock is wrong: set it (NTP), then run again.",
    "InvalidObjectState": "The object was moved to an archive: leave the prefix out of that rule.",
    "EntityTooLarge": _FULL,
    "InsufficientCapacity": _FULL,
    "QuotaExceeded": _FULL,
    "ServiceQuotaExceededException": _FULL,
    "StorageFull": _FULL,
    "XMinioAdminBucketQuotaExceeded": _FULL,
    "XMinioStorageFull": _FULL,
    "ConditionalRequestConflict": "Others write the same object all the time: run again later.",
    "OperationAborted": "Others write the same object all the time: run again later.",
    "RequestTimeout": BUSY,
    "SlowDown": BUSY,
}
"""Of the store's own server."""

BY_STS_CODE: Mapping[str, str] = {
    "ExpiredToken": _UNACCEPTED,
    "ExpiredTokenException": _UNACCEPTED,
    "IDPRejectedClaim": _UNACCEPTED,
    "InvalidIdentityToken": _UNACCEPTED,
}
"""Of the service that gives keys for a role."""

ELSEWHERE = frozenset(
    {
        "AuthorizationHeaderMalformed",
        "IllegalLocationConstraintException",
        "PermanentRedirect",
        "TemporaryRedirect",
    }
)
"""What a server of another region says."""

DENIED = frozenset({"AccessDenied", "AllAccessDisabled", "Forbidden"})
"""What it says to keys without the right."""

NOT_S3 = "S3 does not answer like this: see that endpoint_url is the address of its API."
ROLE_ALONE = (
    "AWS_ROLE_ARN is taken on by the job's own token, and there is none: on GitHub the job needs "
    "`permissions: id-token: write`, on GitLab `id_tokens: {AWS_ID_TOKEN: {aud: ...}}`; a pull "
    "request from a fork gets none."
)

BY_EXCEPTION: Mapping[str, str] = {
    "NoCredentialsError": f"{_KEYS}, or AWS_ROLE_ARN with the job's own token, or AWS_PROFILE.",
    "PartialCredentialsError": f"{_KEYS}: one without the other is of no use.",
    "ProfileNotFound": "See AWS_PROFILE and AWS_CONFIG_FILE, or set keys in their place.",
    "CredentialRetrievalError": "See what the profile starts, or set keys in its place.",
    "SSOError": "Log in again (`aws sso login`), or set keys in its place.",
    "TokenRetrievalError": "Log in again (`aws sso login`), or set keys in its place.",
    "SSLError": "Name the certificates that signed the server's by AWS_CA_BUNDLE.",
    "ReadTimeoutError": "The server is slow or out of reach from here: run again later.",
    "ConnectTimeoutError": "The server is slow or out of reach from here: run again later.",
    "EndpointConnectionError": "See that the server runs, can be reached from here, and its URL.",
    "ProxyConnectionError": "See HTTPS_PROXY and NO_PROXY.",
    "InvalidRegionError": "Name the bucket's region by ?region= or AWS_REGION.",
    "ResponseParserError": NOT_S3,
    "PaginationError": NOT_S3,
    "IncompleteReadError": "The connection broke: run again; see the proxy, if there is one.",
    "LookupError": NOT_S3,
    "TypeError": NOT_S3,
    "AttributeError": NOT_S3,
    "RuntimeError": "See this machine's clock: the keys that it was given seem to have ended.",
    "HTTPClientError": "The connection broke: run again; see the proxy, if there is one.",
}
"""By the name of what botocore raises; the first in an exception's line of classes holds."""
OTHERWISE = "See the endpoint, region and credentials of the store."
