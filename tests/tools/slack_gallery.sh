#!/bin/sh
# Draws every kind of message, page and form, six beside each other, as wide as a desk's and as a phone's Slack, to be looked at.
# Needs node, npm and chromium.
#   tests/tools/slack_gallery.sh OUT_DIRECTORY
set -eu
here=$(cd "$(dirname "$0")" && pwd)
told=$1/messages
PYTHONPATH=$here/../.. "${PYTHON:-$here/../../.venv/bin/python}" -m tests.tools.write_slack_goldens "$told"
for width in ${WIDTHS:-860 390}; do
    ls "$told"/*.json | xargs -n 6 | while read -r kinds; do
        # shellcheck disable=SC2086 # the names are ours, without spaces
        set -- $kinds
        WIDTH=$width HEIGHT=1500 SHEET="sheet_${width}_$(basename "$1" .json)" "$here/slack_pictures.sh" "$told/.." "$@"
    done
done
