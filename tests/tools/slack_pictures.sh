#!/bin/sh
# Draws golden Slack messages into PNG files to look at. Needs node, npm and chromium.
#   tests/tools/slack_pictures.sh OUT_DIRECTORY message.json…
# WIDTH, HEIGHT: of a message, in points. SHEET: the name of one picture that holds them all beside each other.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1 && shift
mkdir -p "$out"
[ -f "$out/package.json" ] || (cd "$out" && npm init -y >/dev/null)
[ -d "$out/node_modules/slack-blocks-to-jsx" ] ||
    (cd "$out" && npm install --no-fund --no-audit --silent slack-blocks-to-jsx@1.1.1 react@19 react-dom@19)
for message in "$@"; do
    shift && set -- "$@" "$(realpath "$message")"
done

draw() { # NAME MESSAGE…
    name=$1 && shift
    (cd "$out" && node "$here/slack_picture.mjs" "$@") >"$out/$name.html"
    chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --user-data-dir="$out/profile" --hide-scrollbars \
        --window-size=$(((${WIDTH:-860} + 24) * $# + 40)),"${HEIGHT:-1100}" --screenshot="$out/$name.png" \
        "file://$out/$name.html" >/dev/null 2>&1
    echo "$out/$name.png"
}

if [ -n "${SHEET:-}" ]; then
    draw "$SHEET" "$@"
else
    for message in "$@"; do
        draw "$(basename "$message" .json)" "$message"
    done
fi
