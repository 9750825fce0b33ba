#!/usr/bin/env bash
# tools.sh LOG [--dotnet-only]: makes sure that the tools of the build and the tests are there; silent when they are.
# Missing ones are installed from the distribution's packages, with apt-get's output in LOG. Where that cannot be done,
# one line on stderr says what is needed and how to get it, and the exit code is 1.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
log=$1

die() {
    echo "test.sh: $*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null; }

check_dotnet() {
    local from="https://dotnet.microsoft.com/download/dotnet/10.0" version
    have dotnet || die "the .NET 10 SDK is missing; get it from $from"
    # global.json makes this fail where no installed SDK will do.
    version=$(dotnet --version 2>/dev/null) ||
        die "no .NET SDK here fits global.json (found: $(dotnet --list-sdks 2>/dev/null | cut -d ' ' -f 1 | xargs)); get .NET 10 from $from"
    [[ $version == 10.* ]] || die ".NET SDK $version is here where 10.0 is needed; get it from $from"
}

missing_tools() {
    have node || echo node
    have npm || echo npm
    have chromium || have chromium-browser || echo chromium
    have_daemon nginx || echo nginx
    have_daemon haproxy || echo haproxy
    have_postgresql || echo postgresql
}

# Debian leaves /usr/sbin out of the path of those who are not root.
have_daemon() { have "$1" || [[ -x /usr/sbin/$1 ]]; }

# Debian keeps the server's programs of each version in a folder of its own.
have_postgresql() { have initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

package_of() {
    case $1 in
        node) echo nodejs ;;
        # Ubuntu's name for it.
        chromium) if grep -qsx 'ID=ubuntu' /etc/os-release; then echo chromium-browser; else echo chromium; fi ;;
        *) echo "$1" ;;
    esac
}

# Emoji in screenshots: welcome, but no test needs the font.
has_emoji_font() { [[ -n $(find /usr/share/fonts /usr/local/share/fonts -iname '*emoji*' -print -quit 2>/dev/null) ]]; }

apt_install() {
    local as_root=()
    if ((EUID != 0)); then as_root=(sudo -n); fi
    echo "== installing $*"
    {
        "${as_root[@]}" apt-get update &&
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
                apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "$@"
    } >"$log" 2>&1 </dev/null
}

check_dotnet
if [[ ${2:-} == --dotnet-only ]]; then exit; fi

packages=()
for tool in $(missing_tools); do packages+=("$(package_of "$tool")"); done
needed="${packages[*]}"
has_emoji_font || packages+=(fonts-noto-color-emoji)
tried=""
if ((${#packages[@]} > 0)) && have apt-get && { ((EUID == 0)) || sudo -n true 2>/dev/null; }; then
    apt_install "${packages[@]}" || tried=" (apt-get failed here, see $log)"
fi

missing=$(missing_tools | xargs)
[[ -z $missing ]] || die "missing: $missing; as root, run 'apt-get install $needed' and try again$tried"
version=$(node --version)
if [[ ! $version =~ ^v([0-9]+) ]] || ((BASH_REMATCH[1] < 18)); then
    die "Node.js $version is too old, 18 or later is needed; upgrade it, for example with 'apt-get install nodejs'"
fi
