#!/bin/sh
# Fetches the page's libraries again and writes their checksums.
#
# The browser loads these files as they are: no build step and no import map (an import map would
# have to stand inline, which the page's content security policy forbids), hence the rewriting of
# bare module names to paths. The .d.ts files beside them are ours and describe only what we use.
#
#   hub/ui/vendor/update.sh          fetch, rewrite, write checksums.sha256
#   hub/ui/vendor/update.sh --check  compare the files with checksums.sha256
set -eu
cd "$(dirname "$0")"

if [ "${1-}" = --check ]; then
    exec sha256sum --check --quiet --strict checksums.sha256
fi

PREACT=11.2.0
HTM=3.1.1
SIGNALS=2.11.4
SIGNALS_CORE=1.14.5

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm init --yes >/dev/null && npm install --ignore-scripts --no-audit --no-fund \
    "preact@$PREACT" "htm@$HTM" "@preact/signals@$SIGNALS" "@preact/signals-core@$SIGNALS_CORE")
from=$work/node_modules

# take <file in node_modules> <name here>: source maps are left behind, so is their mention.
take() {
    sed -e 's|from"preact"|from"./preact.js"|g' \
        -e 's|from"preact/hooks"|from"./preact-hooks.js"|g' \
        -e 's|from"@preact/signals-core"|from"./signals-core.js"|g' \
        -e 's|^//# sourceMappingURL=.*$||' -e 's|//# sourceMappingURL=.*$||' \
        "$from/$1" >"$2"
    if grep -Eq '(from|import) ?"[^."]' "$2"; then
        echo "$2 still imports a bare module name" >&2
        exit 1
    fi
}
take preact/dist/preact.mjs preact.js
take preact/hooks/dist/hooks.mjs preact-hooks.js
take htm/dist/htm.mjs htm.js
take @preact/signals-core/dist/signals-core.mjs signals-core.js
take @preact/signals/dist/signals.mjs signals.js

cp "$from/preact/LICENSE" LICENSE-preact.txt
cp "$from/htm/LICENSE" LICENSE-htm.txt
cp "$from/@preact/signals/LICENSE" LICENSE-signals.txt

sha256sum preact.js preact-hooks.js htm.js signals-core.js signals.js LICENSE-*.txt \
    >checksums.sha256
