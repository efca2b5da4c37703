#!/bin/sh
# Writes tests/data/slack_blocks.schema.json from Slack's published types. Needs node and npm.
#   tests/tools/make_slack_schema.sh [directory for the npm packages]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=${1:-$(mktemp -d)}
mkdir -p "$scratch" && cd "$scratch"
[ -f package.json ] || npm init -y >/dev/null
[ -d node_modules/ts-json-schema-generator ] ||
    npm install --no-fund --no-audit --silent @slack/types@3.2.0 ts-json-schema-generator@2.4.0 typescript
cp "$here/slack_blocks.ts" slack_blocks.ts
npx ts-json-schema-generator --path slack_blocks.ts --type '*' --no-type-check --jsDoc none --minify \
    --out "$here/../data/slack_blocks.schema.json"
