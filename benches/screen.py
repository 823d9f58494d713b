#!/usr/bin/env python3
"""Is the screen as fast as the product promises? Measured as its user meets it: in a real PTY at 120x40.

usage: screen.py [--program target/release/intertie] [--rows 10000,100000] [--no-peers] [--databases DIRECTORY] [--page README.md]
Prints measured value, budget, verdict, and in the same run what others need for the same rows, as far as they are installed
(fzf, VisiData, taskwarrior-tui). --databases keeps the demos for the next run; --page writes the comparison into a page.
Numbers of one run on one machine; compare ratios, not days.
"""
import argparse, os, re, shutil, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
LIB = os.path.join(ROOT, "target", "py")
sys.path[:0] = [HERE, LIB]
try:
    import pyte  # noqa: F401
except ImportError:
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--target", LIB, "pyte"], check=True)
import peers
import tui

TODAY = "2026-11-20"
UNSET = ["TMUX", "STY", "DISPLAY", "WAYLAND_DISPLAY", "SSH_TTY", "SSH_CONNECTION", "SSH_CLIENT", "NO_COLOR", "INTERTIE_DB"]
# What the product promises (p50, p99 in ms; bytes; MB), by number of rows.
START = {10_000: 40, 100_000: 60, 1_000_000: 150}
KEY99 = {10_000: 8, 100_000: 16, 1_000_000: 30}
FIND50 = {10_000: 8, 100_000: 8, 1_000_000: 30}
FIND99 = {10_000: 16, 100_000: 16, 1_000_000: 50}
MEMORY = {10_000: 20, 100_000: 60, 1_000_000: 300}
ROW = r"(?m)^>.*[A-Z]-\d+"

results = []


# What the comparison shows, by rows.
ours = {}


def report(rows, what, value, unit, budget=None, key=None):
    if key:
        ours.setdefault(rows, {})[key] = value
    verdict = "" if budget is None else ("ok" if value <= budget else "OVER")
    results.append((rows, what, value, unit, budget, verdict))
    shown = f"{value:.2f}" if isinstance(value, float) and value < 1 else f"{value:.1f}" if isinstance(value, float) else str(value)
    print(f"{rows:>9,}  {what:<44} {shown:>9} {unit:<3} budget {budget if budget is not None else '-':>6}  {verdict:<4}", flush=True)


def env(home):
    clean = {name: None for name in UNSET}
    return clean | {"HOME": home, "XDG_CONFIG_HOME": home + "/c", "XDG_DATA_HOME": home + "/d", "XDG_STATE_HOME": home + "/s",
                    "INTERTIE_TODAY": TODAY, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


def shell_env(home):
    merged = dict(os.environ)
    for name, value in env(home).items():
        merged.pop(name, None) if value is None else merged.__setitem__(name, value)
    return merged


def cpu_seconds(pid):
    """Processor time of all threads, to the nanosecond: the clock of /proc/PID/stat ticks too slowly for idling."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat") as file:
            total += int(file.read().split()[0])
    return total / 1e9


def keys(session, key, times, quiet=0.03):
    """Settled times (ms) and bytes of the same key pressed again and again."""
    out = [session.key(key, quiet=quiet) for _ in range(times)]
    return [settled * 1000 for _, settled, _ in out if settled is not None], [n for *_, n in out]


def wait(session, rx, timeout=20):
    end = time.perf_counter() + timeout
    while not session.has(rx) and time.perf_counter() < end and session.alive:
        session.pump(quiet=0.02, timeout=0.2)
    if not session.has(rx):
        sys.exit(f"waited for {rx!r}:\n{session.text()}")


def open_queue(args, db, home):
    session = tui.Session([args.program, "--db", db], env=env(home))
    wait(session, ROW)
    # All rows are there when the mark has gone; it is measured what working is like, and the start for itself.
    end = time.perf_counter() + 120
    while session.has("loading") and time.perf_counter() < end:
        session.pump(quiet=0.1, timeout=0.5)
    session.pump(quiet=0.4, timeout=20)
    for key in "vt":
        session.key(key, quiet=0.2)
    session.pump(quiet=0.5, timeout=20)
    return session


def measure_views(args, db, home, rows):
    """Another view, and ranking again: how long until its first rows are there."""
    session = open_queue(args, db, home)
    took = []
    for view in "atpt" * 3:
        session.key("v", quiet=0.05)
        first, _, _ = session.key(view, quiet=0.4)
        took.append(first * 1000 if first else None)
    report(rows, "another view -> its first rows, median", tui.pct(took, 50), "ms")
    session.send("q")
    session.close()


def measure_start(args, db, home, rows):
    first, _ = tui.startup([args.program, "--db", db], ROW, runs=1, env=env(home))
    report(rows, "the very first start, no ranking kept yet", first * 1000, "ms")
    session = open_queue(args, db, home)
    session.send("q")
    session.pump(quiet=0.5, timeout=5)
    session.close()
    seconds, _ = tui.startup([args.program, "--db", db], ROW, runs=7, leave="q", env=env(home))
    report(rows, "start -> first useful frame, median", seconds * 1000, "ms", START.get(rows), "start")


def measure_keys(args, db, home, rows):
    session = open_queue(args, db, home)
    first, settled = [], []
    for key, times in [("j", 60), ("k", 40), ("\x04", 25), ("\x15", 25)]:
        for _ in range(times):
            begins, ends, _ = session.key(key, quiet=0.05)
            if begins is not None:
                first.append(begins * 1000)
                settled.append(ends * 1000)
    report(rows, "key -> first byte, p99", tui.pct(first, 99), "ms")
    report(rows, "key -> last byte of its frame, p50", tui.pct(settled, 50), "ms", 2, "key50")
    report(rows, "key -> last byte of its frame, p99", tui.pct(settled, 99), "ms", KEY99.get(rows), "key99")
    find = []
    for words in ["smith", "rocky oak", "A-10", "meter", "voicemail"]:
        session.key("/")
        for letter in words:
            find.append(session.key(letter, quiet=0.2)[1])
        session.key("\x1b", quiet=0.1)
    find = [t * 1000 for t in find if t is not None]
    report(rows, "search keystroke -> settled frame, p50", tui.pct(find, 50), "ms", FIND50.get(rows), "find50")
    report(rows, "search keystroke -> settled frame, p99", tui.pct(find, 99), "ms", FIND99.get(rows), "find99")
    report(rows, "peak memory of the session", (session.rss_kb() or 0) / 1024, "MB", MEMORY.get(rows), "memory")
    report(rows, "of it the session's own, after the searches", session.own_kb() / 1024, "MB", key="own")
    session.close()


def list_share(raw, bar):
    """How many of the bytes paint cells left of the bar, header and list; the rest is the record's."""
    share, left = 0, True
    for piece in re.split(rb"(?=\x1b\[\d*(?:;\d+)?H|\r)", raw):
        place = re.match(rb"\x1b\[\d*(?:;(\d+))?H", piece)
        if place or piece.startswith(b"\r"):
            left = not (place and place.group(1)) or int(place.group(1)) <= bar
        share += len(piece) if left else 0
    return share


def measure_bytes(args, db, home, rows):
    session = open_queue(args, db, home)
    session.key("g")
    session.key("g")
    for _ in range(3):
        session.key("j")
    bar = next(line.index("\u2502") for line in session.text().splitlines() if "\u2502" in line)
    whole, alone = [], []
    for _ in range(12):
        begin = len(session.raw)
        session.key("j", quiet=0.06)
        whole.append(len(session.raw) - begin)
        alone.append(list_share(bytes(session.raw[begin:]), bar))
    report(rows, "bytes for one j, the list's part, median", tui.pct(alone, 50), "B", 350, "bytes")
    report(rows, "bytes for one j, the record following, median", tui.pct(whole, 50), "B", 900)
    session.close()
    session = open_queue(args, db, home)
    sizes = []
    for _ in range(5):
        time.sleep(0.3)
        n = session.key("1", quiet=0.1)[2]
        n += session.key("\r", quiet=0.3)[2]
        sizes.append(n)
    if not session.has("saved"):
        sys.exit(f"the touch was not saved:\n{session.text()}")
    report(rows, "bytes for one whole touch, median", tui.pct(sizes, 50), "B", 4096)
    session.close()


def measure_idle(args, db, home, rows):
    session = open_queue(args, db, home)
    session.pump(quiet=0.5, timeout=5)
    before, start, sent = cpu_seconds(session.pid), time.perf_counter(), len(session.raw)
    while time.perf_counter() - start < 10:
        session.pump(quiet=0.5, timeout=0.5)
    share = (cpu_seconds(session.pid) - before) / (time.perf_counter() - start) * 100
    report(rows, "idle, of a core, over 10 s", share, "%", 0.2)
    report(rows, "bytes sent while idle, 10 s", len(session.raw) - sent, "B", 0)
    session.close()


def settle(args, db, home):
    """Opened once, until what is done behind the work is done: the index of words."""
    session = open_queue(args, db, home)
    before = cpu_seconds(session.pid)
    for _ in range(900):
        session.pump(quiet=1.0, timeout=1.0)
        now = cpu_seconds(session.pid)
        if now - before < 0.01:
            break
        before = now
    session.send("q")
    session.pump(quiet=0.5, timeout=5)
    session.close()


def as_csv(args, db, home, rows):
    """The same rows for the others."""
    path = os.path.join(home, f"rows-{rows}.csv")
    with open(path, "wb") as out:
        subprocess.run([args.program, "--db", db, "list", "--csv"], stdout=out, env=shell_env(home), check=True)
    return path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default=os.path.join(ROOT, "target", "release", "intertie"))
    parser.add_argument("--rows", default="10000,100000")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--databases", help="where the demos are made and kept")
    parser.add_argument("--page", help="the page between whose markers the comparison goes")
    args = parser.parse_args()
    args.program = os.path.abspath(args.program)
    if not os.path.exists(args.program):
        sys.exit(f"{args.program} is not there: cargo build --release")
    sizes = [int(n) for n in args.rows.split(",")]
    others = {}
    with tempfile.TemporaryDirectory(prefix="bench", dir=os.path.dirname(args.program)) as home:
        kept = os.path.abspath(args.databases) if args.databases else home
        os.makedirs(kept, exist_ok=True)
        for rows in sizes:
            db = os.path.join(kept, f"demo-{rows}.db")
            if not os.path.exists(db):
                start = time.perf_counter()
                subprocess.run([args.program, "demo", "--tasks", str(rows), "--seed", "1", "--db", db, "--no-open"],
                               env=shell_env(home), check=True, stdout=subprocess.DEVNULL)
                report(rows, "making the demo", time.perf_counter() - start, "s")
            settle(args, db, home)
            measure_start(args, db, home, rows)
            measure_keys(args, db, home, rows)
            measure_views(args, db, home, rows)
            measure_bytes(args, db, home, rows)
            measure_idle(args, db, home, rows)
            others[rows] = {} if args.no_peers else peers.measure(as_csv(args, db, home, rows), home, env(home))
    table = peers.as_table(sizes, ours, others)
    print("\n" + table)
    if args.page:
        cores = os.cpu_count()
        peers.put_in(args.page, table, f"Measured on {time.strftime('%Y-%m-%d')} in one run, release build, {cores} cores, in a terminal of 120×40: `python3 benches/screen.py`.")
    over = [what for _, what, _, _, _, verdict in results if verdict == "OVER"]
    print(f"\n{len(results)} measured, {len(over)} over their budget")


if __name__ == "__main__":
    main()
