#!/usr/bin/env bash
# Runs everything: builds, checks the format, runs every test suite. See --help.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: ./test.sh [--quick | --soak MINUTES]

Builds Krmx, checks its format and runs every test suite; the last line is 'N passed, N failed'.
Needs the .NET 10 SDK. Node.js, Chromium, nginx, HAProxy and PostgreSQL are installed from the packages of
Debian or Ubuntu if they are missing, which needs root or sudo without a password.

  --quick         build and run the quick unit tests, for while you write: about ten seconds; needs none of them
  --soak MINUTES  try every fault over and over for that long, and look for what breaks or grows; at least six rounds
  --help          show this text

Logs and xunit reports are in artifacts/test-results.
KRMX_SUITE_LIMIT is the number of seconds that one suite may take (default 3000).
TEXT
}

quick=false
soak=0
case "$#:${1:-}" in
    0:) ;;
    2:--soak)
        if [[ ! $2 =~ ^[1-9][0-9]{0,4}$ ]]; then
            echo "--soak needs a number of minutes, not '$2'." >&2
            exit 2
        fi
        soak=$2
        ;;
    1:--quick) quick=true ;;
    1:--help | 1:-h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
esac

cd "$(dirname "${BASH_SOURCE[0]}")"
artifacts=${ArtifactsPath:-$PWD/artifacts}
results=$artifacts/test-results
suite_limit=${KRMX_SUITE_LIMIT:-3000}
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false

passed=0
failed=0
skipped=0

# The closing line. A step that failed without a test to blame has been counted as one failed, so this never claims too much.
finish() {
    local summary="$passed passed, $failed failed"
    if ((skipped > 0)); then summary+=", $skipped skipped"; fi
    printf '\n%s\n' "$summary"
    exit $((failed > 0))
}

# run_step NAME COMMAND...: quiet when the command succeeds; otherwise shows all it said and counts as one failed.
run_step() {
    local name=$1 log=$results/$1.log started=$SECONDS
    shift
    echo "== $name"
    if "$@" >"$log" 2>&1 </dev/null; then
        echo "   ok ($((SECONDS - started)) s)"
        return
    fi
    cat "$log"
    echo "   $name FAILED ($((SECONDS - started)) s)"
    failed=$((failed + 1))
    return 1
}

# report_count REPORT ATTRIBUTE: a total from the head of an xunit report, 0 if there is none.
report_count() {
    if [[ $(head -c 4000 "$1" 2>/dev/null) =~ \ $2=\"([0-9]+)\" ]]; then echo "${BASH_REMATCH[1]}"; else echo 0; fi
}

# execute_suite NAME [OPTION...]: runs a test executable, and leaves its log, its report, its exit code and its seconds.
execute_suite() {
    local name=$1 started=$SECONDS exit_code=0
    shift
    timeout --foreground --kill-after=10 "$suite_limit" "$artifacts/bin/$name/release/$name" \
        -noColor -noLogo -noAutoReporters -longRunning 60 -result-xml "$results/$name.xml" "$@" \
        </dev/null >"$results/$name.log" 2>&1 || exit_code=$?
    echo "$exit_code $((SECONDS - started))" >"$results/$name.exit"
}

# count_suite NAME: says how an executed suite ended and adds up its report. No report, no test run, or an exit code
# that the failed tests do not explain (a crash, an error outside a test, a hang) counts as one failed.
count_suite() {
    local name=$1 log=$results/$1.log report=$results/$1.xml trouble="" exit_code seconds suite_passed suite_failed suite_skipped
    read -r exit_code seconds <"$results/$name.exit"
    suite_passed=$(report_count "$report" passed)
    suite_failed=$(report_count "$report" failed)
    suite_skipped=$(report_count "$report" skipped)

    if ((exit_code == 124 || exit_code == 137)); then
        trouble="stopped after $suite_limit s"
    elif [[ ! -s $report ]]; then
        trouble="ended with exit code $exit_code and no report"
    elif ((exit_code != 0 && suite_failed == 0)); then
        trouble="ended with exit code $exit_code"
    elif ((suite_passed + suite_failed == 0)); then
        trouble="ran no test"
    fi
    if [[ -n $trouble ]]; then suite_failed=$((suite_failed + 1)); fi
    echo "== $name"
    if ((suite_failed > 0)); then cat "$log"; fi
    if [[ -n $trouble ]]; then echo "   $name $trouble, counted as one failed"; fi
    echo "   $suite_passed passed, $suite_failed failed, $suite_skipped skipped ($seconds s)"

    passed=$((passed + suite_passed))
    failed=$((failed + suite_failed))
    skipped=$((skipped + suite_skipped))
}

# execute_in_background SUITE...: one after the other, and then the format, with what the suites in front leave of the processors.
execute_in_background() {
    renice -n 19 "$BASHPID" >/dev/null
    for suite in "$@"; do execute_suite "$suite"; done
    dotnet format whitespace Krmx.slnx --verify-no-changes --no-restore >"$results/format.log" 2>&1 </dev/null || touch "$results/format.failed"
}

# The format has been checked in the background, as far as the build does not: a step that passes when nothing was found.
has_format() {
    cat "$results/format.log"
    [[ ! -e $results/format.failed ]]
}

# run_typescript: checks the types of the TypeScript client and of the sample that is made with it, and runs its tests.
run_typescript() {
    local name=typescript log=$results/typescript.log report=$results/typescript.json started=$SECONDS exit_code=0 counts suite_passed=0 suite_failed=0
    run_step typescript-types npm run check --prefix clients/typescript || true
    run_step board-types npm run check --prefix samples/Board/web || true
    echo "== $name"
    (cd clients/typescript && timeout --foreground --kill-after=10 "$suite_limit" npx vitest run --reporter=default --reporter=json --outputFile.json="$report") \
        >"$log" 2>&1 </dev/null || exit_code=$?
    if counts=$(node -p 'const { numPassedTests, numFailedTests } = require(process.argv[1]); `${numPassedTests} ${numFailedTests}`' "$report" 2>>"$log"); then
        read -r suite_passed suite_failed <<<"$counts"
    fi
    if ((suite_passed + suite_failed == 0 || (exit_code != 0 && suite_failed == 0))); then
        echo "   $name ended with exit code $exit_code and $suite_passed tests passed, counted as one failed"
        suite_failed=$((suite_failed + 1))
    fi
    if ((suite_failed > 0)); then cat "$log"; fi
    echo "   $suite_passed passed, $suite_failed failed ($((SECONDS - started)) s)"
    passed=$((passed + suite_passed))
    failed=$((failed + suite_failed))
}

rm -rf "$results"
mkdir -p "$results"

if $quick; then
    eng/tools.sh "$results/apt.log" --dotnet-only
    run_step build dotnet build tests/Quick.slnf -c Release || finish
    # What tests/Shared/FullRunOnlyAttribute.cs marks.
    for suite in Krmx.Tests Krmx.State.Tests; do
        execute_suite "$suite" -trait- run=full
        count_suite "$suite"
    done
    finish
fi

if ((soak > 0)); then
    eng/tools.sh "$results/apt.log" --dotnet-only
    run_step build dotnet build tests/Krmx.FunctionalTests/Krmx.FunctionalTests.csproj -c Release || finish
    echo "== soak, $soak minutes"
    KRMX_SOAK_MINUTES=$soak "$artifacts/bin/Krmx.FunctionalTests/release/Krmx.FunctionalTests" -noColor -noLogo -noAutoReporters -showLiveOutput \
        -explicit only -class Krmx.FunctionalTests.Faults.SoakTests -result-xml "$results/soak.xml" </dev/null || true
    passed=$(report_count "$results/soak.xml" passed)
    failed=$((1 - passed))
    finish
fi

eng/tools.sh "$results/apt.log"
for peers in tests/peers tests/peers-state clients/typescript samples/Board/web; do
    if [[ ! $peers/node_modules/.package-lock.json -nt $peers/package-lock.json ]]; then
        run_step "npm-${peers##*/}" npm ci --prefix "$peers" --ignore-scripts --no-audit --no-fund || finish
    fi
done
run_step build dotnet build Krmx.slnx -c Release || finish
run_typescript

# Simulations only calculate, and tests over sockets wait most of the time: side by side, and the sockets first.
echo "== every suite, the simulations behind those that wait for sockets"
execute_in_background Krmx.Storage.Tests Krmx.Tests Krmx.State.Tests &
trap 'pkill --parent "$!" || true' INT TERM
for suite in Krmx.Conformance Krmx.FunctionalTests; do
    execute_suite "$suite"
    count_suite "$suite"
done
wait
for suite in Krmx.Storage.Tests Krmx.Tests Krmx.State.Tests; do count_suite "$suite"; done
run_step format-check has_format || true
finish
