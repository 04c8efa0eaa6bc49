#!/usr/bin/env bash
# Makes .venv and fills it: packaging/bootstrap.sh [EXTRA…], for example `packaging/bootstrap.sh dev`.
#
# Safe to run again: nothing is done while pyproject.toml and the extras are those of the last time. The Makefile calls
# it before every target. HOPCHAIN_PYTHON names a Python to use instead of the one it finds, HOPCHAIN_VENV another folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly VENV=${HOPCHAIN_VENV:-.venv}
readonly LOG=$VENV/install.log

say() { printf '» %s\n' "$*"; }
fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

in_range() {
    "$1" -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1
}

find_python() {
    local candidate
    for candidate in ${HOPCHAIN_PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if command -v "$candidate" >/dev/null 2>&1 && in_range "$candidate"; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

# Runs apt-get where that needs no one at the keyboard; says with its status whether it did.
apt_install() {
    local sudo=()
    command -v apt-get >/dev/null 2>&1 || return 1
    if [ "$(id -u)" -ne 0 ]; then
        sudo -n true >/dev/null 2>&1 || return 1
        sudo=(sudo -n)
    fi
    say "installing $* with apt-get"
    local log
    log=$(mktemp)
    if { "${sudo[@]}" apt-get -qq update &&
        "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@"; } >"$log" 2>&1; then
        rm -f "$log"
        return 0
    fi
    tail -n 5 "$log" >&2
    rm -f "$log"
    return 1
}

# Debian and Ubuntu ship Python without the part that makes environments.
require_venv() {
    local python=$1 version
    "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 && return 0
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    say "Python $version is here without its venv module"
    apt_install "python$version-venv" && "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
        fail "Python $version has no venv module. Install it with: sudo apt-get install -y python$version-venv"
}

# Which Debian package holds a shared library that a wheel of ours may look for.
package_of() {
    case "$1" in
    libGL.so.1) echo libgl1 ;;
    libglib-2.0.so.0 | libgthread-2.0.so.0) echo libglib2.0-0 ;;
    libgomp.so.1) echo libgomp1 ;;
    libstdc++.so.6) echo libstdc++6 ;;
    libEGL.so.1) echo libegl1 ;;
    libxkbcommon.so.0) echo libxkbcommon0 ;;
    libdbus-1.so.3) echo libdbus-1-3 ;;
    libfontconfig.so.1) echo libfontconfig1 ;;
    libxkbcommon-x11.so.0) echo libxkbcommon-x11-0 ;;
    libX11-xcb.so.1) echo libx11-xcb1 ;;
    libxcb.so.1 | libxcb-*.so.*) printf '%s%s\n' "${1%%.so.*}" "${1##*.so.}" ;;
    *) return 1 ;;
    esac
}

# Imports what has compiled parts and installs the system libraries that are found missing, one at a time.
require_libraries() {
    local modules=$1 message library package
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
        if message=$("$VENV/bin/python" -c "import $modules" 2>&1); then
            return 0
        fi
        library=$(printf '%s\n' "$message" | grep -oE 'lib[A-Za-z0-9_+.-]+\.so(\.[0-9]+)*' | head -n 1 || true)
        [ -n "$library" ] || fail "a package does not load: $(printf '%s\n' "$message" | tail -n 1)"
        package=$(package_of "$library") || fail "the system library $library is missing. Install the package that holds it."
        apt_install "$package" ||
            fail "the system library $library is missing. Install it with: sudo apt-get install -y $package"
    done
    fail "a package still does not load: $(printf '%s\n' "$message" | tail -n 1)"
}

# What Qt needs to show a window on an X display; it says so itself only when it is too late.
require_display_libraries() {
    local plugin missing package packages=()
    plugin=$("$VENV/bin/python" -c 'import pathlib, PySide6; print(pathlib.Path(PySide6.__file__).parent / "Qt/plugins/platforms/libqxcb.so")')
    command -v ldd >/dev/null 2>&1 && [ -f "$plugin" ] || return 0
    while read -r missing; do
        package=$(package_of "$missing") || fail "the system library $missing is missing. Install the package that holds it."
        packages+=("$package")
    done < <(ldd "$plugin" | awk '/not found/ { print $1 }' | sort -u)
    [ ${#packages[@]} -gt 0 ] || return 0
    apt_install "${packages[@]}" ||
        fail "Qt cannot open a window yet. Install what it needs with: sudo apt-get install -y ${packages[*]}"
}

main() {
    local extras python version stamp wanted target
    extras=$(printf '%s\n' "$@" | sort -u | paste -sd, -)

    if [ -e "$VENV" ] && ! in_range "$VENV/bin/python"; then
        say "the environment in $VENV is of another Python or broken: making it anew"
        rm -rf "$VENV"
    fi
    if [ ! -e "$VENV/bin/python" ]; then
        python=$(find_python) ||
            fail "Python 3.11, 3.12 or 3.13 is needed and none was found. Install it (Debian: sudo apt-get install -y python3 python3-venv) or name one with HOPCHAIN_PYTHON=/path/to/python3."
        require_venv "$python"
        say "making $VENV with $("$python" --version 2>&1)"
        "$python" -m venv "$VENV"
    fi

    version=$("$VENV/bin/python" --version 2>&1)
    wanted="$(cksum <pyproject.toml) $version $PWD"
    stamp=$VENV/.installed-${extras:-base}
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
        return 0
    fi

    target=.${extras:+[$extras]}
    say "installing HopChain Studio${extras:+ with $extras} into $VENV (a minute or two the first time)"
    if ! "$VENV/bin/python" -m pip install --disable-pip-version-check --no-input -q -e "$target" >"$LOG" 2>&1; then
        tail -n 30 "$LOG" >&2
        fail "installing failed; the lines above are the end of $LOG. Mend the cause (often the network) and run this again."
    fi
    require_libraries "cv2, numpy, PIL, pydantic_core, sqlalchemy"
    if [[ ",$extras," == *,studio,* ]]; then
        require_libraries "PySide6.QtGui, PySide6.QtSvg, PySide6.QtWidgets"
        if [ -n "${DISPLAY:-}" ]; then
            require_display_libraries
        fi
    fi
    printf '%s' "$wanted" >"$stamp"
    if [ -n "$extras" ]; then
        printf '%s' "$wanted" >"$VENV/.installed-base"
    fi
    say "$VENV is ready"
}

main "$@"
