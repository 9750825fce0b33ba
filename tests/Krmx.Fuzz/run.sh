#!/usr/bin/env bash
# Fuzzes the codec, the link check, the delta reader and the server, guided by coverage. See --help.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: tests/Krmx.Fuzz/run.sh [--target NAME] [--executions N]
       tests/Krmx.Fuzz/run.sh --replay FILE [--target NAME]

Gives a target inputs that afl-fuzz makes, and prints how far it is once a minute. Ends with exit code 0 when all held, and
with 1 at the first input for which the target's property does not hold, or that takes longer than five seconds; its path is printed.
Needs the .NET 10 SDK and afl-fuzz: on Debian or Ubuntu 'apt-get install afl++'.

  --target NAME     messages, links, deltas or server; default: each, one after the other
  --executions N    how many executions for each target; default 1000000
  --replay FILE     check one input, without afl-fuzz; where no target is named, it is the folder in the path that has a target's name
  --help            show this text

Seeds are corpus/NAME and, where they are there, the files of tests/corpus. What a run finds is in artifacts/fuzz/NAME.
TEXT
}

die() {
    echo "run.sh: $*" >&2
    exit 2
}

targets=(messages links deltas server)
target="" executions=1000000 replay=""
while (($# > 0)); do
    case $1 in
        --target | --executions | --replay)
            [[ -n ${2:-} ]] || die "$1 needs a value; see --help"
            declare "${1#--}=$2"
            shift 2
            ;;
        --help | -h) usage; exit 0 ;;
        *) die "'$1' is no option; see --help" ;;
    esac
done
[[ -z $target || " ${targets[*]} " == *" $target "* ]] || die "there is no target '$target', only: ${targets[*]}"
[[ $executions =~ ^[1-9][0-9]*$ ]] || die "--executions must be a number of at least 1, not '$executions'"
if [[ -n $replay ]]; then
    [[ -f $replay ]] || die "there is no file '$replay'"
    replay=$(realpath "$replay")
    for name in "${targets[@]}"; do
        if [[ -z $target && $replay == */"$name"/* ]]; then target=$name; fi
    done
    [[ -n $target ]] || die "the path of '$replay' names no target; give one with --target"
else
    command -v afl-fuzz >/dev/null || die "afl-fuzz is missing; on Debian or Ubuntu, run 'apt-get install afl++'"
    if [[ -n $target ]]; then targets=("$target"); fi
fi

cd "$(dirname "${BASH_SOURCE[0]}")"
export ArtifactsPath=${ArtifactsPath:-$PWD/../../artifacts}
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
build=$ArtifactsPath/bin/Krmx.Fuzz/release
work=$ArtifactsPath/fuzz
mkdir -p "$work"
dotnet build Krmx.Fuzz.csproj -c Release >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 2; }

if [[ -n $replay ]]; then
    "$build/Krmx.Fuzz" "$target" "$replay"
    exit
fi

# A copy, because what is instrumented works under the fuzzer alone.
instrumented=$work/instrumented
rm -rf "$instrumented"
cp -r "$build" "$instrumented"
{ dotnet tool restore && dotnet tool run sharpfuzz "$instrumented/Krmx.Core.dll"; } >"$work/instrument.log" 2>&1 ||
    { cat "$work/instrument.log"; exit 2; }

# The fuzzer is told not to look for an instrumented native program, nor at how the machine handles cores and clocks: exceptions are
# reported by the program itself.
export AFL_SKIP_BIN_CHECK=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
export AFL_BENCH_UNTIL_CRASH=1 AFL_HANG_TMOUT=5000
# The input in hand is a file, which doubles the speed where it is in memory.
input_folder=""
if [[ -w /dev/shm ]]; then
    input_folder=$(mktemp -d /dev/shm/krmx-fuzz.XXXXXX)
    export AFL_TMPDIR=$input_folder
fi

fuzzer=""
clean_up() {
    if [[ -n $fuzzer ]]; then kill "$fuzzer" 2>/dev/null || true; fi
    rm -rf "$input_folder"
}
trap clean_up EXIT

# copy_seeds FOLDER: the corpus, and hostile inputs of the other suites; large ones would only slow the fuzzer.
copy_seeds() {
    rm -rf "$1"
    mkdir -p "$1"
    cp "corpus/$name"/* "$1"
    if [[ -d ../corpus/$name ]]; then
        find "../corpus/$name" -type f -size -2049c -exec cp --backup=numbered -t "$1" {} +
    fi
}

# progress FILE: one line from the statistics that the fuzzer writes once a minute.
progress() {
    awk -F " *: *" -v name="$name" '{ is[$1] = $2 } END {
        printf "%s: %d executions, %d a second, %d inputs, %d edges, %d s\n", name, is["execs_done"], is["execs_per_sec"],
            is["corpus_count"], is["edges_found"], is["run_time"] }' "$1"
}

run_target() {
    local name=$1 out=$work/$1 log=$work/$1.log options=() exit_code=0 line="" found
    local stats=$out/default/fuzzer_stats
    rm -rf "$out"
    copy_seeds "$work/seeds"
    # The fuzzer would pass over a seed that fails.
    if ! "$build/Krmx.Fuzz" "$name" "$work/seeds"/* >"$log" 2>&1; then
        grep -v ": holds$" "$log"
        echo "$name: the property does not hold for a seed; replay it: tests/Krmx.Fuzz/run.sh --target $name --replay FILE"
        exit 1
    fi
    for dictionary in json "$name"; do
        if [[ $name != server && -f dictionaries/$dictionary.dict ]]; then options+=(-x "dictionaries/$dictionary.dict"); fi
    done
    # Inputs are short, so it is cheap to change each byte of each (-D), and finds what chance takes long for.
    afl-fuzz -D -i "$work/seeds" -o "$out" -E "$executions" -t 5000 -m none "${options[@]}" -- "$instrumented/Krmx.Fuzz" "$name" \
        >"$log" 2>&1 </dev/null &
    fuzzer=$!
    while kill -0 "$fuzzer" 2>/dev/null; do
        sleep 1
        if [[ -f $stats && $(progress "$stats") != "$line" ]]; then
            line=$(progress "$stats")
            echo "$line"
        fi
    done
    wait "$fuzzer" || exit_code=$?
    fuzzer=""

    found=$(find "$out/default/crashes" "$out/default/hangs" -name 'id:*' 2>/dev/null | head -n 1)
    if [[ -n $found ]]; then
        echo "$name: the property does not hold for $found"
        echo "replay it: tests/Krmx.Fuzz/run.sh --replay '$found'"
        exit 1
    fi
    ((exit_code == 0)) || { tail -n 20 "$log"; echo "$name: afl-fuzz failed with exit code $exit_code; see $log"; exit 1; }
    echo "$name: held"
}

for target in "${targets[@]}"; do run_target "$target"; done
