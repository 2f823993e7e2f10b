# shellcheck shell=bash
# What the scripts of this folder share; to be sourced by bash. Works from any directory, never asks a question, and
# writes everything to standard error, so that standard output belongs to the program that is run.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
exec </dev/null
# Build directories and checkouts share compiled files where only the directory differs.
export CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=$root

build_packages=(
  g++ cmake ninja-build ccache pkg-config git ca-certificates
  libasio-dev libcli11-dev libcpp-httplib-dev libexpected-dev libfmt-dev libpq-dev libsimdjson-dev libsodium-dev libspdlog-dev
  libsqlite3-dev libsqlitecpp-dev libssl-dev libtomlplusplus-dev prometheus-cpp-dev
)
test_packages=(
  libgtest-dev libgmock-dev librapidcheck-dev curl dpkg-dev faketime file openssl patch pgbouncer postgresql python3 sqlite3
)
# Of the suites that take minutes. Caddy is tried where it is installed.
long_test_packages=(haproxy nginx systemd)

say() { printf '==> %s\n' "$*" >&2; }

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# Processes to build with: one per core, and 1.5 GB of memory for each.
jobs() {
  local cores bytes limit
  cores=$(nproc)
  bytes=$(awk '/^MemTotal:/ {printf "%.0f", $2 * 1024}' /proc/meminfo)
  limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null || true)
  if [[ $limit =~ ^[0-9]+$ ]] && ((limit < bytes)); then bytes=$limit; fi
  local by_memory=$((bytes / 1500000000))
  ((by_memory >= 1)) || by_memory=1
  echo $((cores < by_memory ? cores : by_memory))
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# without_servers COMMAND... lets it install packages of servers without a service that starts, now or later, or a
# cluster of PostgreSQL: the tests start servers of their own.
without_servers() {
  local policy=/usr/sbin/policy-rc.d clusters=/etc/postgresql-common/createcluster.conf outcome=0
  if [[ ! -e $clusters ]]; then
    as_root mkdir -p "${clusters%/*}"
    echo 'create_main_cluster = false' | as_root tee "$clusters" >/dev/null
  fi
  if [[ -e $policy ]]; then
    "$@" || outcome=$?
  else
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
    "$@" || outcome=$?
    as_root rm -f "$policy"
  fi
  if [[ -d /run/systemd/system ]]; then
    local server
    for server in pgbouncer haproxy nginx; do
      case " $* " in *" $server "*) as_root systemctl --quiet disable "$server" 2>/dev/null || true ;; esac
    done
  fi
  return "$outcome"
}

# install PACKAGE... installs those that are missing; without any it starts no apt.
install() {
  local missing=() package present
  command -v dpkg-query >/dev/null ||
    fail "this is no Debian: install by hand what is named at the top of tools/lib.sh, then cmake --preset release"
  present=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
  for package in "$@"; do
    grep -qxF "installed $package" <<<"$present" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0

  ((EUID == 0)) || command -v sudo >/dev/null || fail "run this as root, or install as root: ${missing[*]}"
  local apt=(as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300
    -o Acquire::Retries=3 -o Dpkg::Use-Pty=0)
  say "Installing ${#missing[@]} packages: ${missing[*]}"
  "${apt[@]}" update >&2 || fail "apt-get update failed; see above"
  local -a apt_install=("${apt[@]}" install -y --no-install-recommends "${missing[@]}")
  case " ${missing[*]} " in
    *\ postgresql\ * | *\ pgbouncer\ * | *\ haproxy\ * | *\ nginx\ *) apt_install=(without_servers "${apt_install[@]}") ;;
  esac
  "${apt_install[@]}" >&2 || fail "apt-get install failed; see above"
}

# configure PRESET [cmake options] makes build/PRESET unless it is there with just these options.
configure() {
  local preset=$1 cache=$root/build/$1/CMakeCache.txt option wanted=1
  shift
  [[ -f $root/build/$preset/build.ninja ]] || wanted=
  for option in "$@"; do
    option=${option#-D}
    grep -q "^${option%%=*}:[A-Z]*=${option#*=}\$" "$cache" 2>/dev/null || wanted=
  done
  [[ -n $wanted ]] && return
  say "Configuring build/$preset"
  (cd "$root" && cmake --preset "$preset" "$@" >&2) || fail "cmake could not configure build/$preset; see above"
}

# build PRESET [target...]
build() {
  local preset=$1 count
  shift
  count=$(jobs)
  say "Building build/$preset with $count processes"
  NINJA_STATUS='[%f/%t, %e s] ' ninja -C "$root/build/$preset" -j "$count" "$@" >&2 ||
    fail "the build of build/$preset failed; see above"
}

# sanitizer_options sets what a run under a sanitizer is to look for, unless that is set already.
sanitizer_options() {
  export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1:strict_string_checks=1}
  export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
  export TSAN_OPTIONS=${TSAN_OPTIONS:-halt_on_error=1:second_deadlock_stack=1:suppressions=$root/tests/tsan.supp}
}
