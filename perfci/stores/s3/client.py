"""The client that speaks to the server: credentials, region, endpoint, patience."""

from collections.abc import Callable, Mapping
from typing import Any

from perfci.stores.s3.address import Address, checked_endpoint
from perfci.stores.s3.identity import token_source

_CONNECT = 10
"""Seconds until a connection must stand."""
_ATTEMPTS = 4
"""Times that a call is made in all, with growing pauses, where the server is busy or gone."""
_REGION = "us-east-1"
"""What is signed with where nothing names a region; AWS then says which one is right."""


def make_client(
    address: Address, environ: Mapping[str, str], patience: float, learn: Callable[[str], None]
) -> Any:
    """Return a client of botocore; it asks nobody yet.

    Args:
        address: of the store.
        environ: keys, token, region, endpoint; files of profiles and the machine's own role are
            found by botocore.
        patience: seconds without a byte after which a call is given up.
        learn: is told every secret that is sent to a server, so that no message repeats it.

    Raises:
        ConfigurationError: a variable names no server.
        botocore.exceptions.BotoCoreError: the profile is not there, or odd.
    """
    import botocore.session

    session = botocore.session.Session()
    region = _region(address, environ, session)
    _add_credentials(session, environ, region, patience, learn)
    style = {None: "auto", True: "path", False: "virtual"}[address.path_style]
    client = session.create_client(
        "s3",
        region_name=region,
        endpoint_url=address.endpoint_url or _endpoint(environ, "S3"),
        config=_config(environ, patience, s3={"addressing_style": style}),
    )

    def remember(request: Any, **_: object) -> None:
        if token := request.headers.get("X-Amz-Security-Token"):
            learn(token.decode("latin-1") if isinstance(token, bytes) else token)

    client.meta.events.register("before-send.s3", remember)
    return client


def _config(environ: Mapping[str, str], patience: float, **more: object) -> Any:
    from botocore.config import Config

    attempts = environ.get("AWS_MAX_ATTEMPTS", "")
    wished = int(attempts) if attempts.isascii() and attempts.isdigit() else 0
    return Config(
        connect_timeout=_CONNECT,
        read_timeout=patience,
        retries={"mode": "standard", "total_max_attempts": min(wished, 20) or _ATTEMPTS},
        # the newer checksums in trailers are refused by many servers; Content-MD5 is sent instead
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        user_agent_extra="perfci",
        **more,
    )


def _region(address: Address, environ: Mapping[str, str], session: Any) -> str:
    """Return the region: botocore itself reads only the second of these variables."""
    wished = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION")
    return address.region or wished or session.get_config_variable("region") or _REGION


def _endpoint(environ: Mapping[str, str], service: str) -> str | None:
    """Return what the environment names as the server; None: nothing, so AWS or the profile's."""
    if environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return None
    for name in (f"AWS_ENDPOINT_URL_{service}", "AWS_ENDPOINT_URL"):
        if environ.get(name):
            return checked_endpoint(environ[name], name)
    return None


def _add_credentials(
    session: Any,
    environ: Mapping[str, str],
    region: str,
    patience: float,
    learn: Callable[[str], None],
) -> None:
    """Put keys, then the job's own identity, before the places that botocore looks into."""
    from botocore.credentials import (
        CredentialProvider,
        DeferredRefreshableCredentials,
        EnvProvider,
    )

    resolver = session.get_component("credential_provider")
    resolver.insert_before("env", EnvProvider(environ=environ))
    role, source = environ.get("AWS_ROLE_ARN"), token_source(environ)
    if not role or source is None:
        return

    def take_on() -> dict[str, str]:
        from botocore import UNSIGNED

        token = source()
        learn(token)
        client = session.create_client(
            "sts",
            region_name=region if region != "auto" else _REGION,
            endpoint_url=_endpoint(environ, "STS"),
            config=_config(environ, patience, signature_version=UNSIGNED),
        )
        name = environ.get("AWS_ROLE_SESSION_NAME") or "perfci"
        answer = client.assume_role_with_web_identity(
            RoleArn=role, RoleSessionName=name, WebIdentityToken=token
        )
        given = answer.get("Credentials")
        if not given:
            raise ValueError("STS answered without keys")
        return {
            "access_key": given["AccessKeyId"],
            "secret_key": given["SecretAccessKey"],
            "token": given["SessionToken"],
            "expiry_time": given["Expiration"].isoformat(),
        }

    class Identity(CredentialProvider):  # type: ignore[misc]
        """The role that the job's token stands for."""

        METHOD = "perfci-web-identity"

        def load(self) -> Any:
            return DeferredRefreshableCredentials(refresh_using=take_on, method=self.METHOD)

    # behind the keys in the environment, before everything else
    resolver.insert_after("env", Identity())
