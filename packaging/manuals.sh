#!/usr/bin/env bash
# Writes the manual pages of both programs from what they say about themselves (--help) and from the project's documents,
# so that neither can be out of date. Fails where a subcommand is missing in docs/cli.md.
#   packaging/manuals.sh FOLDER_OF_PROGRAMS VERSION TARGET_FOLDER
set -euo pipefail
programs="$1" version="$2" target="$3"
root="$(cd "$(dirname "$0")/.." && pwd)"
mkdir -p "$target"

# Text as roff wants it, `words` of Markdown in bold.
escape='
    function roff(text) {
        gsub(/\\/, "\\e", text)
        gsub(/-/, "\\-", text)
        if (text ~ /^[.'"'"']/) text = "\\&" text
        while (match(text, /`[^`]*`/)) {
            text = substr(text, 1, RSTART - 1) "\\fB" substr(text, RSTART + 1, RLENGTH - 2) "\\fP" substr(text, RSTART + RLENGTH)
        }
        return text
    }'

# The lists of a --help as tagged paragraphs: standard input, the headings to leave out in `skip`.
items() {
    awk -v skip="${1:-}" "$escape"'
        # "--count INT:POSITIVE=3 REQUIRED" of CLI11, "--demo <FOLDER>" of Qt.
        function term(text,   words, count, i, type, out) {
            count = split(text, words, " ")
            out = ""
            for (i = 1; i <= count; ++i) {
                if (words[i] == "REQUIRED") { note = " Required."; continue }
                if (words[i] ~ /^-/ || (i == 1 && words[i] !~ /^</)) {
                    out = out (out == "" ? "" : " ") "\\fB" roff(words[i]) "\\fP"
                    continue
                }
                type = words[i]
                if (type ~ /=/ && type !~ /^</) { note = note " Default: " substr(type, index(type, "=") + 1) "."; sub(/=.*/, "", type) }
                if (type ~ /\{.*\}/) { sub(/^[^{]*\{/, "", type); sub(/\}.*/, "", type); gsub(/,/, "|", type) }
                sub(/:.*/, "", type); gsub(/[<>]/, "", type)
                if (type == "INT" || type == "UINT") type = "N"
                out = out " \\fI" roff(type) "\\fP"
            }
            return out
        }
        function flush() {
            if (name == "") return
            note = ""
            name = term(name)
            sub(/[ .]+$/, "", text)
            printf ".TP\n%s\n%s.%s\n", name, roff(text), roff(note)
            name = text = ""
        }
        /^[A-Za-z]+:$/ { flush(); heading = tolower($1); next }
        heading == "" || index(skip, heading) { next }
        /^  ? ?[^ ]/ {
            flush()
            line = substr($0, match($0, /[^ ]/))
            at = match(line, /  +/)
            name = at ? substr(line, 1, at - 1) : line
            text = at ? substr(line, at + RLENGTH) : ""
            next
        }
        /^    / { sub(/^ +/, ""); text = text (text == "" ? "" : " ") $0 }
        END { flush() }'
}

# Paragraphs of Markdown.
paragraphs() {
    awk "$escape"'/^$/ { print ".PP"; next } { print roff($0) }' | sed -e ':a' -e '/^\.PP$/{N;/^\.PP\n\.PP$/{s/\.PP\n//;ba}}'
}

# How docs/cli.md writes a subcommand, on one line.
synopsis() {
    awk -v words="$1" '
        /^```/ { inside = !inside; next }
        inside && /^querent-cli/ {
            line = $0
            gsub(/ +/, " ", line)
            on = index(line " ", "querent-cli " words " ") == 1
            if (on && found != "") found = found "\n"
            if (on) { found = found line; next }
        }
        inside && on { sub(/^ +/, " "); found = found $0 }
        END { print found }' "$root/docs/cli.md"
}

roff_line() { awk "$escape"'{ print roff($0) }' <<<"$1"; }
subcommands() { awk '/^[A-Za-z]+:$/ { on = tolower($0) == "subcommands:"; next } on && /^  [^ ]/ { print $1 }'; }

# One section of querent-cli(1): a subcommand, or one of a subcommand.
section() {
    local help sentence written
    help="$("$programs/querent-cli" $1 --help)"
    sentence="$(grep -m 1 -v -e '^$' -e '^Usage' <<<"$help")"
    written="$(synopsis "$1")"
    if [ -z "$written" ]; then
        echo "docs/cli.md does not say how querent-cli $1 is called." >&2
        exit 1
    fi
    printf '.SS "%s"\n' "$1"
    local line
    while IFS= read -r line; do printf '.B %s\n.br\n' "$(roff_line "$line")"; done <<<"$written"
    printf '.PP\n%s.\n' "$(roff_line "${sentence%.}")"
    grep -v -e '^ *-h, *--help' <<<"$help" | items 'subcommands:'
    local each
    for each in $(subcommands <<<"$help"); do section "$1 $each"; done
}

ending() {
    printf '.SH FILES\n.TP\n.I NAME.querent\nA project: one SQLite database.\n'
    printf '.TP\n.I NAME.querent.d/\nBeside it: models, checkpoints, thumbnails and backups.\n'
    printf '.SH ENVIRONMENT\n.TP\n.B OMP_NUM_THREADS\nHow many threads training takes at most.\n'
    printf '.SH "SEE ALSO"\n.BR %s (1)\n.PP\nThe user guide: /usr/share/doc/querent/guide.md\n' "$1"
}

cli_page() {
    local help each
    help="$("$programs/querent-cli" --help)"
    printf '.TH QUERENT\\-CLI 1 "" "Querent %s" "User Commands"\n' "$version"
    printf '.SH NAME\nquerent\\-cli \\- active learning for pictures and sounds, without a screen\n'
    printf '.SH SYNOPSIS\n.B querent\\-cli\n.I SUBCOMMAND\n[\\fIOPTION\\fP]...\n'
    printf '.SH DESCRIPTION\n'
    awk '/^```/ { exit } NR > 2' "$root/docs/cli.md" | paragraphs
    printf '.SH OPTIONS\n'
    items 'subcommands:' <<<"$help"
    printf '.SH SUBCOMMANDS\n'
    for each in $(subcommands <<<"$help"); do section "$each"; done
    printf '.SH NOTES\n'
    # querent-shard is for machines that have no package.
    awk '/^```/ { ++fences; next } fences == 2' "$root/docs/cli.md" | awk -v RS= -v ORS='\n\n' '!/querent-shard/' | paragraphs
    ending querent
}

window_page() {
    printf '.TH QUERENT 1 "" "Querent %s" "User Commands"\n' "$version"
    printf '.SH NAME\nquerent \\- label pictures and sounds with active learning\n'
    printf '.SH SYNOPSIS\n.B querent\n[\\fIOPTION\\fP]...\n[\\fIPATH\\fP]\n'
    printf '.SH DESCRIPTION\n'
    # The first paragraph of the README.
    awk 'NR > 2 && /^$/ { exit } NR > 2' "$root/README.md" | sed 's/^\*[^*]*\* //' | paragraphs
    printf '.SH OPTIONS\n'
    QT_QPA_PLATFORM=offscreen "$programs/querent" --help | items
    ending querent-cli
}

for page in cli_page window_page; do
    name=querent
    [ $page = cli_page ] && name=querent-cli
    $page >"$target/$name.1.new"
    mv "$target/$name.1.new" "$target/$name.1"
    # Without name and time inside, the same text is the same file.
    gzip -9nc "$target/$name.1" >"$target/$name.1.gz"
done
