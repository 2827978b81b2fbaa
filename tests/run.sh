#!/usr/bin/env bash
# Runs every test of the project, installing what they need, and ends with one line:
#
#     N passed, N failed, N skipped
#
# What cannot be installed here is said, and the tests that need it count as skipped with the
# reason. With CI=true a skip is a failure. Fewer tests than tests/expected-count are a failure
# everywhere: a test that nobody runs any more must not look like one that passed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
root=$PWD
started=$SECONDS
[ -f "${HOME:-}/.cargo/env" ] && . "$HOME/.cargo/env"

mkdir -p target/run target/artefacts
log=$root/target/run/last.log
reasons=$root/target/run/reasons
export STORE_TESTS_SKIPPED=$root/target/run/skipped
export STORE_TESTS_DERIVED=$root/target/derived
export STORE_TESTS_ARTEFACTS=$root/target/artefacts
# The programs built by `cargo test`, for the scripts that start them.
export STORE_TESTS_HUB=$root/target/debug/tested-hub
export STORE_TESTS_HQ=$root/target/debug/tested-hq
: >"$STORE_TESTS_SKIPPED"
: >"$reasons"
passed=0
failed=0
failures=()

say() { printf '\n== %s\n' "$*"; }
skip() { # name, reason
    printf 'SKIPPED %s: %s\n' "$1" "$2"
    printf '%s: %s\n' "$1" "$2" >>"$STORE_TESTS_SKIPPED"
}
fail() { # how many, what
    failed=$((failed + $1))
    failures+=("$2")
    printf 'FAILED %s\n' "$2"
}
has() { command -v "$1" >/dev/null 2>&1; }

# A check that is one test: it holds or it does not.
check() { # name, command...
    local name=$1
    shift
    say "$name"
    if "$@"; then passed=$((passed + 1)); else fail 1 "$name"; fi
}

apt_is_fresh=false
install_packages() { # reason, package...
    local reason=$1
    shift
    if ! has apt-get || [ "$(id -u)" != 0 ]; then
        say "cannot install $* ($reason): not root, or no apt; tests that need it are skipped"
        return 1
    fi
    say "installing $* ($reason)"
    $apt_is_fresh || apt-get update -qq || true
    apt_is_fresh=true
    DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
        say "apt could not install $*; tests that need it are skipped"
}

find_chromium() {
    local name
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
        [ -n "$name" ] && command -v "$name" && return
    done
    return 1
}

NODE_MIN=20 # what playwright-core asks for
has_node() {
    has npm && has node && [ "$(node -p 'parseInt(process.versions.node)')" -ge "$NODE_MIN" ]
}

# Debian keeps the server's programs off the path; tests/it/support/postgres.rs finds them.
has_postgres() {
    has initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

install_node() {
    local newer=$root/target/node
    PATH=$newer/node_modules/.bin:$PATH
    has_node && return
    has npm || install_packages "checks and tests the pages" nodejs npm
    has_node && return
    # Debian 12 has 18; npm has a newer one.
    has npm && npm install --no-audit --no-fund --prefix "$newer" "node@$NODE_MIN"
    hash -r
}

install_tools() {
    if ! has cargo; then
        say "no cargo: install Rust 1.95 or newer (https://rustup.rs), then run this again"
        exit 1
    fi
    has cc || install_packages "SQLite is compiled from C" gcc libc6-dev
    has curl || install_packages "the page for terminals" curl
    has strace || install_packages "counts the syncs of a commit" strace
    has mosquitto_pub || install_packages "attacks headquarters' broker" mosquitto-clients
    has zbarimg || install_packages "reads the codes on a receipt" zbar-tools
    has systemd-analyze || install_packages "checks the unit" systemd
    has_postgres || install_packages "headquarters' other database" postgresql
    install_node
    find_chromium >/dev/null || install_packages "the cashier's browser" chromium
    fc-list 2>/dev/null | grep -qi 'noto.*cjk' ||
        install_packages "the cashier's language" fontconfig fonts-noto-cjk
    python3 -c 'import ensurepip, venv' 2>/dev/null ||
        install_packages "derives the real days of trade" python3 python3-venv
    local component
    for component in fmt clippy; do
        cargo "$component" --version >/dev/null 2>&1 && continue
        has rustup && rustup component add "${component/#fmt/rustfmt}"
    done
    if CHROMIUM=$(find_chromium); then export CHROMIUM; else unset CHROMIUM; fi
}

install_node_packages() {
    [ -f tests/browser/package.json ] || return 0
    say "npm ci in tests/browser"
    has_node && (cd tests/browser && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund)
}

# What tries the API by its description.
SCHEMATHESIS_VERSION=4.32.5
install_schemathesis() {
    local place=$root/target/schemathesis
    export STORE_TESTS_SCHEMATHESIS=$place/bin/schemathesis
    "$STORE_TESTS_SCHEMATHESIS" --version 2>/dev/null | grep -qF "$SCHEMATHESIS_VERSION" && return 0
    say "installing schemathesis $SCHEMATHESIS_VERSION"
    rm -rf "$place"
    python3 -m venv "$place" && "$place/bin/pip" install --quiet --disable-pip-version-check \
        "schemathesis==$SCHEMATHESIS_VERSION"
}

# The real days of trade: derived once, kept until what derives them changes. They are put in
# their place only when complete.
derive_data() {
    [ -f tests/data/derive.sh ] || return 0
    local stamp
    stamp=$(find tests/data -type f -print0 | sort -z | xargs -0 cat | cksum)
    [ "$(cat "$STORE_TESTS_DERIVED/.derived-by" 2>/dev/null)" = "$stamp" ] && return 0
    say "deriving the real days of trade"
    local fresh=$root/target/derived.fresh
    # What other scripts derived must not stand in where these fail.
    rm -rf "$fresh" "$STORE_TESTS_DERIVED"
    if bash tests/data/derive.sh "$fresh"; then
        printf '%s\n' "$stamp" >"$fresh/.derived-by"
        mv "$fresh" "$STORE_TESTS_DERIVED"
    else
        say "the data could not be derived: tests that need it are skipped"
    fi
}

check_rust() {
    if cargo fmt --version >/dev/null 2>&1; then
        check "cargo fmt" cargo fmt --all --check
    else
        skip "cargo fmt" "rustfmt is not installed"
    fi
    if cargo clippy --version >/dev/null 2>&1; then
        check "cargo clippy" cargo clippy --workspace --all-targets -- -D warnings
    else
        skip "cargo clippy" "clippy is not installed"
    fi
}

skipped_so_far() {
    sort -u -o "$STORE_TESTS_SKIPPED" "$STORE_TESTS_SKIPPED"
    wc -l <"$STORE_TESTS_SKIPPED"
}

test_rust() {
    say "cargo test"
    local skipped_before skipped_here
    skipped_before=$(skipped_so_far)
    cargo test --workspace --no-fail-fast -- --show-output 2>&1 | tee "$log"
    local status=${PIPESTATUS[0]} ran_passed ran_failed ignored
    read -r ran_passed ran_failed ignored < <(awk '
        /^test result: / { passed += $4; failed += $6; ignored += $8 }
        END { print passed + 0, failed + 0, ignored + 0 }' "$log")
    # A skipped test returned early: for libtest it passed.
    skipped_here=$(($(skipped_so_far) - skipped_before))
    passed=$((passed + ran_passed - skipped_here))
    [ "$ran_failed" -gt 0 ] && fail "$ran_failed" "$ran_failed Rust tests"
    # The messages of those that failed stand between the last two headings of a binary.
    awk '/^failures:$/ { shown = 200 } /^test result: / { shown = 0 } shown-- > 0' "$log" \
        >>"$reasons"
    [ "$ignored" -gt 0 ] && fail "$ignored" "$ignored Rust tests are ignored: none may be"
    if [ "$status" -ne 0 ] && [ "$ran_failed" -eq 0 ]; then
        fail 1 "cargo test did not build, or a test binary died"
    fi
}

# Adds up one run of node's own test runner (TAP).
test_scripts() { # folder
    local folder=$1 files=()
    mapfile -t files < <(find "$folder" -name node_modules -prune -o \
        \( -name '*.test.js' -o -name '*.test.mjs' \) -print 2>/dev/null | sort)
    if [ "${#files[@]}" -eq 0 ]; then
        fail 1 "$folder has no tests"
        return 0
    fi
    if ! has_node; then
        skip "$folder" "no Node.js $NODE_MIN or newer"
        return 0
    fi
    say "node --test in $folder"
    node --test --test-reporter=tap "${files[@]}" 2>&1 | tee "$log"
    local status=${PIPESTATUS[0]} ran_passed ran_failed
    read -r ran_passed ran_failed < <(awk '
        /^# pass / { passed += $3 }
        /^# (fail|cancelled|todo) / { failed += $3 }
        END { print passed + 0, failed + 0 }' "$log")
    sed -nE "s|^ *ok [0-9]+ - (.*) # SKIP ?(.*)|$folder \1: \2|p" "$log" >>"$STORE_TESTS_SKIPPED"
    passed=$((passed + ran_passed))
    [ "$ran_failed" -gt 0 ] && fail "$ran_failed" "$ran_failed tests in $folder"
    # Their reasons once more at the end, where whoever reads the last page finds them.
    awk '/^ *not ok / { shown = 60 } /^ *ok / { shown = 0 } shown-- > 0' "$log" >>"$reasons"
    if [ "$status" -ne 0 ] && [ "$ran_failed" -eq 0 ]; then
        fail 1 "node --test in $folder died"
    fi
}

check_scripts() {
    [ -f tests/browser/package.json ] || return 0
    if [ -d tests/browser/node_modules ]; then
        check "the types of the pages" npm --prefix tests/browser run check
    else
        skip "the types of the pages" "npm could not install typescript"
    fi
}

close() {
    local skipped expected ran failure
    skipped=$(skipped_so_far)
    ran=$((passed + failed + skipped))
    expected=$(cat tests/expected-count)
    if [ "$ran" -lt "$expected" ]; then
        fail 1 "only $ran tests ran, tests/expected-count says $expected"
    elif [ "$ran" -gt "$expected" ]; then
        say "$ran tests ran: tests/expected-count says $expected and can be raised"
    fi
    [ "$failed" -eq 0 ] || tail -n 400 "$reasons"
    say "$((SECONDS - started)) s"
    for failure in "${failures[@]}"; do printf 'failed: %s\n' "$failure"; done
    sed 's/^/skipped: /' "$STORE_TESTS_SKIPPED"
    printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    [ "$failed" -eq 0 ] || exit 1
    [ "$skipped" -eq 0 ] || [ "${CI:-}" != true ] || exit 1
}

install_tools
install_schemathesis || say "pip could not install schemathesis: its test is skipped"
install_node_packages || say "npm ci failed: what needs it is skipped"
derive_data
check_rust
check_scripts
test_scripts tests/page
test_rust
test_scripts tests/browser
close
