#!/usr/bin/env bash
# unit_test.sh UNIT: its exposure level by systemd-analyze is at most 2.0, and what others rely on stands in it. Without
# systemd it ends with 77.
set -euo pipefail

unit=$1
for line in User=crmsink Group=crmsink UMask=0007 StateDirectory=crmsink StateDirectoryMode=2770 Restart=always \
  Type=notify ProtectSystem=strict NoNewPrivileges=yes; do
  grep -qx "$line" "$unit" || { echo "no line $line" >&2; exit 1; }
done
if ! command -v systemd-analyze >/dev/null; then
  echo "no systemd-analyze: not tested"
  exit 77
fi
said=$(systemd-analyze security --no-pager --offline=true --threshold=20 "$unit") || { echo "$said" >&2; exit 1; }
echo "$said" | grep 'Overall exposure'
# Unknown keys are warnings there.
wrong=$(systemd-analyze verify --man=no "$unit" 2>&1 | grep -vE 'is not executable|^$' || true)
[[ -z $wrong ]] || { echo "$wrong" >&2; exit 1; }
