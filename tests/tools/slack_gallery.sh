#!/bin/sh
# Draws one message of every kind, as wide as a desk's and as a phone's Slack, to be looked at. Needs node, npm and chromium.
#   tests/tools/slack_gallery.sh OUT_DIRECTORY
set -eu
here=$(cd "$(dirname "$0")" && pwd)
told=$1/messages
PYTHONPATH=$here/../.. "${PYTHON:-$here/../../.venv/bin/python}" -m tests.tools.write_slack_goldens "$told"
for width in 860 390; do
    mkdir -p "$1/$width"
    for kind in breakeven compare recommend price wallet usage forecast alert digest help unknown_word import_report; do
        WIDTH=$width HEIGHT=1400 "$here/slack_pictures.sh" "$1/$width" "$told/$kind.json"
    done
done
