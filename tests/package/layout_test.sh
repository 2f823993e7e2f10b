#!/usr/bin/env bash
# layout_test.sh BUILD_DIRECTORY: makes the package and looks into it, installs nothing. Needs dpkg-deb alone; without
# dpkg-shlibdeps (no Debian) it says so and ends with 77.
set -euo pipefail

build=$1
command -v dpkg-shlibdeps >/dev/null || { echo "no dpkg-shlibdeps: not tested"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() {
  echo "FAILED: $*" >&2
  exit 1
}

(cd "$build" && cpack -G DEB -B "$folder/out" >/dev/null)
package=("$folder"/out/crmsink_*.deb)
[[ ${#package[@]} == 1 ]] || fail "one package is expected: ${package[*]}"
dpkg-deb -x "${package[0]}" "$folder/root"
dpkg-deb -e "${package[0]}" "$folder/control"
cd "$folder"

for file in usr/bin/crmsink etc/crmsink/crmsink.toml usr/lib/systemd/system/crmsink.service usr/lib/systemd/system/crmsink.socket \
  usr/share/bash-completion/completions/crmsink usr/share/man/man1/crmsink.1 usr/share/man/man5/crmsink.toml.5 \
  usr/share/doc/crmsink/copyright usr/share/doc/crmsink/docs/operations.md usr/share/doc/crmsink/examples/haproxy.cfg; do
  [[ -f root/$file ]] || fail "no $file"
done
[[ -z $(find root -name '*.a' -o -name '*.h' -o -name '*.cmake') ]] || fail "the library is in it"
[[ $(cat control/conffiles) == /etc/crmsink/crmsink.toml ]] || fail "conffiles"
depends=$(sed -n 's/^Depends: //p' control/control)
for needed in libc6 libsqlite3-0 libpq5 libssl3 adduser; do
  [[ $depends == *$needed* ]] || fail "it does not depend on $needed: $depends"
done
for script in postinst prerm postrm; do
  [[ -x control/$script ]] || fail "$script cannot be run"
  sh -n "control/$script" || fail "$script"
done

# It is this program, it reads its configuration, and nothing but the places of its files is set there.
[[ $(root/usr/bin/crmsink version) == "crmsink $(sed -n 's/^Version: //p' control/control)" ]] || fail "version"
said=$(root/usr/bin/crmsink migrate --status --config root/etc/crmsink/crmsink.toml 2>&1 || true)
[[ $said == *"no database at /var/lib/crmsink/crmsink.db"* ]] || fail "the configuration: $said"
[[ $(grep -cE '^[a-z-]+ = ' root/etc/crmsink/crmsink.toml) == 2 ]] || fail "the configuration sets more than places"
grep -q '^\.SS crmsink serve$' root/usr/share/man/man1/crmsink.1 || fail "the manual"
