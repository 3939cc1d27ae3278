#!/usr/bin/env bash
# Installs, without root, what tests/collectors needs into target/collectors/venv, and prints its python.
set -euo pipefail
cd "$(dirname "$0")/../.."

venv=target/collectors/venv
wanted=tests/collectors/requirements.txt
# The list is kept beside what it installed: an equal one has nothing to add.
if ! cmp -s "$wanted" "$venv/installed.txt"; then
    rm -rf "$venv"
    mkdir -p target/collectors
    python3 -m venv "$venv"
    if ! "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$wanted" 2>"$venv/errors"; then
        echo "no collector to test against: PyPI is out of reach, or lacks what $wanted names" >&2
        exit 1
    fi
    cp "$wanted" "$venv/installed.txt"
fi
echo "$PWD/$venv/bin/python"
