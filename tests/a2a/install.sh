#!/usr/bin/env bash
# Installs, without root, what tests/a2a needs into target/a2a/venv, and prints its python.
set -euo pipefail
cd "$(dirname "$0")/../.."

venv=target/a2a/venv
wanted=tests/a2a/requirements.txt
# The list is kept beside what it installed: an equal one has nothing to add.
if ! cmp -s "$wanted" "$venv/installed.txt"; then
    rm -rf "$venv"
    mkdir -p target/a2a
    python3 -m venv "$venv"
    if ! "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$wanted" 2>"$venv/errors"; then
        echo "no worker of OpenTelemetry's own to test against: PyPI is out of reach, or lacks what $wanted names" >&2
        exit 1
    fi
    cp "$wanted" "$venv/installed.txt"
fi
echo "$PWD/$venv/bin/python"
