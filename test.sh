#!/usr/bin/env bash
# Builds everything with warnings as errors, runs every test, and ends with one line: N passed, N failed, N skipped.
# With --fast as its first argument it leaves out tests that start processes; CONTRIBUTING.md says when that is enough. All other arguments go to dotnet test.
set -euo pipefail
cd "$(dirname "$0")"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
# One compiler server, for the build and for what the tests build, takes half the time of a compiler process for each project. It has a name of its own,
# so that the server of another build is neither used nor shut down. It redirects its streams, so nothing that waits for a build waits for it.
export UseSharedCompilation=true SharedCompilationId="incoming-calls-$$"
configuration=Release
results=artifacts/test-results
fast=
[ "${1-}" != --fast ] || { fast=1; shift; }

# Two lanes of projects that run at once, each one project after the other, which is what two cores have room for. In the first the cluster campaign
# begins, since it takes long and mostly waits; then come the projects that start programs and watch them. What is in neither list runs in
# the second lane before the rest of it, so that a new project is never left out.
first=(IncomingCalls.ClusterTests.Tests IncomingCalls.EndToEnd.Tests IncomingCalls.Browser.Tests IncomingCalls.CrashTests.Tests IncomingCalls.Cli.Tests IncomingCalls.Guides.Tests IncomingCalls.Orleans.Tests)
packages=IncomingCalls.Packages.Tests
rest=(IncomingCalls.PostgreSql.Tests IncomingCalls.BotHost.Tests)
last=IncomingCalls.Secrecy.Tests

# What the tests need and a bare machine may lack: a linker and zlib for the native executable, Redis, PostgreSQL with a pooler and network namespaces for clusters, a browser, a proxy.
missing=()
command -v gcc >/dev/null || command -v clang >/dev/null || missing+=(gcc)
[ -e /usr/include/zlib.h ] || missing+=(zlib1g-dev)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx)
command -v ip >/dev/null || [ -x /usr/sbin/ip ] || missing+=(iproute2)
command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] || missing+=(pgbouncer)
if [ -z "$fast" ] && [ ${#missing[@]} -gt 0 ]; then
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"
  else
    echo "Not installed: ${missing[*]}. Tests that need them are skipped (under CI they fail)." >&2
  fi
fi

# Ends what this script has started: a lane that is still running, and the compiler server.
beside=
end_started() {
  [ -z "$beside" ] || kill -- "-$beside" 2>/dev/null || true
  sdk=$(dotnet --version)
  "$(dotnet --list-sdks | sed -n "s|^$sdk \[\(.*\)\]$|\1|p")/$sdk/Roslyn/bincore/VBCSCompiler" "-pipename:$SharedCompilationId" -shutdown >/dev/null 2>&1 || true
}
trap end_started EXIT

dotnet build IncomingCalls.sln -c "$configuration" --nologo

rm -rf "$results" artifacts/captured-output
mkdir -p "$results"
export OUTPUT_CAPTURE_DIR="$PWD/artifacts/captured-output"

# The tests of the solution are the projects with xunit's adapter beside them.
others=()
while IFS= read -r project; do
  name=$(basename "$project" .csproj)
  [ -e "artifacts/bin/$name/release/xunit.runner.visualstudio.testadapter.dll" ] || continue
  case " ${first[*]} $packages ${rest[*]} $last " in *" $name "*) ;; *) others+=("$project") ;; esac
done < <(dotnet sln IncomingCalls.sln list | tr -d '\r' | tr '\\' / | grep '\.csproj$')

# Runs projects in turn, the first argument being how nice they are to the other lane. What each prints is shown when it is over, since two at once would mix.
lane() {
  local nice=$1 projects=$2 project name failed=0
  shift 2
  for project in $projects; do
    name=$(basename "$project" .csproj)
    nice -n "$nice" dotnet test "$project" -c "$configuration" --no-build --nologo \
      --logger "trx;LogFileName=$name.trx" --results-directory "$results" "$@" >"$results/$name.log" 2>&1 </dev/null || failed=1
    cat "$results/$name.log"
  done
  return "$failed"
}

status=0
if [ -n "$fast" ]; then
  lane 0 "${others[*]}" "$@" || status=1
else
  # A lane of its own process group, so that it can be ended with all it has started when this script is.
  set -m
  lane 0 "${first[*]/#/tests/}" "$@" &
  beside=$!
  set +m
  # A silo that gets no time is declared dead. So what is beside the campaign gives way a little: more, and a busy machine would starve it.
  lane 5 "tests/$packages ${others[*]}" "$@" || status=1
  lane 0 "${rest[*]/#/tests/}" "$@" || status=1
  wait "$beside" || status=1
  beside=
fi

# What all of them logged, traced and threw shows no secret and no phone number. Part of the tests prove nothing about the whole.
if [ -z "$fast" ] && [ $# -eq 0 ]; then
  OUTPUT_CAPTURE_DIR='' CAPTURED_OUTPUT_DIR="$PWD/artifacts/captured-output" dotnet test "tests/$last" -c "$configuration" --no-build --nologo \
    -p:RunSecrecyTests=true --logger "trx;LogFileName=$last.trx" --results-directory "$results" || status=1
fi

eng/slowest-tests.sh "$results" 10

# One line over all projects, from the results themselves.
count() { cat "$results"/*.trx 2>/dev/null | grep -o "<Counters [^>]*>" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ n += $1 } END { print n + 0 }' || true; }
total=$(count total) passed=$(count passed) failed=$(count failed)
[ "$passed" -gt 0 ] && [ "$failed" -eq 0 ] || status=1
echo "$passed passed, $failed failed, $((total - passed - failed)) skipped"
exit "$status"
