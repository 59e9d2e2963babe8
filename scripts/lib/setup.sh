# shellcheck shell=bash
# What the scripts share: `set_up` installs what a build needs, or says what is missing.

packages=(
    binutils-gold   # the linker that swiftc calls; part of binutils before Debian 13
    ca-certificates # git checks github.com by it, the server a webhook's receiver
    g++             # what C links against; C++ for the BoringSSL inside swift-crypto
    git             # SwiftPM fetches the dependencies with it
    libcurl4        # SwiftPM's own programs are linked against this,
    libncurses6     # this
    libxml2         # and this
    zstd            # tests read sealed partitions with its tools
    libsqlite3-dev  # the last three: what Tidemark links against
    libzstd-dev
    zlib1g-dev
)

note() { printf '==> %s\n' "$*" >&2; }

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

set_up() {
    # On a bare system the toolchain cannot even tell its version: it lacks libraries from the list.
    if [[ $(swift_version) != *'error while loading shared libraries'* ]]; then require_swift; fi
    install_packages
    require_swift
}

swift_version() {
    if command -v swift >/dev/null; then swift --version 2>&1 || true; fi
}

require_swift() {
    local found
    found=$(swift_version)
    if [[ $found =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]]; then
        ((BASH_REMATCH[1] * 100 + BASH_REMATCH[2] < 603)) || return 0
    fi
    found=${found%%$'\n'*}
    die "Swift 6.3 or newer must be on PATH (found: ${found:-none});" \
        'get it from https://swift.org/install or with swiftly' \
        "(Debian's package called swift is something else: OpenStack's object storage)"
}

install_packages() {
    if ! command -v dpkg-query >/dev/null; then
        note "neither Debian nor Ubuntu: trusting that these are there: ${packages[*]}"
        return
    fi
    local missing
    mapfile -t missing < <(missing_packages)
    ((${#missing[@]} > 0)) || return 0

    local by_hand="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
    if ((EUID != 0)) && ! command -v sudo >/dev/null; then
        die "packages are missing, and there is no sudo; an administrator has to run: $by_hand"
    fi
    note "installing with apt-get: ${missing[*]}"
    if compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null &&
        apt_get install -y --no-install-recommends "${missing[@]}"; then
        return
    fi
    note 'updating the lists of packages'
    { apt_get update && apt_get install -y --no-install-recommends "${missing[@]}"; } ||
        die "apt-get failed; an administrator has to run: $by_hand"
}

# A package may have another's name by now: Ubuntu 24.04 provides libcurl4 as libcurl4t64.
missing_packages() {
    comm -23 <(printf '%s\n' "${packages[@]}" | sort) \
        <(dpkg-query -W -f '${db:Status-Status} ${Package}, ${Provides}\n' |
            sed -n 's/^installed //p' | tr -s ', ' '\n' | sort)
}

# A fresh Ubuntu holds dpkg's lock while it upgrades itself: wait for it.
apt_get() {
    local run=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
    ((EUID == 0)) || run=(sudo "${run[@]}")
    "${run[@]}" "$@" >/dev/null
}
