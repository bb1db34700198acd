#!/usr/bin/env bash
# Installs, builds, and shows the main job on the built-in demo: in a window where there is a screen, otherwise the whole
# loop without one (five rounds, a table, a curve and screenshots).
#   scripts/demo.sh [FOLDER]      default: ./build/demo
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install.sh
scripts/build.sh release querent querent-cli
folder="${1:-build/demo}"
bin=build/release/bin

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    exec "$bin/querent" --demo "$folder"
fi
"$bin/querent-cli" demo --to "$folder" --kind pictures
"$bin/querent-cli" round "$folder/demo.querent" --rounds 5 --curve "$folder/curve.svg"
QT_QPA_PLATFORM=offscreen "$bin/querent" "$folder/demo.querent" --screenshots "$folder/screenshots"
echo "Project, curve and screenshots are in $folder"
