#!/usr/bin/env bash
# lifecycle.sh PACKAGE.deb: installs it, serves, posts, upgrades it over itself, removes and purges it, and looks each time
# at what is there. As root, in a Debian without systemd running that nobody needs afterwards (a container, a chroot, a
# virtual machine). Uses apt for the package's own dependencies, curl and openssl.
set -euo pipefail

package=$(realpath "$1")
[[ ! -d /run/systemd/system ]] || { echo "systemd runs here: use a container or a chroot" >&2; exit 2; }
[[ ! -e /var/lib/crmsink ]] || { echo "/var/lib/crmsink is there: this is no fresh system" >&2; exit 2; }
step() { echo "==> $*"; }
fail() {
  echo "FAILED: $*" >&2
  exit 1
}
as_crmsink() { (cd /var/lib/crmsink && setpriv --reuid=crmsink --regid=crmsink --init-groups "$@"); }
export DEBIAN_FRONTEND=noninteractive
work=$(mktemp -d)
chmod 755 "$work"
server=
stop() {
  [[ -n $server ]] || return 0
  kill "$server" 2>/dev/null || true
  wait "$server" || fail "the server ended with $?"
  server=
}
trap 'if [[ -n $server ]]; then kill "$server" 2>/dev/null || true; fi; rm -rf "$work"' EXIT

# As ExecStart of the unit says, on free ports and with one more key.
serve() {
  local command
  command=$(sed -n 's/^ExecStart=//p' /lib/systemd/system/crmsink.service)
  : >"$work/out"
  (
    umask 0007
    cd /var/lib/crmsink
    # shellcheck disable=SC2086
    exec setpriv --reuid=crmsink --regid=crmsink --init-groups $command --listen 127.0.0.1:0 --admin-listen 127.0.0.1:0 \
      --signature-key "$work/key.pem"
  ) >"$work/out" 2>"$work/err" &
  server=$!
  for _ in $(seq 100); do
    if grep -q '^listening ' "$work/out"; then break; fi
    sleep 0.1
  done
  url=$(awk '{print $2}' "$work/out")
  [[ -n $url ]] || fail "it does not listen: $(cat "$work/err")"
}
post() {  # ID
  printf '{"type":"ContactCreate","locationId":"l","id":"%s","webhookId":"w-%s","firstName":"Ada"}' "$1" "$1" >"$work/body"
  openssl pkeyutl -sign -inkey "$work/key" -rawin -in "$work/body" -out "$work/signature"
  curl -s -o "$work/answer" -w '%{http_code}' --data-binary @"$work/body" -H 'Content-Type: application/json' \
    -H "X-GHL-Signature: $(openssl base64 -A -in "$work/signature")" "$url/webhooks"
}
contacts() { as_crmsink crmsink query --format csv 'SELECT count(*) FROM contacts' | tr -d '\r' | tail -n 1; }

step "Installing"
apt-get -qq update
apt-get -qqy install --no-install-recommends "$package" curl openssl >"$work/log" 2>&1 || fail "$(tail -n 20 "$work/log")"
[[ $(stat -c '%U:%G %a' /var/lib/crmsink) == "crmsink:crmsink 2770" ]] || fail "/var/lib/crmsink"
[[ $(stat -c '%U:%G %a' /etc/crmsink/crmsink.toml) == "root:crmsink 640" ]] || fail "crmsink.toml"
[[ $(getent passwd crmsink | cut -d: -f7) == /usr/sbin/nologin ]] || fail "the user"
crmsink version

step "Looking before it goes live"
as_crmsink crmsink doctor --format table || [[ $? == 3 ]] || fail "doctor"
as_crmsink crmsink doctor --format csv | tr -d '\r' | grep -q '^ok,round trip,' || fail "no round trip"

step "Serving"
openssl genpkey -algorithm ed25519 -out "$work/key"
openssl pkey -in "$work/key" -pubout -out "$work/key.pem"
serve
[[ $(post a) == 200 ]] || fail "posting: $(cat "$work/answer")"
[[ $(stat -c '%U:%G %a' /var/lib/crmsink/crmsink.db) == "crmsink:crmsink 660" ]] || fail "the database's owner"
useradd --system --groups crmsink reporter
report() {
  setpriv --reuid=reporter --regid=reporter --init-groups crmsink query --format csv 'SELECT first_name FROM contacts' |
    tr -d '\r' | tail -n 1
}
[[ $(report) == Ada ]] || fail "somebody in the group cannot read"
stop
[[ $(report) == Ada ]] || fail "somebody in the group cannot read while the server is down"

step "Upgrading over itself"
echo '# of this machine' >>/etc/crmsink/crmsink.toml
apt-get -qqy install --reinstall "$package" >"$work/log" 2>&1 </dev/null || fail "$(tail -n 20 "$work/log")"
grep -q '^# of this machine$' /etc/crmsink/crmsink.toml || fail "the configuration was overwritten"
[[ $(stat -c '%U:%G %a' /etc/crmsink/crmsink.toml) == "root:crmsink 640" ]] || fail "the configuration's owner"
serve
[[ $(post a) == 200 && $(cat "$work/answer") == *duplicate* ]] || fail "what was there: $(cat "$work/answer")"
[[ $(post b) == 200 ]] || fail "posting"
[[ $(contacts) == 2 ]] || fail "two contacts are expected"
as_crmsink crmsink backup copy.db
as_crmsink crmsink verify --database sqlite:copy.db
stop

step "Removing"
apt-get -qqy remove crmsink >"$work/log" 2>&1 || fail "$(cat "$work/log")"
[[ ! -e /usr/bin/crmsink && -e /etc/crmsink/crmsink.toml && -e /var/lib/crmsink/crmsink.db ]] || fail "what removing leaves"

step "Installing again"
apt-get -qqy install --no-install-recommends "$package" >"$work/log" 2>&1 </dev/null || fail "$(tail -n 20 "$work/log")"
[[ $(contacts) == 2 ]] || fail "the data is gone"

step "Purging"
apt-get -qqy purge crmsink >"$work/log" 2>&1 || fail "$(cat "$work/log")"
grep '/var/lib/crmsink' "$work/log" || fail "it does not say what it leaves"
[[ ! -e /etc/crmsink/crmsink.toml && -e /var/lib/crmsink/crmsink.db ]] || fail "what purging leaves"
echo passed
