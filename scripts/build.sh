#!/usr/bin/env bash
# Configures and builds a preset with what install.sh has installed.
#   scripts/build.sh [PRESET [TARGET...]]      default: release, everything
set -euo pipefail
cd "$(dirname "$0")/.."
preset="${1:-release}"
targets=()
[ $# -le 1 ] || targets=(--target "${@:2}")
cmake --preset "$preset"
cmake --build --preset "$preset" --parallel "$(nproc)" "${targets[@]}"
