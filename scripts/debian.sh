#!/bin/sh
# Installs the Debian packages named, as far as they are missing and we are root; says so otherwise.
set -u
missing=""
for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    printf '\033[2m· Debian packages%s\033[0m\n' "$missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    { apt-get update -qq && apt-get install -qq -y --no-install-recommends $missing; } >/dev/null 2>&1 && exit 0
fi
echo "missing:$missing; browser tests are skipped (Debian: apt-get install$missing)"
exit 0
