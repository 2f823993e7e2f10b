#!/usr/bin/env bash
# install_test.sh BUILD_DIRECTORY: installs into a temporary folder, builds the program in embed/ against what was
# installed, runs it, and reads its database with the installed crmsink.
set -euo pipefail

build=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cmake --install "$build" --prefix "$folder/prefix" >/dev/null
cmake -S "$here/embed" -B "$folder/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_PREFIX_PATH="$folder/prefix" \
  ${CRMSINK_TEST_FLAGS:+-DCMAKE_CXX_FLAGS="$CRMSINK_TEST_FLAGS"} >/dev/null
cmake --build "$folder/build"
cd "$folder"
build/embed

crmsink=$folder/prefix/bin/crmsink
[[ $("$crmsink" query --database sqlite:embedded.db --format ndjson "SELECT id, body FROM notes") == '{"id":"n1","body":"hello"}' ]]
[[ -f $folder/prefix/share/doc/crmsink/examples/crmsink.toml ]]
grep -q quarantine "$folder/prefix/share/bash-completion/completions/crmsink"
grep -q '^\.SS crmsink serve$' "$folder/prefix/share/man/man1/crmsink.1"
grep -q '^\.SS \[signature\]$' "$folder/prefix/share/man/man5/crmsink.toml.5"
[[ ! -e $folder/prefix/../etc/crmsink && ! -e $folder/prefix/lib/systemd ]]
