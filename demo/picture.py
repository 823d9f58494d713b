#!/usr/bin/env python3
"""Takes pictures of the running program: keys in, one SVG out for each `shot`.

usage: demo/picture.py OUT.svg COLSxROWS PROGRAM [ARG...] -- KEYS...
KEYS are sent one after the other with a pause; <enter> <esc> <tab> <ctrl-j> name keys.
Needs Python 3 and pyte (pip install pyte). The pictures of the README are made by demo/pictures.sh.
"""
import html, os, sys, time
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "benches"))
from tui import Session

NAMED = {"enter": "\r", "esc": "\x1b", "tab": "\t", "ctrl-j": "\n", "space": " ", "down": "\x1b[B", "up": "\x1b[A"}
PALETTE = {"default": None, "black": "#3b4252", "red": "#e06c75", "green": "#98c379", "brown": "#e5c07b", "yellow": "#e5c07b",
           "blue": "#61afef", "magenta": "#c678dd", "cyan": "#56b6c2", "white": "#d8dee9",
           "brightblack": "#7f8793", "brightred": "#ff7b86", "brightgreen": "#b5e890", "brightbrown": "#ffd787",
           "brightyellow": "#ffd787", "brightblue": "#82c4ff", "brightmagenta": "#dd99f0", "brightcyan": "#7fd8e4", "brightwhite": "#ffffff"}
INK, PAPER = "#d8dee9", "#16191f"
# PAPER=white: as a light terminal shows it, with the darker inks that those have.
if os.environ.get("PAPER") == "white":
    INK, PAPER = "#24292f", "#ffffff"
    PALETTE |= {"black": "#24292f", "red": "#cf222e", "green": "#116329", "brown": "#9a6700", "yellow": "#9a6700", "blue": "#0969da",
                "magenta": "#8250df", "cyan": "#1b7c83", "white": "#6e7781", "brightblack": "#57606a"}
if os.environ.get("PAPER") == "black":
    PAPER = PALETTE["black"] = "#000000"
W, H = 8.4, 17


def colour(name, fallback):
    if name in PALETTE:
        return PALETTE[name] or fallback
    return "#" + name if len(name) == 6 else fallback


def svg(screen):
    cols, rows = screen.columns, screen.lines
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {cols * W + 16:.0f} {rows * H + 16}" '
           f'font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14">',
           f'<rect width="100%" height="100%" rx="6" fill="{PAPER}"/>']
    for y in range(rows):
        x = 0
        while x < cols:
            cell = screen.buffer[y][x]
            style = (cell.fg, cell.bg, cell.bold, cell.reverse, cell.underscore)
            run = ""
            start = x
            while x < cols and (screen.buffer[y][x].fg, screen.buffer[y][x].bg, screen.buffer[y][x].bold,
                                screen.buffer[y][x].reverse, screen.buffer[y][x].underscore) == style:
                run += screen.buffer[y][x].data or ""
                x += 1
            fg, bg = colour(cell.fg, INK), colour(cell.bg, None)
            if cell.reverse:
                fg, bg = bg or PAPER, fg
            left, top = 8 + start * W, 8 + y * H
            if bg:
                out.append(f'<rect x="{left:.1f}" y="{top}" width="{(x - start) * W:.1f}" height="{H}" fill="{bg}"/>')
            if run.strip():
                weight = ' font-weight="bold"' if cell.bold else ""
                line = ' text-decoration="underline"' if cell.underscore else ""
                out.append(f'<text x="{left:.1f}" y="{top + 13}" fill="{fg}"{weight}{line} xml:space="preserve" '
                           f'textLength="{(x - start) * W:.1f}">{html.escape(run)}</text>')
    out.append("</svg>")
    return "\n".join(out) + "\n"


def keys(words):
    for word in words:
        if word.startswith("<") and word.endswith(">"):
            yield NAMED[word[1:-1]]
        else:
            yield from word


def main():
    target, size = sys.argv[1], sys.argv[2]
    split = sys.argv.index("--")
    cols, rows = map(int, size.split("x"))
    session = Session(sys.argv[3:split], cols=cols, rows=rows, env={"TMUX": None, "NO_COLOR": None})
    # A program that makes its rows first has nothing to show for a second.
    for _ in range(20):
        session.pump(quiet=0.6, timeout=15)
        if any(line.strip() for line in session.screen.display):
            break
    for key in keys(sys.argv[split + 1:]):
        session.key(key, quiet=0.3)
        time.sleep(0.3)
    session.pump(quiet=0.3, timeout=2)
    with open(target, "w") as out:
        out.write(svg(session.screen))
    session.close()


main()
