#!/usr/bin/env bash
# The slowest tests of a folder of trx files, in seconds: eng/slowest-tests.sh FOLDER [COUNT]
set -euo pipefail

cat "$1"/*.trx 2>/dev/null | grep -o '<UnitTestResult [^>]*>' \
  | sed -nE 's/.* testName="([^"]*)".* duration="([0-9]+):([0-9]+):([0-9.]+)".*/\2 \3 \4 \1/p' \
  | sed -e 's/&quot;/"/g' -e "s/&#39;/'/g" -e 's/&lt;/</g' -e 's/&gt;/>/g' -e 's/&amp;/\&/g' \
  | awk '{ seconds = $1 * 3600 + $2 * 60 + $3; sub(/^[^ ]+ [^ ]+ [^ ]+ /, ""); printf "%8.1f s  %s\n", seconds, $0 }' \
  | LC_ALL=C sort -rn | awk -v count="${2:-10}" 'NR == 1 { print "The slowest tests:" } NR <= count' || true
