#!/usr/bin/env bash
# Installs what Querent builds with, and the packages that are named besides, on Debian 12 or 13, as root or through sudo.
# Does nothing when all of it is there.
#   scripts/install.sh [PACKAGE...]
set -euo pipefail

packages=(
    build-essential cmake ninja-build ccache pkg-config git ca-certificates
    qt6-base-dev qt6-base-dev-tools libqt6charts6-dev libqt6opengl6-dev libqt6svg6-dev qt6-svg-dev
    qt6-svg-plugins qt6-multimedia-dev
    qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools libgl-dev libvulkan-dev
    libtorch-dev libopencv-dev libsqlitecpp-dev libsqlite3-dev
    nlohmann-json3-dev libpugixml-dev libyaml-cpp-dev libcli11-dev libspdlog-dev libxxhash-dev libutf8proc-dev
    libsndfile1-dev libsamplerate0-dev
    libavformat-dev libavcodec-dev libavutil-dev libheif-dev libtiff-dev
    # What takes HEIC and AVIF apart, and puts them together for the tests.
    libheif-plugin-libde265 libheif-plugin-dav1d libheif-plugin-x265 libheif-plugin-aomenc
    libopenblas0-openmp  # LibTorch is content with the reference BLAS, with which training takes a fifth longer
    fonts-dejavu-core
    librsvg2-bin desktop-file-utils
    "$@"
)

# Names differ between releases: of these only the ones that this release knows.
known() { apt-cache show "$1" >/dev/null 2>&1; }
installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

choose() {
    chosen=()
    local package
    for package in "${packages[@]}"; do
        case "$package" in
            libqt6charts6-dev) known "$package" || package=qt6-charts-dev ;;
            libqt6svg6-dev) known "$package" || continue ;;
            qt6-svg-dev) known "$package" || continue ;;
            libqt6opengl6-dev) known "$package" || continue ;;
            libheif-plugin-*) known "$package" || continue ;;  # Debian 12 has them in libheif1
            qt6-svg-plugins) known "$package" || continue ;;  # Debian 12 has them in libqt6svg6
        esac
        installed "$package" || chosen+=("$package")
    done
}

missing_commands() {
    local command
    for command in cmake ninja ccache g++ git; do command -v "$command" >/dev/null || return 0; done
    return 1
}

choose
[ ${#chosen[@]} -gt 0 ] || missing_commands || exit 0
export DEBIAN_FRONTEND=noninteractive
as_root apt-get update -q
choose
[ ${#chosen[@]} -eq 0 ] || as_root apt-get install -y -q --no-install-recommends "${chosen[@]}"
