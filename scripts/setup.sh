#!/usr/bin/env bash
# Installs the missing Debian packages and builds; sourced by quickstart and run_tests, which say where the time went.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${LATENTGRID_BUILD:-$root/build}
# Two compilers at once: one that includes LibTorch takes 1.5 GB.
build_jobs=${LATENTGRID_BUILD_JOBS:-2}

say() { printf '== %s\n' "$*" >&2; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "these packages are missing and neither root nor sudo is at hand to install them:" >&2
    printf '  %s\n' "${missing[@]}" >&2
    exit 1
  fi
}

is_installed() {
  # Node from elsewhere brings its npm; Debian's package would not go with it.
  if [ "$1" = npm ] && command -v npm >/dev/null; then return 0; fi
  dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'
}

# install_packages [tests]: with it what only the tests need as well.
install_packages() {
  local wanted
  if [ "${1:-}" = tests ]; then
    mapfile -t wanted < <(grep -v '^#' "$root/packages.txt")
  else
    mapfile -t wanted < <(sed '/^# to test/,$d' "$root/packages.txt" | grep -v '^#')
  fi
  missing=()
  for package in "${wanted[@]}"; do
    is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return 0
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  as_root apt-get update -qq
  local log
  log=$(mktemp)
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$log" || {
    tail -n 20 "$log" >&2
    exit 1
  }
  rm -f "$log"
}

# Unity builds compile each header once a folder: a third of the time from scratch. CMakePresets has ordinary ones.
# build TARGETS...: all targets without arguments.
build() {
  if [ ! -f "$build/build.ninja" ]; then
    mkdir -p "$build"
    cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=20 >"$build/configure.log" 2>&1 || {
      cat "$build/configure.log" >&2
      exit 1
    }
  fi
  cmake --build "$build" --parallel "$build_jobs" ${1:+--target "$@"} -- --quiet
}

# Returns what the command did: where its status is looked at, set -e is off inside.
timed() {
  local what=$1 start=$SECONDS status=0
  shift
  "$@" || status=$?
  say "$what: $((SECONDS - start)) s"
  return "$status"
}
