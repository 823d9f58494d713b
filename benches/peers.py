"""How fast are others on the same rows? Each in the same PTY, one after the other, as far as it is installed.

fzf is a list without a record, a ranking or a disk; VisiData a spreadsheet in memory; taskwarrior-tui the nearest thing to a work queue. Each gets
the rows of the demo, exported by the program under test.
"""
import csv, json, os, re, shutil, subprocess, uuid
import tui

WORDS = ["smith", "rocky oak", "meter"]
# taskwarrior-tui asks taskwarrior for all tasks again and again; more rows than this nobody would wait for.
TASKS_MAX = 10_000


def figures(start, session, least, moves, found, sizes):
    """`least`: of its starts, in MB."""
    memory = max(least, (session.rss_kb() or 0) / 1024)
    found = [seconds * 1000 for seconds in found if seconds]
    return {"start": start * 1000, "memory": memory, "own": session.own_kb() / 1024, "key50": tui.pct(moves, 50), "key99": tui.pct(moves, 99), "find50": tui.pct(found, 50),
            "find99": tui.pct(found, 99), "bytes": tui.pct(sizes, 50)}


def pressed(session, key, times, quiet):
    out = [session.key(key, quiet=quiet) for _ in range(times)]
    return [settled * 1000 for _, settled, _ in out if settled is not None], [count for *_, count in out]


def fzf(rows, home, env):
    """Lines of text. The hits of each letter are there at once or not at all, so the last byte is waited for."""
    if not shutil.which("fzf"):
        return None
    argv = ["sh", "-c", f"exec fzf < '{rows}'"]
    start, memory = tui.startup(argv, r"\d+/\d+", runs=5, env=env)
    session = tui.Session(argv, env=env)
    session.pump(quiet=1.0, timeout=60, until=r"\d+/\d+")
    session.pump(quiet=1.0, timeout=60)
    moves, sizes = pressed(session, "\x1b[A", 60, 0.03)
    found = []
    for words in WORDS:
        for letter in words:
            found.append(session.key(letter, quiet=0.4, timeout=30)[1])
        session.key("\x15", quiet=0.5)
    got = figures(start, session, memory, moves, found, sizes)
    session.close()
    return got


def visidata(rows, home, env):
    """Its search is not as one types: what is timed is Enter, to the row that was found."""
    if not shutil.which("vd"):
        return None
    argv = ["vd", "--nothing", rows]
    start, memory = tui.startup(argv, r"A-\d+", runs=1, env=env)
    session = tui.Session(argv, env=env)
    session.pump(quiet=2.0, timeout=180, until=r"A-\d+")
    session.pump(quiet=3.0, timeout=180)
    moves, sizes = pressed(session, "j", 60, 0.05)
    found = []
    for words in WORDS:
        session.key("g", quiet=0.1)
        session.send("/" + words.split()[0])
        session.pump(quiet=0.5, timeout=10)
        found.append(session.key("\r", quiet=1.0, timeout=60)[1])
    got = figures(start, session, memory, moves, found, sizes)
    session.close()
    return got


def taskwarrior(rows, home, env):
    if not shutil.which("taskwarrior-tui") or not shutil.which("task"):
        return None
    place = os.path.join(home, "tasks")
    os.makedirs(place, exist_ok=True)
    settings = os.path.join(place, "taskrc")
    with open(settings, "w") as out:
        out.write(f"data.location={place}\nconfirmation=off\nnews.version=99\nhooks=off\n")
    env = env | {"TASKRC": settings, "TASKDATA": place}
    with open(rows, newline="") as source:
        listed = list(csv.DictReader(source))
    if len(listed) > TASKS_MAX:
        return None
    tasks = [{"uuid": str(uuid.UUID(int=n + 1, version=4)), "status": "pending", "entry": "20261101T120000Z",
              "description": " ".join(filter(None, list(row.values())[:6])), "project": (row.get("utility") or "none").replace(" ", "")}
             for n, row in enumerate(listed)]
    merged = {name: value for name, value in (dict(os.environ) | env).items() if value is not None}
    subprocess.run(["task", "import", "-"], input=json.dumps(tasks).encode(), env=merged, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    argv = ["taskwarrior-tui"]
    start, memory = tui.startup(argv, r"A-\d+", runs=3, env=env)
    session = tui.Session(argv, env=env)
    session.pump(quiet=2.0, timeout=60, until=r"A-\d+")
    session.pump(quiet=2.0, timeout=60)
    moves, _ = pressed(session, "j", 30, 0.3)
    # It draws with a tick of its own, key or no key: what a letter of a search or a step costs in bytes cannot be told apart.
    got = figures(start, session, memory, moves, [], [])
    session.close()
    return got


PEERS = [("fzf", fzf), ("VisiData", visidata), ("taskwarrior-tui", taskwarrior)]


def measure(rows, home, env):
    """Name → figures, of those that are there."""
    out = {}
    for name, run in PEERS:
        got = run(rows, home, env)
        if got:
            out[name] = got
            print(f"           {name:<16} start {got['start']:.0f} ms, key {got['key50']:.1f}/{got['key99']:.1f} ms, "
                  f"search {got['find50']:.0f}/{got['find99']:.0f} ms, {got['memory']:.0f} MB, {got['bytes']:.0f} B a key", flush=True)
    return out


def as_table(sizes, ours, others):
    """Markdown: one line for each figure and size."""
    names = [name for name, _ in PEERS if any(name in found for found in others.values())]
    lines = ["| what | rows | intertie | " + " | ".join(names) + " |", "|---|---|---|" + "---|" * len(names)]
    what = [("start", "start → first useful frame, ms"), ("key50", "key → last byte, p50, ms"), ("key99", "key → last byte, p99, ms"),
            ("find50", "search letter → settled, p50, ms"), ("find99", "search letter → settled, p99, ms"), ("memory", "peak memory, MB"),
            ("own", "of it not shared with other sessions, MB"), ("bytes", "bytes for one step down")]
    for key, words in what:
        for rows in sizes:
            cells = [ours[rows].get(key)] + [others[rows].get(name, {}).get(key) for name in names]
            shown = ["–" if cell is None or cell != cell else f"{cell:.1f}" if cell < 10 else f"{cell:,.0f}" for cell in cells]
            lines.append(f"| {words} | {rows:,} | **{shown[0]}** | " + " | ".join(shown[1:]) + " |")
    return "\n".join(lines) + "\n"


def put_in(page, table, stamp):
    """Between the markers of a page."""
    with open(page, encoding="utf-8") as source:
        text = source.read()
    begin, end = "<!-- speed:begin -->", "<!-- speed:end -->"
    text = re.sub(re.escape(begin) + ".*?" + re.escape(end), lambda _: f"{begin}\n{stamp}\n\n{table}{end}", text, flags=re.S)
    with open(page, "w", encoding="utf-8") as out:
        out.write(text)
