# The action's image. GitHub runs it as root, in its own working folder, with its own mounts: no
# USER, no WORKDIR, an absolute entry point. Builds with the classic builder as well as BuildKit.
ARG BASE_IMAGE=python:3.13-slim-trixie

# git for the two sides of a comparison; python3-venv's ensurepip comes with the base
FROM ${BASE_IMAGE} AS base
RUN set -eu; \
    if ! command -v git >/dev/null || ! test -e /etc/ssl/certs/ca-certificates.crt; then \
        apt-get update; \
        apt-get install -y --no-install-recommends git ca-certificates; \
        apt-get clean; \
        rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log; \
    fi; \
    git config --system --add safe.directory '*'

FROM base AS build
COPY pyproject.toml README.md LICENSE /src/
COPY scripts/perfci /src/scripts/perfci
COPY perfci /src/perfci
RUN set -eu; \
    python3 -m venv /opt/perfci; \
    /opt/perfci/bin/pip install --no-cache-dir --no-compile --disable-pip-version-check /src; \
    /opt/perfci/bin/python -m pip uninstall --yes pip setuptools
# What perfci never reads: the packages' own tests (25 MB), the cloud services that are not a
# store (21 MB), pip's bytecode. Not the linkage: stripped, numpy does not load.
RUN set -eu; \
    site=$(/opt/perfci/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))'); \
    find "$site" -type d \( -name tests -o -name __pycache__ \) -prune -exec rm -rf {} +; \
    find "$site/botocore/data" -mindepth 1 -maxdepth 1 -type d \
        ! -name s3 ! -name sts ! -name 'sso*' -exec rm -rf {} +; \
    find "$site/boto3/data" -mindepth 1 -maxdepth 1 -type d ! -name s3 -exec rm -rf {} +; \
    rm -rf "$site/boto3/examples"
# Everything still loads: -B for what most runs never import. The command and what it needs to
# measure leave their bytecode behind, which a read-only image could not write later.
RUN set -eu; cd /; \
    /opt/perfci/bin/python -B -c 'import matplotlib.pyplot, scipy.stats; \
import boto3; [boto3.client(name, region_name="us-east-1") for name in ("s3", "sts", "sso")]'; \
    /opt/perfci/bin/python -m compileall -q "$(/opt/perfci/bin/python -c \
        'import perfci; print(perfci.__path__[0])')"; \
    /opt/perfci/bin/python -c 'import aiohttp, jinja2, numpy, psutil, pydantic, yaml'; \
    /opt/perfci/bin/perfci --version

FROM base
LABEL org.opencontainers.image.title="perf-regression" \
      org.opencontainers.image.description="Fails the pull request when it makes your code slower, and says how sure it is." \
      org.opencontainers.image.source="https://github.com/aicleaner/perf-regression" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /opt/perfci /opt/perfci
COPY entrypoint.py /opt/perfci/entrypoint.py
# for GitLab, which starts a shell in the image and calls the command by its name
RUN ln -s /opt/perfci/bin/perfci /usr/local/bin/perfci
ENTRYPOINT ["/opt/perfci/bin/python", "/opt/perfci/entrypoint.py"]
