#!/usr/bin/env bash
# Installs perfci beside the job's own tools, runs it, and ends as it ends: 0, 1 or 2.
#
# It gets an environment of its own and is started by its path, so that PATH, python3 and
# everything else that is measured stay what the job's earlier steps made them.
set -euo pipefail

# refuse TEXT: perfci could not do its job, as it says so itself
refuse() {
    printf '::error title=perf-regression::%s\n' "$1"
    printf 'verdict=error\nexit-code=2\n' >>"$GITHUB_OUTPUT"
    exit 2
}

[ "$(uname -s)" = Linux ] ||
    refuse "perf-regression measures on Linux alone, and this runner is no Linux: runs-on: ubuntu-latest"

# the newest that the machine has counts: what is measured may need an older one as its python3
python=''
for name in python3 python3.{14,13,12,11} /usr/bin/python3; do
    if "$name" -I -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$name
        break
    fi
done
[ -n "$python" ] ||
    refuse "perf-regression needs Python 3.11 or newer with its venv module, and found $(python3 --version 2>&1 || true): put a step with uses: actions/setup-python@v6 and python-version: '3.13' before this one"

# one for each version of the action that the job uses; the runner empties RUNNER_TEMP after the job
place=$RUNNER_TEMP/perfci-$(cksum <<<"$GITHUB_ACTION_PATH" | cut -d ' ' -f 1)
if [ ! -e "$place/.made" ]; then
    rm -rf "$place"
    log=$("$python" -I -m venv "$place" 2>&1 &&
        PIP_USER=0 "$place/bin/python" -I -m pip install --quiet --disable-pip-version-check \
            "$GITHUB_ACTION_PATH/.." 2>&1) || {
        printf '%s\n' "$log" | tail -n 20
        refuse "perfci could not be installed; the lines above say why. It needs a network that reaches PyPI, or PIP_INDEX_URL in the job's env"
    }
    touch "$place/.made"
fi

# without a shell around it: a cancelled job's signals reach perfci itself
exec "$place/bin/python" -I "$GITHUB_ACTION_PATH/../entrypoint.py" run
