#!/usr/bin/env bash
# Makes the pictures of the README from the program itself. Needs Python 3 and pyte.
set -eu
cd "$(dirname "$0")/.."
cargo build --release --quiet
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_STATE_HOME="$work/state" XDG_RUNTIME_DIR="$work"
shot() { # NAME SIZE KEYS...
    local name=$1 size=$2
    shift 2
    cp "$base" "$work/$name.db"
    # Drafts are kept by database, and all of these are copies of one.
    export XDG_STATE_HOME="$work/state-$name"
    python3 demo/picture.py "demo/pictures/$name.svg" "$size" target/release/intertie --today 2026-11-20 --db "$work/$name.db" -- "$@"
}
mkdir -p demo/pictures
target/release/intertie --today 2026-11-20 demo --seed 1 --db "$work/demo.db" --no-open
base=$work/demo.db
shot queue 120x40
shot plan 120x40 1
shot note 120x40 n 'called, in review, exp 12/2 >5b @utility'
shot saved 120x40 1 '<enter>'
shot message 120x40 j j j 3
shot sent 120x40 j j j 3 '<enter>'
shot find 120x40 / 'gill'
shot query 120x30 v t Q 'status:deficiency,resubmitted ball:us,utility due<=today'
shot groups 120x34 v t v g '<down>' '<enter>'
shot skip 120x30 -
shot marked 120x30 '*' '*' '*'
shot marks 120x30 '*' '*' '*' ';' 'we look' '<enter>' 'next fri' '<enter>'
shot signs 100x30 n 'called ' '!'
shot ledger 100x30 1 '<enter>' 2 '<enter>' n 'called, in review' '<enter>' 1 '<enter>' '$'
shot status 80x24 s
shot narrow 80x24
# The looks that are not the first: the paper of a picture is dark unless it is told.
look() { # NAME THEME PAPER
    XDG_CONFIG_HOME="$work/config-$2"
    export XDG_CONFIG_HOME
    target/release/intertie --today 2026-11-20 --db "$work/demo.db" me --theme "$2" > /dev/null
    PAPER=$3 shot "$1" 120x40
    unset XDG_CONFIG_HOME
}
look light light white
look contrast high-contrast black
python3 demo/picture.py demo/pictures/drill.svg 100x30 target/release/intertie --today 2026-11-20 drill --
# A list that no profile knows, and one that a shipped profile reads.
printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' 'Job #' 'Homeowner' 'Service Address' 'Utility' 'Stage' 'kW AC' 'Filed' \
    NM-90017 'Reyes, Ana' '12 Oak St' PGE Submitted 7.6 11/02/2026 \
    NM-90018 'Li, Bo' '14 Elm St' PGE 'Under review' 11.4 10/28/2026 \
    NM-90019 'Okafor, Chidi' '3 Fir Ct' PGE Approved 5.0 10/14/2026 > "$work/jobs.tsv"
shot columns 100x26 I "$work/jobs.tsv" '<enter>'
shot import 100x26 I demo/imports/crm_report_2026-11-20.csv '<enter>'
shot template 120x40 T 'missing documents' '<enter>'
shot fields 120x40 '<tab>' '<tab>'
shot lines 100x26 w s
shot words 100x26 F 'review' '<enter>'
shot palette 100x30 :
shot history 100x30 h
shot why 100x26 W
shot form 100x30 N '12 Elm'
shot help 100x30 '?'
shot quick 100x30 '<space>'
shot plain 100x26 w s '<enter>' P
shot book 110x44 U
shot ask 110x34 A 'state=OR program=net-metering nameplate=50kW export=25kW received=2026-11-02' '<enter>'
# The clocks are longest at the desk that owes them.
target/release/intertie --today 2026-11-20 demo --desk utility --seed 1 --db "$work/utility.db" --no-open
base=$work/utility.db
shot duties 120x40
shot clocks 120x40 S
# Two lists of the same desk, which disagree on one application and hold another twice.
base=$work/lists.db
lists="target/release/intertie --today 2026-11-20 --db $base"
$lists init --zone America/Los_Angeles > /dev/null
$lists me --name 'Robin Vale' --phone '(555) 555-0177' > /dev/null
for list in crm_report portal_projects; do $lists import "demo/imports/${list}_2026-11-20.csv" > /dev/null; done
shot conflicts 100x26 C
shot join 100x30 v t / 'tamara' '<enter>' D
