#!/usr/bin/env python3
"""Records a walk through the demo queue: the real program in a PTY of 100x30, keys as a person types them.

usage: demo/walk.py PROGRAM OUT.cast [--quick]
Writes an asciicast v2 (a header line, then [seconds, "o", text] lines) with two lines below the program's screen: the
keys, and what they are for. The steps are those of "Five minutes in the demo" in the README. Each step waits for a text
on the screen, never for a time; the pauses between them are for the reader. --quick leaves them out, to try a change.
Day, seed and place are fixed, so that the same program gives the same walk. Notes show the login of who records.
Needs Python 3 and nothing else. demo/walk.sh makes the GIF from it.
"""
import codecs, fcntl, json, os, pty, random, re, select, shutil, signal, struct, subprocess, sys, termios, time
import unicodedata

COLS, ROWS = 100, 30
TODAY = "2026-11-20"
# The place shows on the screen when a copy goes to a file, so it has one name.
PLACE = "/tmp/intertie-walk"
# What would send copies elsewhere, or another database, or no colours.
UNSET = ["TMUX", "STY", "DISPLAY", "WAYLAND_DISPLAY", "SSH_TTY", "SSH_CONNECTION", "SSH_CLIENT", "NO_COLOR", "INTERTIE_DB",
         "INTERTIE_TODAY", "COLUMNS", "LINES"]
# The colours of the README's pictures (demo/picture.py).
THEME = {"fg": "#d8dee9", "bg": "#16191f",
         "palette": "#3b4252:#e06c75:#98c379:#e5c07b:#61afef:#c678dd:#56b6c2:#d8dee9"
                    ":#7f8793:#ff7b86:#b5e890:#ffd787:#82c4ff:#dd99f0:#7fd8e4:#ffffff"}
NAMED = {"enter": "\r", "esc": "\x1b", "tab": "\t", "space": " ", "pgdn": "\x1b[6~"}

TOKEN = re.compile(
    r"\x1b\[(?P<given>[0-?]*)(?P<middle>[ -/]*)(?P<csi>[@-~])"
    r"|\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|\x1b[PX^_][^\x1b]*\x1b\\"
    r"|\x1b[ -/]*[0-OQ-WYZ`-~]"
    r"|[\x00-\x1a\x1c-\x1f]"
    r"|(?P<text>[^\x00-\x1f]+)", re.S)


def keeps(token):
    """Whether a token belongs into a recording. Queries would be answered by the terminal of whoever plays it, a copy
    would land on their clipboard, and the modes of keyboard, mouse and paste would stay on there."""
    if token["osc"] is not None:
        return token["osc"].startswith("8;")
    if token["csi"] is None:
        return token[0][:2] not in ("\x1bP", "\x1bX", "\x1b^", "\x1b_")
    if token["csi"] in "hl" and token["given"].startswith("?"):
        return token["given"] in ("?25", "?1049")
    return token["csi"] in "ABCDEFGHJKLMPSTXdm@r" and not token["middle"]


class Screen:
    """As much of a terminal as it takes to read what the program shows."""

    def __init__(self):
        self.x = self.y = 0
        self.wipe()

    def wipe(self):
        self.cells = [[" "] * COLS for _ in range(ROWS)]

    def text(self):
        return "\n".join("".join(row).rstrip() for row in self.cells)

    def take(self, token):
        if token["text"]:
            for letter in token["text"]:
                self.put(letter)
        elif token["csi"] and not token["given"].startswith(("?", ">", "<", "=")):
            self.control(token["csi"], [int(part or 0) for part in token["given"].split(";") if part.isdigit() or not part])
        elif token["csi"] and token["given"] == "?1049":
            self.wipe()
        elif token[0] == "\r":
            self.x = 0
        elif token[0] == "\n":
            self.y = min(self.y + 1, ROWS - 1)
        elif token[0] == "\b":
            self.x = max(self.x - 1, 0)

    def put(self, letter):
        width = 2 if unicodedata.east_asian_width(letter) in "WF" else 0 if unicodedata.combining(letter) else 1
        if width and self.x < COLS:
            self.cells[self.y][self.x] = letter
            for beside in range(self.x + 1, min(self.x + width, COLS)):
                self.cells[self.y][beside] = ""
        self.x += width

    def control(self, name, given):
        first = given[0] if given else 0
        if name in "Hf":
            self.y = min(max(first, 1), ROWS) - 1
            self.x = min(max(given[1] if len(given) > 1 else 1, 1), COLS) - 1
        elif name in "ABCD":
            far = max(first, 1)
            self.x = min(max(self.x + {"C": far, "D": -far}.get(name, 0), 0), COLS - 1)
            self.y = min(max(self.y + {"B": far, "A": -far}.get(name, 0), 0), ROWS - 1)
        elif name == "G":
            self.x = min(max(first, 1), COLS) - 1
        elif name == "d":
            self.y = min(max(first, 1), ROWS) - 1
        elif name == "J" and first == 2:
            self.wipe()
        elif name == "J" and first == 0:
            self.control("K", [0])
            self.cells[self.y + 1:] = [[" "] * COLS for _ in range(self.y + 1, ROWS)]
        elif name == "K":
            row, (start, end) = self.cells[self.y], {0: (self.x, COLS), 1: (0, self.x + 1)}.get(first, (0, COLS))
            row[start:end] = [" "] * (end - start)
        elif name == "X":
            end = min(self.x + max(first, 1), COLS)
            self.cells[self.y][self.x:end] = [" "] * (end - self.x)


class Walk:
    def __init__(self, argv, env, out, quick):
        self.screen, self.quick, self.out = Screen(), quick, out
        self.decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self.chance = random.Random(1)
        self.left, self.keys, self.says, self.alive = "", "", "", True
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(PLACE)
            time.sleep(0.05)  # until the size below is set
            os.execve(argv[0], argv, env)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLS, 0, 0))
        self.start = time.monotonic()

    # ── What comes ──
    def read(self, wait):
        """Reads once, if something comes within `wait` seconds."""
        if not self.alive or not select.select([self.fd], [], [], max(wait, 0))[0]:
            return False
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            data = b""
        self.alive = bool(data)
        text, kept, wiped = self.left + self.decode(data), [], False
        end = 0
        # A sequence that the read cut in two stays until its rest comes.
        while end < len(text) and (token := TOKEN.match(text, end)):
            end = token.end()
            self.screen.take(token)
            self.answer(token)
            if keeps(token):
                kept.append(token[0])
                wiped |= token["csi"] == "J" or token["given"] == "?1049"
        self.left = text[end:]
        if kept:
            self.event("".join(kept) + (self.caption() if wiped and self.says else ""))
        return True

    def answer(self, token):
        """What programs ask a terminal before they go on: what it is, where its cursor stands."""
        if token["csi"] == "c" and token["given"] in ("", "0"):
            os.write(self.fd, b"\x1b[?62;22c")
        elif token["csi"] == "n" and token["given"] == "6":
            os.write(self.fd, b"\x1b[%d;%dR" % (self.screen.y + 1, self.screen.x + 1))

    def event(self, text):
        json.dump([round(time.monotonic() - self.start, 3), "o", text], self.out, ensure_ascii=False)
        self.out.write("\n")

    def caption(self):
        keys = f"\x1b[{ROWS + 1};1H\x1b[0;2m{'─' * COLS}\x1b[{ROWS + 1};4H\x1b[0;1;33m {self.keys} " if self.keys else \
            f"\x1b[{ROWS + 1};1H\x1b[0;2m{'─' * COLS}"
        return f"\x1b7{keys}\x1b[{ROWS + 2};1H\x1b[0;1;36m {self.says:<{COLS - 1}}\x1b[0m\x1b8"

    # ── What a person does ──
    def say(self, words, seconds=None):
        """Tells the reader what comes, and leaves time to read it."""
        assert len(words) < COLS, words
        self.keys, self.says = "", words
        self.event(self.caption())
        self.rest(seconds or 1.2 + len(words) / 28)

    def rest(self, seconds):
        # Longer than the quarter of a second within which the program drops keys after it moved on by itself.
        until = time.monotonic() + (0.35 if self.quick else seconds)
        while self.alive and (left := until - time.monotonic()) > 0:
            self.read(left)

    def wait(self, shows, timeout=15):
        """Until the screen shows it: a pattern, or a test of the screen's text."""
        test = shows if callable(shows) else lambda text: re.search(shows, text)
        until = time.monotonic() + timeout
        while not (found := test(self.screen.text())):
            if time.monotonic() > until or not self.alive:
                sys.exit(f"{self.says or 'start'} [{self.keys}]: not on the screen: {shows}\n{self.screen.text()}")
            self.read(0.1)
        while self.read(0.05):
            pass
        return found

    def press(self, *keys, shows, after=1.5):
        """Presses keys, names them below, waits for what they show and leaves time to look."""
        self.keys = " ".join(keys)
        self.event(self.caption())
        for key in keys:
            self.rest(0.4)
            os.write(self.fd, NAMED.get(key, key).encode())
        found = self.wait(shows)
        self.rest(after)
        return found

    def type(self, words, shows, after=2.0):
        self.keys = "(typing)"
        self.event(self.caption())
        for letter in words:
            os.write(self.fd, letter.encode())
            until = time.monotonic() + (0.01 if self.quick else self.chance.uniform(0.04, 0.13))
            while self.alive and (left := until - time.monotonic()) > 0:
                self.read(left)
        self.wait(shows)
        self.rest(after)

    # ── What the screen says ──
    def done(self):
        return int(re.search(r"(\d+) done", self.screen.text())[1])

    def save(self, after=2.5):
        """Enter on a plan; on the disk when the header counts one more."""
        wanted = f" {self.done() + 1} done"
        self.press("enter", shows=lambda text: wanted in text and "enter does it" not in text, after=after)

    def row(self):
        return (re.search(r"(?m)^>.*", self.screen.text()) or [""])[0]

    def down_to(self, wanted, most=25):
        """Down to a row that matches, as one looks for it."""
        self.keys = "j"
        self.event(self.caption())
        for _ in range(most):
            if re.search(wanted, self.row()):
                return self.rest(1.5)
            before = self.row()
            os.write(self.fd, b"j")
            self.wait(lambda text: (re.search(r"(?m)^>.*", text) or [""])[0] != before)
            self.rest(0.45)
        sys.exit(f"no row matches {wanted}\n{self.screen.text()}")


# A row that waits on a utility which has its application, so that it has a number to ask about.
ASKABLE = r"\b(upgrades|submitted|in review|screening|resubmitted|PTO asked|meter)\b.*\butility\b"


def walk(it):
    it.wait(r"(?m)^>.*[A-Z]-\d+")
    it.say("A coordinator's morning: what is due is on top, the cursor is on it.", 3.5)
    it.say("1. Why is this one on top? W shows every point.")
    it.press("W", shows="in all", after=3.5)
    it.press("esc", shows=r"(?m)^>", after=0.8)

    it.say("2. The portal says nothing new. 1 shows what will happen, Enter does it.")
    it.press("1", shows="enter does it", after=2.5)
    it.save()

    it.say("3. Down to one that waits on the utility. 3 asks it for the status.")
    it.down_to(ASKABLE)
    it.press("3", shows="enter does it", after=3.0)
    it.say("The message is filled in. Enter saves the touch and copies it for the portal.")
    it.save(after=1.5)
    it.say("Said of the copy is what is known. p copies its next part and names it.", 3.0)
    before = it.screen.text()
    it.press("p", shows=lambda text: text != before, after=2.0)

    it.say("4. The review desk calls. n takes a note: >5b when we look again, @utility who acts.")
    it.down_to(ASKABLE)
    it.press("n", shows="enter saves|enter does it", after=1.0)
    it.type("Review desk called: in line, nothing needed from us. >5b @utility", shows="business days", after=3.0)
    it.say("What is understood stands below: the day is counted past holidays. Enter.", 3.0)
    it.save()

    it.say("5. Wrong file? u takes the whole touch back: note, dates, status.")
    it.press("u", shows="took back", after=3.0)

    it.say("6. The phone rings. / finds in everything while you type; Esc goes back.")
    # A family name of the list, whichever queue it is.
    name = re.findall(r"(?m)^ .*[A-Z]-\d+ +\S+ +\S+ (\S+)", it.screen.text())[-1]
    it.press("/", shows=r"(?m)^find", after=0.8)
    it.type(name.lower()[:5], shows=r"(?m)^find .* of \d+", after=2.5)
    it.press("esc", shows=r"\bmine \d+ of", after=1.0)

    it.say("7. A deficiency came back corrected: find it, answer it, resubmit.")
    it.press("/", shows=r"(?m)^find", after=0.5)
    it.type("deficiency", shows=r"(?m)^find .* of \d+", after=1.5)
    it.press("enter", shows="n note", after=1.5)
    it.press("d", shows="and then", after=2.0)
    it.press("r", shows="enter does it", after=1.0)
    it.type("The point of your notice is corrected; the new page is attached.", shows="message:", after=3.0)
    it.say("Status, follow-up, milestone and the answer to the utility: one Enter.", 3.0)
    it.save()
    it.press("esc", shows=r"\bmine \d+ of", after=1.0)

    it.say("8. ? lists every key, : finds an action by its name.")
    it.press("?", shows="in the queue", after=2.5)
    it.press("pgdn", shows=lambda text: "in the queue" not in text, after=1.5)
    it.press("esc", shows=r"(?m)^>", after=1.0)
    it.say("Three touches saved, one taken back, nothing typed twice. q quits.", 4.0)
    it.says = ""
    os.write(it.fd, b"q")
    until = time.monotonic() + 15
    while it.alive and time.monotonic() < until:
        it.read(0.5)


def main():
    args = [arg for arg in sys.argv[1:] if arg != "--quick"]
    if len(args) != 2:
        sys.exit(__doc__)
    program, out = os.path.abspath(args[0]), args[1]
    try:
        os.mkdir(PLACE, 0o700)
    except FileExistsError:
        sys.exit(f"{PLACE} is there already: another recording runs, or one was cut off; then remove it")
    env = {name: value for name, value in os.environ.items() if name not in UNSET and not name.startswith("XDG_")}
    env |= {"TERM": "xterm-256color", "LANG": "C.UTF-8", "XDG_RUNTIME_DIR": PLACE}
    env |= {f"XDG_{kind}_HOME": os.path.join(PLACE, kind.lower()) for kind in ("STATE", "CONFIG", "DATA")}
    it = None
    try:
        made = [program, "--today", TODAY, "demo", "--seed", "1", "--db", "demo.db", "--no-open"]
        subprocess.run(made, cwd=PLACE, env=env, check=True, stdout=subprocess.DEVNULL)
        cast = os.path.join(PLACE, "walk.cast")
        with open(cast, "w", encoding="utf-8") as file:
            header = {"version": 2, "width": COLS, "height": ROWS + 2, "title": "intertie: five minutes in the demo", "theme": THEME}
            file.write(json.dumps(header) + "\n")
            it = Walk([program, "--today", TODAY, "--db", "demo.db"], env, file, "--quick" in sys.argv)
            walk(it)
        shutil.copyfile(cast, out)
        print(f"{out}: {time.monotonic() - it.start:.0f} s, {os.path.getsize(out) // 1024} KiB")
    finally:
        if it is not None:
            if it.alive:
                os.kill(it.pid, signal.SIGKILL)
            os.waitpid(it.pid, 0)
        shutil.rmtree(PLACE, ignore_errors=True)


main()
