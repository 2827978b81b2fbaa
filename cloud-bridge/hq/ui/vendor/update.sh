#!/bin/sh
# Fetches the page's chart library again and writes its checksums.
#
# The browser loads the files as they are (no build step). The package's only small file is for a
# script element; it is made a module by exporting what it declares. The .d.ts beside it is ours
# and describes only what we use.
#
#   cloud-bridge/hq/ui/vendor/update.sh          fetch, write checksums.sha256
#   cloud-bridge/hq/ui/vendor/update.sh --check  compare the files with checksums.sha256
set -eu
cd "$(dirname "$0")"

if [ "${1-}" = --check ]; then
    exec sha256sum --check --quiet --strict checksums.sha256
fi

UPLOT=1.6.32

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm init --yes >/dev/null &&
    npm install --ignore-scripts --no-audit --no-fund "uplot@$UPLOT")
from=$work/node_modules/uplot

{
    cat "$from/dist/uPlot.iife.min.js"
    echo 'export default uPlot;'
} >uplot.js
cp "$from/dist/uPlot.min.css" uplot.css
cp "$from/LICENSE" LICENSE-uplot.txt

sha256sum uplot.js uplot.css LICENSE-uplot.txt >checksums.sha256
