# Packages and build steps that the scripts share; sourced, never run. Debian 12, as root or as a user with sudo.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
release_folder=$root/build/release

build_packages=(
  g++ cmake ninja-build pkg-config ca-certificates
  libboost1.81-dev libc-ares-dev libcli11-dev libcurl4-openssl-dev libfmt-dev libre2-dev libsodium-dev libspdlog-dev
  libsqlite3-dev libssl-dev libyaml-cpp-dev nlohmann-json3-dev zlib1g-dev
)
# The pages. An npm from elsewhere is as good, and Debian's cannot be installed beside it; Debian's brings its Node, which fetches a newer one.
web_packages=()
command -v npm >/dev/null || web_packages=(npm)
# The .deb.
package_packages=(debhelper dpkg-dev fakeroot lintian)
# What the tests are built with, and what runs or checks them once they are built.
test_packages=(git libgmock-dev libgtest-dev python3)
check_packages=(
  chromium clang-19 clang-format-19 clang-tidy-19 groff-base iproute2 libclang-rt-19-dev mount openssl procps python3-jsonschema systemd util-linux
)
# The real services of the end-to-end tests. Each test starts its own on a loopback port; the packages must start none.
server_packages=(
  bind9 default-jre-headless dnsmasq-base dovecot-imapd dovecot-pop3d ejabberd exim4-daemon-light iproute2 libzookeeper-java mariadb-client-core
  mariadb-server-core memcached microsocks mosquitto nats-server nginx-light openssh-client openssh-server postgresql prosody rabbitmq-server
  redis-server slapd tinyproxy-bin vsftpd
)
# Debian has room for one mail server: the other is unpacked, not installed, and its libraries are.
unpacked_packages=(postfix)
server_packages+=(libdb5.3 libicu72 libnsl2 libsasl2-2)
unpacked_folder=$root/build/servers

say() { printf '%s\n' "== $*" >&2; }
fail() {
  printf '%s\n' "$(basename "$0"): $*" >&2
  exit 1
}

jobs_count() { nproc 2>/dev/null || echo 2; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "packages are missing and only root can install them; run this as root, or install sudo, or run: apt-get install $*"
  fi
}

missing_packages() {
  local package
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || printf '%s\n' "$package"
  done
}

# Installs what is missing of the packages named. Nothing is ever removed to make room: a conflict is the reader's to decide.
install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -gt 0 ] || return 0
  command -v apt-get >/dev/null || fail "this needs Debian 12 or the packages: ${missing[*]}"
  say "installing ${#missing[@]} packages: ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends --no-remove "${missing[@]}"
}

policy_file=/usr/sbin/policy-rc.d
policy_kept=$policy_file.before-tocsin

forbid_service_starts() {
  if [ -e "$policy_file" ] && [ ! -e "$policy_kept" ]; then
    as_root mv "$policy_file" "$policy_kept"
  fi
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy_file" >/dev/null
  as_root chmod 755 "$policy_file"
}

restore_service_starts() {
  as_root rm -f "$policy_file"
  if [ -e "$policy_kept" ]; then
    as_root mv "$policy_kept" "$policy_file"
  fi
}

# Installs server packages while policy-rc.d forbids every start of a service; the policy that stood there before comes back.
install_server_packages() {
  [ -n "$(missing_packages "$@")" ] || return 0
  trap restore_service_starts EXIT
  forbid_service_starts
  install_packages "$@"
  restore_service_starts
  trap - EXIT
}

# unpack_packages NAME...: the files of each in build/servers/NAME. Nothing of them is started, no user is made, and they conflict with nothing.
unpack_packages() {
  local package work
  for package in "$@"; do
    [ ! -e "$unpacked_folder/$package" ] || continue
    say "unpacking $package"
    work=$unpacked_folder/$package.new
    rm -rf "$work"
    mkdir -p "$work/files"
    (cd "$work" && { apt-get download -q "$package" || { as_root apt-get update -q && apt-get download -q "$package"; }; })
    dpkg-deb -x "$work/$package"_*.deb "$work/files"
    mv "$work/files" "$unpacked_folder/$package"
    rm -rf "$work"
  done
}

no_node_status=9                       # scripts/web: there is no Node, and no way to get one
pages_stamp=$root/build/pages.built  # as old as the sources that web/dist was built from; written by scripts/web

# True when web/dist is what its sources say. A removed file shows in the time of its folder.
pages_are_fresh() {
  local web=$root/web
  [ -f "$web/dist/index.html" ] && [ -f "$pages_stamp" ] &&
    [ -z "$(find "$web/src" "$web/tools" "$web/index.html" "$web"/package*.json "$web/tsconfig.json" "$web/vite.config.ts" -newer "$pages_stamp" -print -quit)" ]
}

# build_pages: web/dist, which CMake puts into the program (TOCSIN_PAGES, cmake/embed_pages.cmake); nothing when it is fresh. Without a Node
# and a way to get one the program is built all the same.
build_pages() {
  local status=0
  pages_are_fresh && return 0
  "$root/scripts/web" || status=$?
  [ "$status" -eq 0 ] && return 0
  [ "$status" -eq "$no_node_status" ] || fail "the pages cannot be built; scripts/web says why"
  if [ -f "$root/web/dist/index.html" ]; then
    say "there is no Node to build the pages with: the program gets those that were built before"
  else
    say "there is no Node to build the pages with: the program has the API and the commands, and no pages"
  fi
}

# configure_release ON|OFF: with tests or without. Every unit's compile time is written down on the way (scripts/timed_compiler).
configure_release() {
  local cache=$release_folder/CMakeCache.txt
  if [ -f "$release_folder/build.ninja" ] && grep -q "^TOCSIN_TESTS:BOOL=$1\$" "$cache"; then
    return 0  # ninja itself configures again when a CMakeLists.txt changed
  fi
  (cd "$root" && cmake --preset release -DTOCSIN_TESTS="$1" -DCMAKE_CXX_COMPILER_LAUNCHER="$root/scripts/timed_compiler")
}

# build_program: the server and the demonstration services, whether or not this folder was configured with tests.
build_program() {
  if [ ! -f "$release_folder/build.ninja" ]; then
    configure_release OFF
  fi
  ninja -C "$release_folder" -j "$(jobs_count)" tocsin tocsin-demo
}
