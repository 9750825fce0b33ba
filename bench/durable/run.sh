#!/usr/bin/env bash
# Measures durable rooms beside the bare store and beside rooms that are not stored; writes RESULTS.md.
# usage: bench/durable/run.sh [FOLDER]; the files are put into FOLDER (default: a temporary one); leave the machine alone meanwhile
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
artifacts=${ArtifactsPath:-$(cd ../.. && pwd)/artifacts}
folder=$(mktemp -d "${1:-${TMPDIR:-/tmp}}/krmx-durable-bench.XXXXXX")
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)
as=()
if ((EUID == 0)); then
    as=(runuser -u postgres --)
    chown postgres "$folder"
fi
trap 'if [[ -n $bin ]]; then "${as[@]}" "$bin/pg_ctl" -D "$folder/pg" -m immediate stop >/dev/null 2>&1 || true; fi; rm -rf "$folder"' EXIT

dotnet build -c Release --nologo -v quiet
connection=()
if [[ -n $bin ]]; then
    "${as[@]}" "$bin/initdb" -D "$folder/pg" -A trust -U krmx >/dev/null
    "${as[@]}" "$bin/pg_ctl" -D "$folder/pg" -w -l "$folder/pg.log" -o "-c listen_addresses='' -k $folder" start >/dev/null
    connection=("Host=$folder;Username=krmx;Database=postgres")
fi
mkdir "$folder/files"
{
    echo "# Durable rooms: measured"
    echo
    echo "By \`run.sh\`, in one run, on $(nproc) cores, $(date -u +%F), at commit $(git rev-parse --short HEAD). As many rooms as there are each have one turn under way at any time; it sets a value and"
    echo "is waited for until it is stored, or done where nothing is. The bare store commits one such turn of every room together, one commit after the other. Figures"
    echo "are medians of five rounds, in which all four take turns."
    echo
    "$artifacts/bin/Krmx.DurableBench/release/Krmx.DurableBench" "$folder/files" "${connection[@]}"
} | tee RESULTS.md.new
mv RESULTS.md.new RESULTS.md
