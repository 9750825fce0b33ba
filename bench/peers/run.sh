#!/usr/bin/env bash
# Measures Krmx for .NET beside its peers and writes ../RESULTS.md. See --help.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: bench/peers/run.sh [--rounds N] [--seconds N] [--peers A,B] [--measures A,B] [--print]

Starts each server on core 0 and the load on core 1, one after the other, and compares them.
Needs two cores that nobody else uses, the .NET 10 SDK, Node.js and taskset.

  --rounds N      how often each is measured; medians are taken (default 3)
  --seconds N     how long a measurement takes, and the warming up before it (default 8)
  --peers A,B     krmx.net, @krmx/server, SignalR, Socket.IO, ws, Kestrel, "bare Kestrel" (default all)
  --measures A,B  200x1x8, 200x8x1, 200x1x1, 2000x1x4, 2000x4x1 (clients x senders
                  x messages under way for each), latency, linking, memory, rooms (default all)
  --print         print the results and leave RESULTS.md as it is
TEXT
}

rounds=3 seconds=8 peers=all measures=all print=false
while (($# > 0)); do
    case $1 in
        --rounds) rounds=$2; shift ;;
        --seconds) seconds=$2; shift ;;
        --peers) peers=$2; shift ;;
        --measures) measures=$2; shift ;;
        --print) print=true ;;
        --help | -h) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done

# What no server on this machine can go beyond; needs a C compiler.
kernel_floor() {
    cc -O2 -o "$artifacts/kernel-floor" kernel/floor.c
    cat <<'TEXT'

## The kernel by itself

A [program in C](peers/kernel/floor.c) that does these system calls and nothing else: it reads what the senders sent, and writes all
of it to each client at once.

| clients | messages under way | deliveries per CPU second (thousands) |
| ---: | ---: | ---: |
TEXT
    local load clients under_way
    for load in '200 8' '200 1' '2000 4'; do
        read -r clients under_way <<<"$load"
        echo "| $clients | $under_way | $(for _ in 1 2 3; do "$artifacts/kernel-floor" "$clients" "$under_way" "$seconds"; done | sort -n | sed -n 2p) |"
    done
}

cd "$(dirname "${BASH_SOURCE[0]}")"
artifacts=${ArtifactsPath:-$(cd ../.. && pwd)/artifacts}
npm ci --prefix node --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
for project in load servers/*; do dotnet build "$project" -c Release --nologo -v quiet; done
ulimit -n "$(ulimit -Hn)"

commit=$(git describe --always --dirty --abbrev=10 --exclude '*')
results=$artifacts/peers-results.md
taskset -c 1 "$artifacts/bin/Krmx.PeersBench/release/Krmx.PeersBench" \
    "$artifacts" "$PWD" "$commit" "$rounds" "$seconds" "$peers" "$measures" >"$results"
if [[ $measures == all ]] && command -v cc >/dev/null; then kernel_floor >>"$results"; fi
if $print; then cat "$results"; else mv "$results" ../RESULTS.md; fi
