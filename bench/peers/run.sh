#!/usr/bin/env bash
# Measures Krmx for .NET beside its peers and writes ../RESULTS.md. See --help.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: bench/peers/run.sh [--rounds N] [--seconds N] [--before COMMIT] [--peers A,B] [--measures A,B] [--print]

Compares servers, each on core 0 with the load on core 1. Under a load all run at the same time and take turns;
what is measured without one is measured of one server after the other.
Needs two cores that nobody else uses, the .NET 10 SDK, Node.js and taskset.

  --rounds N      how many turns each has under a load, and how often users come back; medians are taken (default 7)
  --seconds N     how long a turn is (default 4)
  --before COMMIT measures this library as it was at a commit, too
  --peers A,B     krmx.net, "krmx.net with presence", "krmx.net with sessions", "krmx.net before",
                  @krmx/server, SignalR, Socket.IO, ws, Kestrel, "bare Kestrel", "the kernel" (default all)
  --measures A,B  200x1x8, 200x8x1, 200x1x1, 2000x1x4 (clients x senders
                  x messages under way for each), 200x1x8-tls, 200x1x1-tls, 2000x1x4-tls,
                  latency, linking, returning, returning-2000, memory, rooms (default all)
  --print         print the results and leave RESULTS.md as it is
TEXT
}

rounds=7 seconds=4 before= peers=all measures=all print=false
while (($# > 0)); do
    case $1 in
        --rounds) rounds=$2; shift ;;
        --seconds) seconds=$2; shift ;;
        --before) before=$2; shift ;;
        --peers) peers=$2; shift ;;
        --measures) measures=$2; shift ;;
        --print) print=true ;;
        --help | -h) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done

cd "$(dirname "${BASH_SOURCE[0]}")"
artifacts=${ArtifactsPath:-$(cd ../.. && pwd)/artifacts}
npm ci --prefix node --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
for project in load servers/*; do dotnet build "$project" -c Release --nologo -v quiet; done
if command -v cc >/dev/null; then cc -O2 -o "$artifacts/kernel-floor" kernel/floor.c; fi
before_artifacts=
if [[ -n $before ]]; then
    before=$(git rev-parse --short=10 "$before^{commit}")
    before_artifacts=$artifacts/peers-before-$before
    if [[ ! -d $before_artifacts ]]; then
        git worktree add --force --detach "$artifacts/peers-before" "$before"
        ArtifactsPath=$before_artifacts dotnet build "$artifacts/peers-before/bench/peers/servers/krmx" -c Release --nologo -v quiet
        git worktree remove --force "$artifacts/peers-before"
    fi
fi
ulimit -n "$(ulimit -Hn)"

commit=$(git describe --always --dirty --abbrev=10 --exclude '*')
results=$artifacts/peers-results.md
taskset -c 1 "$artifacts/bin/Krmx.PeersBench/release/Krmx.PeersBench" \
    "$artifacts" "$PWD" "$commit" "$before_artifacts" "$before" "$rounds" "$seconds" "$peers" "$measures" >"$results"
if $print; then cat "$results"; else mv "$results" ../RESULTS.md; fi
