#!/usr/bin/env bash
# Installs, builds and runs all tests. They need no screen, sound card, GPU or network.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install.sh
scripts/build.sh release
ctest --preset release --parallel "$(nproc)"
