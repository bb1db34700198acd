#!/usr/bin/env bash
# Installs into an empty folder, looks for what must be there, and runs the programs from there.
#   tst_installation.sh CMAKE BUILD_FOLDER TARGET [RSVG_CONVERT]      icons of fixed sizes need the last one
set -euo pipefail
cmake="$1" build="$2" target="$3" renderer="${4:-}"
rm -rf "$target"
"$cmake" --install "$build" --prefix "$target" >/dev/null

missing=0
need() {
    [ -s "$target/$1" ] && return
    echo "Not installed: $1"
    missing=$((missing + 1))
}
for file in bin/querent bin/querent-cli share/applications/querent.desktop share/mime/packages/querent.xml \
    share/metainfo/org.querent.querent.metainfo.xml share/man/man1/querent.1.gz share/man/man1/querent-cli.1.gz \
    share/bash-completion/completions/querent share/bash-completion/completions/querent-cli \
    share/doc/querent/copyright share/doc/querent/changelog.gz share/doc/querent/guide.md share/doc/querent/model-files.md \
    share/icons/hicolor/scalable/apps/querent.svg share/icons/hicolor/scalable/mimetypes/application-x-querent.svg; do
    need "$file"
done
if [ -x "$renderer" ]; then
    for size in 16 22 24 32 48 64 128 256 512; do
        need "share/icons/hicolor/${size}x$size/apps/querent.png"
        need "share/icons/hicolor/${size}x$size/mimetypes/application-x-querent.png"
    done
fi
[ $missing -eq 0 ]

# Nothing for developers comes along.
extra="$(find "$target/bin" -type f ! -name querent ! -name querent-cli)"
[ -z "$extra" ] || { echo "Installed as well: $extra"; exit 1; }

# Every subcommand has its section, with every option.
manual="$(gzip -dc "$target/share/man/man1/querent-cli.1.gz" | sed 's/\\-/-/g')"
for command in $("$target/bin/querent-cli" --help | awk '/^[A-Za-z]+:$/ { on = tolower($0) == "subcommands:"; next } on && /^  [^ ]/ { print $1 }'); do
    section="$(awk -v name=".SS \"$command\"" '/^\.S[SH]/ { on = index($0, name) == 1 } on' <<<"$manual")"
    for option in $("$target/bin/querent-cli" "$command" --help | grep -oE '^  --[a-z-]+'); do
        grep -q -e "fB$option\\\\fP" <<<"$section" || { echo "The manual of $command lacks $option."; exit 1; }
    done
    [ -n "$section" ] || { echo "The manual lacks $command."; exit 1; }
done

# The programs find all they need where they are now, with a home of their own.
export HOME="$target/home"
mkdir -p "$HOME"
cd "$HOME"
project="$("$target/bin/querent-cli" demo --to demo --items 20)"
"$target/bin/querent-cli" info "$project" >/dev/null
"$target/bin/querent" "$project" --screenshots shots
[ "$(find shots -name '*.png' -size +1k | wc -l)" -ge 10 ] || { echo 'Fewer than ten pictures of the window.'; exit 1; }
