#!/usr/bin/env bash
# Measures the shared state of Krmx for .NET against npm's @krmx/state, side by side, and writes RESULTS.md.
# usage: bench/state/run.sh [ROUNDS] [SECONDS], by default 5 rounds of 3 seconds for each scenario and side
set -euo pipefail
rounds=${1:-5}
seconds=${2:-3}
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$(cd ../.. && pwd)
artifacts=${ArtifactsPath:-$root/artifacts}
measured=$artifacts/state-bench.jsonl

npm ci --prefix npm --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
dotnet build dotnet -c Release --nologo -v quiet
bench=$artifacts/bin/Krmx.StateBench/release/Krmx.StateBench

: >"$measured"
for round in $(seq "$rounds"); do
    for scenario in shared keyed fresh; do
        for users in 8 200; do
            echo "round $round: $scenario, $users users" >&2
            node npm/bench.mjs "$scenario" "$users" "$seconds" | sed "s/^{/{\"side\":\"npm\",\"scenario\":\"$scenario\",\"users\":$users,/" >>"$measured"
            "$bench" "$scenario" "$users" "$seconds" | sed "s/^{/{\"side\":\"dotnet\",\"scenario\":\"$scenario\",\"users\":$users,/" >>"$measured"
        done
    done
done

commit=$(git describe --always --dirty --abbrev=10 --exclude '*')
node npm/report.mjs "$measured" "$commit" "$rounds" "$seconds" >RESULTS.md.new
mv RESULTS.md.new RESULTS.md
cat RESULTS.md
