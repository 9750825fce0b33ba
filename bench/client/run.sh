#!/usr/bin/env bash
# Measures what a change of a view of 1,000 items costs clients, and how large the browser's client is; writes RESULTS.md.
# usage: bench/client/run.sh; leave the machine alone meanwhile
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$(cd ../.. && pwd)
artifacts=${ArtifactsPath:-$root/artifacts}
frames=$artifacts/client-bench.txt
page=$artifacts/client-bench-page

npm ci --prefix npm --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
dotnet build dotnet -c Release --nologo -v quiet
dotnet publish wasm -c Release --nologo -v quiet -p:PublishTrimmed=false -o "$page"
bench=$artifacts/bin/Krmx.ClientBench/release/Krmx.ClientBench

"$bench" frames "$frames"
node=$(node npm/bench.mjs "$frames" 1000)
echo "Node.js: $node" >&2
dotnet=$("$bench" measure "$frames")
echo ".NET: $dotnet" >&2

cp "$frames" "$page/wwwroot/frames.txt"
"$bench" serve "$page/wwwroot" >"$artifacts/client-bench-wasm.json" &
server=$!
browser=$(command -v chromium || command -v chromium-browser)
until curl -fs http://127.0.0.1:8099/ >/dev/null; do sleep 0.2; done
profile=$(mktemp -d)
"$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$profile" --remote-debugging-port=0 http://127.0.0.1:8099/ >/dev/null 2>&1 &
window=$!
wait $server
kill $window
wait $window || true
rm -rf "$profile"
wasm=$(cat "$artifacts/client-bench-wasm.json")
echo "WebAssembly: $wasm" >&2

size() { gzip -9 -c "$1" | wc -c; }
node report.mjs "$node" "$dotnet" "$wasm" "$(size ../../src/Krmx.AspNetCore/wwwroot/krmx.js)" "$(git describe --always --dirty --abbrev=10 --exclude '*')" >RESULTS.md.new
mv RESULTS.md.new RESULTS.md
cat RESULTS.md
