#!/usr/bin/env bash
# The completion offers what the programs understand: every subcommand, option, strategy and format, and nothing else.
#   tst_completion.sh FOLDER_OF_COMPLETIONS QUERENT_CLI QUERENT
set -uo pipefail
folder="$1" cli="$2" app="$3"
failures=0
source "$folder/querent-cli"
source "$folder/querent"

# The words offered for the last one given, one a line.
offered() {
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    COMPREPLY=()
    "$([ "$1" = querent ] && echo _querent || echo _querent_cli)"
    [ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}"
}

# same NAME EXPECTED FOUND: the same words in any order.
same() {
    local difference
    difference="$(diff <(sort <<<"$2") <(sort <<<"$3"))" && return
    echo "$1: '<' is what the program knows, '>' what is offered"
    echo "$difference"
    failures=$((failures + 1))
}
words() { tr -s ', |' '\n' <<<"$1"; }
options_of() { grep -oE '^  +(-[a-zA-Z], ?)?--[a-z-]+' | grep -oE -e '--[a-z-]+' | grep -v -e '--help-all'; }
subcommands_of() { awk '/^[A-Za-z]+:$/ { on = tolower($0) == "subcommands:"; next } on && /^  [^ ]/ { print $1 }'; }
# The set that an option takes, as --help writes it: --what TEXT:{labels,predictions}
set_of() { grep -oE -e "^ +$1 TEXT:\{[^}]*\}" | sed 's/.*{//; s/}//'; }

check_options() {  # the words of a subcommand
    local help
    help="$("$cli" "$@" --help)"
    same "options of $*" "$(options_of <<<"$help")" "$(offered querent-cli "$@" --)"
    local option set
    for option in $(options_of <<<"$help"); do
        set="$(set_of "$option" <<<"$help")"
        [ -z "$set" ] || same "$* $option" "$(words "$set")" "$(offered querent-cli "$@" "$option" '')"
        # Where the help names no set, an option that takes a value must still not be offered other options.
        if grep -qE -e "^ +$option [A-Z]" <<<"$help" && [ -n "$(offered querent-cli "$@" "$option" --)" ]; then
            echo "$* $option: options are offered as its value"
            failures=$((failures + 1))
        fi
    done
}

top="$("$cli" --help)"
commands="$(subcommands_of <<<"$top")"
same 'subcommands' "$commands" "$(offered querent-cli '' | grep -v -e '^-')"
same 'options' "$(options_of <<<"$top")" "$(offered querent-cli --)"
for command in $commands; do
    nested="$("$cli" "$command" --help | subcommands_of)"
    check_options "$command"
    [ -z "$nested" ] && continue
    same "subcommands of $command" "$nested" "$(offered querent-cli "$command" '' | grep -v -e '^-')"
    for each in $nested; do check_options "$command" "$each"; done
done

strategies="$("$cli" strategies | awk '{ print $1 }')"
for command in suggest round simulate; do
    option=--strategy
    [ $command = simulate ] && option=--strategies
    same "$command $option" "$strategies" "$(offered querent-cli $command P.querent $option '')"
done
for command in import export; do
    formats="$("$cli" $command --help | awk '$1 == "--format" { sub(/.*REQUIRED */, ""); print; exit }')"
    [ -n "$formats" ] || formats="$("$cli" $command --help | grep -A1 -e '--format' | tail -n 1)"
    same "$command --format" "$(words "$(tr -d ' ' <<<"$formats")")" "$(offered querent-cli $command P.querent --format '')"
done

# Words that have been begun, lists, and the three words that bash makes of "--format=vo".
same 'begun' 'simulate' "$(offered querent-cli sim)"
same 'list' $'random,entropy\nrandom,entropy-max\nrandom,entropy-mean' \
    "$(offered querent-cli simulate P.querent --strategies random,entropy)"
same 'equals' 'voc' "$(offered querent-cli export P.querent --format = vo)"
same 'bench' $'decode\nmap\nselect\nstore\ntrain' "$(offered querent-cli bench '')"

# Projects, folders, and names with spaces.
cd "$(mktemp -d)" || exit 1
trap 'rm -rf "$PWD"' EXIT
touch 'my cells.querent' notes.txt
mkdir pictures
same 'project' $'my cells.querent\npictures' "$(offered querent-cli info '')"
same 'folder' 'pictures' "$(offered querent-cli demo --to '')"
same 'file' $'my cells.querent\nnotes.txt\npictures' "$(offered querent-cli predict p --to '')"

same 'options of querent' "$("$app" --help | options_of)" "$(offered querent --)"
same 'themes' $'dark\nlight\nsystem' "$(offered querent --theme '')"
same 'path' $'my cells.querent' "$(offered querent my)"
[ $failures -eq 0 ] && echo 'The completion offers what the programs know.'
exit $((failures > 0))
