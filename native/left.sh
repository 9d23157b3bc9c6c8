#!/usr/bin/env bash
# Finds what an artifact: store left to be uploaded, and under which name: outputs `name`, `path`.
# Says nothing where no such store left anything.
#
# RESULT is where result.json was written, as perfci says it: relative to the settings file, which
# lies in the folder that was worked in or in one above it.
set -euo pipefail

[ -n "$RESULT" ] || exit 0
folder=$(cd -- "$GITHUB_WORKSPACE" && cd -- "${INPUT_WORKING_DIRECTORY:-.}" && pwd)
top=$(cd -- "$GITHUB_WORKSPACE" && pwd)
while true; do
    case $RESULT in
    /*) left=$(dirname -- "$RESULT")/perfci-store ;;
    *) left=$folder/$(dirname -- "$RESULT")/perfci-store ;;
    esac
    [ ! -f "$left/perfci-artifact.json" ] || break
    [ "$folder" != "$top" ] && [ "$folder" != / ] || exit 0
    folder=$(dirname -- "$folder")
done

# what perfci wrote has neither quotes nor control characters in a name, and one line alone
name=$(sed -n 's/^.*"name": "\([^"\\[:cntrl:]]*\)".*$/\1/p' "$left/perfci-artifact.json" | head -n 1)
[ -n "$name" ] || exit 0
# every attempt of a run needs a name of its own; perfci reads them all
attempt=${GITHUB_RUN_ATTEMPT:-1}
[ "$attempt" = 1 ] || name=$name-$attempt
printf 'name=%s\npath=%s\n' "$name" "$left" >>"$GITHUB_OUTPUT"
