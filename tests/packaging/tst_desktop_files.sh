#!/usr/bin/env bash
# What desktops read is accepted by their own validators, and a project is known by name and by content.
#   tst_desktop_files.sh FOLDER_OF_AN_INSTALLATION
set -euo pipefail
installed="$1"
checked=0
run() {
    if ! command -v "$1" >/dev/null; then
        echo "Not checked, because $1 is not installed."
        return
    fi
    "$@"
    checked=$((checked + 1))
}
run desktop-file-validate "$installed/share/applications/querent.desktop"
run appstreamcli validate --pedantic --no-net "$installed/share/metainfo/org.querent.querent.metainfo.xml"
if command -v update-mime-database >/dev/null; then
    mime="$installed/home/mime"
    mkdir -p "$mime/packages"
    cp "$installed/share/mime/packages/querent.xml" "$mime/packages"
    update-mime-database "$mime"
    grep -q 'application/x-querent:\*.querent' "$mime/globs"
    grep -q 'application/x-querent application/vnd.sqlite3' "$mime/subclasses"
    grep -aq '\[60:application/x-querent\]' "$mime/magic"
    checked=$((checked + 1))
fi
# The magic is what the program writes: "QRNT" in the header of the database.
project="$installed/home/demo/demo.querent"
[ "$(dd if="$project" bs=1 skip=68 count=4 status=none)" = QRNT ]
[ $checked -gt 0 ] || exit 77
