#!/usr/bin/env bash
# Installs those of the Debian packages that some tests need which are missing; says which.
# Succeeds when all are installed. Where it cannot install them (not Debian 12, not root) it says so and fails; the tests
# that need them are skipped then.
set -euo pipefail

# psql comes with the server.
packages=(pgbouncer postgresql-15 postgresql-15-partman postgresql-15-hypopg postgresql-15-plpgsql-check postgresql-15-cron cron zsh fish)
policy=/usr/sbin/policy-rc.d

skip() {
  echo "Debian packages: SKIPPED ($1)"
  exit 1
}

system=$(. /etc/os-release 2>/dev/null && echo "${ID:-} ${VERSION_ID:-}") || true
[ "$system" = 'debian 12' ] || skip 'this system is not Debian 12'
missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo 'Debian packages: all are installed'
  exit 0
fi
[ "$(id -u)" = 0 ] || skip "not root; missing: ${missing[*]}"

# Debian starts a server as soon as it is installed; the tests start their own ones.
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

echo "Debian packages: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq --no-install-recommends "${missing[@]}" >/dev/null
echo 'Debian packages: installed'
