#!/usr/bin/env python3
"""Makes the files of demo/imports: what a coordinator's CRM, a utility's portal and a team's tracker give out.

usage: demo/imports.py            (writes the three files; the same bytes every time)
Needs Python 3.11 and openpyxl (pip install openpyxl). Names, towns and number patterns are those of the demo:
nobody is meant, phones are of 555-01xx, mail is of example domains.
"""
import csv, datetime, io, pathlib, random, re, tomllib, zipfile

import openpyxl
from openpyxl.styles import Font, PatternFill

HERE = pathlib.Path(__file__).parent
OUT = HERE / "imports"
TODAY = datetime.date(2026, 11, 20)
CHANCE = random.Random(20261120)
PEOPLE = tomllib.loads((HERE / "people.toml").read_text(encoding="utf-8"))
PLACES = tomllib.loads((HERE / "places.toml").read_text(encoding="utf-8"))["place"]
STREETS = ["Alder St", "Birch Ave", "Cedar Ln", "Elm St", "Hawthorne Blvd", "Juniper Dr", "Maple Ct", "Oak St", "Sycamore Way"]
OWNERS = ["Robin Vale", "Dana Whitlow", "Zoë Brandt"]
SIZES = [3.8, 5.0, 6.0, 7.6, 8.2, 10.0, 11.4, 15.2]
PORTAL_UTILITY = "Portland General Electric"
# How far an application is: the CRM's stage, the portal's status, the tracker's status.
STEPS = [
    ("Package Build", None, "docs"),
    ("Out for Signature", None, "docs"),
    ("Ready to Submit", "Draft", "ready"),
    ("IX Submitted", "Submitted", "sent"),
    ("Completeness Review", "Completeness Review", "in review"),
    ("Deficiency", "Revisions Requested", "fix"),
    ("Engineering Review", "Engineering Review", "in review"),
    ("IX Approved", "Approved to Install", "approved"),
    ("Installation", "Awaiting Inspection", "build"),
    ("PTO Requested", "Completion Docs Submitted", "PTO req"),
    ("PTO Received", "PTO Issued", "PTO"),
    ("On Hold - Finance", "Application Fee Due", "hold??"),
    ("Cancelled", "Withdrawn", "dead"),
]


def pattern(text):
    """`#` is a digit, `@` a letter."""
    return "".join(CHANCE.choice("0123456789") if c == "#" else CHANCE.choice("ABCDEFGH") if c == "@" else c for c in text)


def before(days):
    return TODAY - datetime.timedelta(days=days)


def application(idx, place):
    first, last = CHANCE.choice(PEOPLE["first"]), CHANCE.choice(PEOPLE["last"])
    town, state, postcode = CHANCE.choice(place["towns"])
    step = CHANCE.randrange(len(STEPS))
    submitted = before(CHANCE.randrange(20, 200)) if step >= 3 else None
    return {
        "case": f"{412000 + idx * 7:08d}",
        "first": first,
        "last": last,
        "street": f"{CHANCE.randrange(11, 9800)} {CHANCE.choice(STREETS)}",
        "town": town,
        "state": state,
        "zip": postcode,
        "phone": f"(555) 555-01{idx % 100:02d}",
        "email": f"{ascii_of(first)}.{ascii_of(last)}@example.com",
        "utility": place["utility"],
        "number": pattern("26" + "#" * 11) if place["utility"] == PORTAL_UTILITY else pattern(place["number"]),
        "account": pattern(place["account"]),
        "meter": pattern(place["meter"]),
        "kw": CHANCE.choice(SIZES),
        "product": CHANCE.choice(["Solar", "Solar + Storage", "Storage"]),
        "step": step,
        "submitted": submitted,
        "complete": submitted and step in (6, 7, 8, 9, 10) and submitted + datetime.timedelta(days=CHANCE.randrange(5, 15)),
        "pto": before(CHANCE.randrange(1, 12)) if step == 10 else None,
        "next": TODAY + datetime.timedelta(days=CHANCE.randrange(-4, 15)) if step not in (10, 12) else None,
        "owner": CHANCE.choice(OWNERS),
        "changed": before(CHANCE.randrange(0, 9)),
    }


def ascii_of(name):
    return name.lower().translate(str.maketrans("áéíöñüçõ", "aeionuco")).replace(" ", "")


def us(day):
    """11/5/2026, without leading zeros, as a CRM of this country writes it."""
    return f"{day.month}/{day.day}/{day.year}" if day else ""


def crm_report(all_of_them):
    """Windows-1252, everything in quotes, a footer below the rows."""
    header = ["Case Number", "Account Name", "Site Street", "Site City", "Site State/Province", "Site Zip/Postal Code", "Phone",
              "Email", "Utility", "Utility Application #", "Meter #", "Product", "System Size AC (kW)", "Stage", "Owner", "Submitted Date",
              "Deemed Complete Date", "PTO Date", "Next Step Date", "Next Step", "Amount", "Last Modified Date"]
    steps = ["Call customer re bill", "Check portal", "Ask for date", "Send IA to customer – 2nd time", "", "Résumé of call to ops"]
    rows = []
    for idx, one in enumerate(all_of_them):
        # The CRM has the utility's number where somebody typed it in.
        number = one["number"] if one["submitted"] and idx % 5 else ""
        rows.append([one["case"], f"{one['first']} {one['last']}", one["street"], one["town"], one["state"], one["zip"],
                     one["phone"], one["email"], one["utility"], number, "" if idx % 3 else one["meter"],
                     one["product"], f"{one['kw']:.2f}", STEPS[one["step"]][0],
                     one["owner"], us(one["submitted"]), us(one["complete"]), us(one["pto"]), us(one["next"]),
                     steps[idx % len(steps)], f"${CHANCE.randrange(14, 61)},{CHANCE.randrange(0, 1000):03d}.00", us(one["changed"])])
    text = io.StringIO()
    sheet = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    sheet.writerow(header)
    sheet.writerows(rows)
    text.write("\r\n\r\n")
    for line in [f"Grand Totals ({len(rows)} records)", "Interconnection Pipeline – All Regions",
                 "Copyright © 2000-2026 Example CRM, inc. All rights reserved.",
                 "Confidential Information - Do Not Distribute", "Generated By:  Zoë Brandt  11/20/2026 8:02 AM"]:
        sheet.writerow([line])
    (OUT / "crm_report_2026-11-20.csv").write_bytes(text.getvalue().encode("cp1252"))


def portal_projects(shared, more):
    """UTF-16 with tabs, as a portal's "Export to Excel" gives it. It knows nothing of the CRM's case numbers."""
    header = ["Application ID", "Customer Name", "Service Address", "Program", "Project Status", "Status Date", "kW AC",
              "Meter Number", "Utility Account", "Reviewer Comments"]
    comments = ["", "", "Disconnect not shown on the one-line", "", "Bill is in another name; send the current one", ""]
    lines = ["\t".join(header)]
    for idx, one in enumerate(shared + more):
        # Spelled as a billing system spells it; now and then the site is another spelling too.
        street = one["street"].upper().replace(" AVE", " AVENUE") if idx % 3 else one["street"].upper()
        lines.append("\t".join([
            one["number"], f"{one['last'].upper()}, {one['first'].upper()}", f"{street}, {one['town'].upper()} {one['state']} {one['zip']}",
            "Net Metering" if one["product"] == "Solar" else "Solar + Storage", STEPS[one["step"]][1] or "Draft",
            one["changed"].strftime("%d-%b-%Y"), f"{one['kw']:g}", one["meter"], one["account"], comments[idx % len(comments)]]))
    text = "\r\n".join(lines) + "\r\n"
    (OUT / "portal_projects_2026-11-20.csv").write_bytes(b"\xff\xfe" + text.encode("utf-16-le"))


def log(one, idx):
    """What a team types into one cell: a line a touch, the newest on top, no year."""
    said = ["LVM w/ cust", f"sent to {one['utility'].split()[0]}", "cust called back, new bill coming", "PC: in eng rvw", "EML intake, no answer",
            "SW crew, install moved\n  (rain)", "SLD rev B uploaded"]
    lines, day = [], before(idx % 4)
    for turn in range(1 + idx % 5):
        lines.append(f"{day.month}/{day.day}{CHANCE.choice([' ', ': ', ' - '])}{said[(idx + turn) % len(said)]}")
        day -= datetime.timedelta(days=CHANCE.randrange(3, 40))
    if idx % 9 == 0:
        lines.append("gate code 0000, dog")
    return "\n".join(lines)


def tracker(active, archive):
    """A team's own workbook: two header lines, colours that mean something, dates typed in two ways."""
    book = openpyxl.Workbook()
    book.properties.creator = "Example Solar"
    book.properties.created = datetime.datetime(2026, 1, 5, 8, 0)
    fill_sheet(book.active, "Active", active)
    fill_sheet(book.create_sheet(), "Archive", archive)
    lists = book.create_sheet("Lists")
    lists.sheet_state = "hidden"
    for row, line in enumerate([("colour", "meaning"), ("red", "customer does not answer"), ("yellow", "waiting on utility"), ("green", "done")], 1):
        for column, word in enumerate(line, 1):
            lists.cell(row, column, word)
    OUT.joinpath("tracker_2026.xlsx").write_bytes(always_the_same(book))


def fill_sheet(sheet, name, rows):
    sheet.title = name
    sheet["A1"] = f"Interconnection tracker 2026 – {name.lower()}"
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.merge_cells("A1:L1")
    for cell, group, cells in [("A3", "Project", "A3:D3"), ("E3", "Utility", "E3:H3"), ("I3", "Dates", "I3:K3"), ("L3", "Notes", "L3:L4")]:
        sheet[cell] = group
        sheet.merge_cells(cells)
    below = ["ID", "Customer", "Site", "kW", "Name", "App #", "Meter", "Status", "Sent", "PTO", "Next"]
    for column, word in enumerate(below, 1):
        sheet.cell(4, column, word)
    for line, (idx, one) in enumerate(enumerate(rows), 5):
        fill_row(sheet, line, idx, one)
    sheet.freeze_panes = "A5"


def fill_row(sheet, line, idx, one):
    ident = int(one["case"]) % 100_000 // 7
    # Typed as text the zeros stay, typed as a number they are gone.
    sheet.cell(line, 1, f"{ident:05d}" if idx % 3 else ident)
    sheet.cell(line, 2, f"{one['first']} {one['last']}")
    sheet.cell(line, 3, f"{one['street']}, {one['town']}")
    sheet.cell(line, 4, one["kw"])
    sheet.cell(line, 5, one["utility"])
    sheet.cell(line, 6, one["number"] if one["submitted"] else "tbd")
    sheet.cell(line, 7, one["meter"])
    sheet.cell(line, 8, STEPS[one["step"]][2])
    sheet.cell(line, 9, typed(one["submitted"], idx))
    sheet.cell(line, 10, typed(one["pto"], idx + 1))
    sheet.cell(line, 11, typed(one["next"], idx))
    sheet.cell(line, 12, log(one, idx))
    for column in (9, 10, 11):
        if isinstance(sheet.cell(line, column).value, datetime.datetime):
            sheet.cell(line, column).number_format = "m/d/yyyy"
    if idx == 7:
        # A look-up that found nothing.
        sheet.cell(line, 7).value = "#N/A"
        sheet.cell(line, 7).data_type = "e"
    colour = {5: "FFC7CE", 4: "FFEB9C", 6: "FFEB9C", 10: "C6EFCE"}.get(one["step"])
    if colour:
        sheet.cell(line, 8).fill = PatternFill("solid", start_color=colour)
    if idx in (11, 12, 20):
        sheet.row_dimensions[line].hidden = True


def typed(day, idx):
    """A date of the workbook, or a text that looks like one."""
    if day is None:
        return "-" if idx % 4 == 0 else None
    return [datetime.datetime(day.year, day.month, day.day), us(day), f"{day.month}/{day.day}/{day.year % 100:02d}"][idx % 3]


def always_the_same(book):
    """The workbook's bytes without the time at which it was made."""
    made = io.BytesIO()
    book.save(made)
    out = io.BytesIO()
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2026-11-20T08:00:00Z", data)
            target.writestr(zipfile.ZipInfo(name, (2026, 11, 20, 8, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def main():
    OUT.mkdir(exist_ok=True)
    home = next(place for place in PLACES if place["utility"] == PORTAL_UTILITY)
    others = [place for place in PLACES if place is not home]
    ours = [application(idx, home if idx % 2 else CHANCE.choice(others)) for idx in range(1, 47)]
    shared = [one for one in ours if one["utility"] == PORTAL_UTILITY and STEPS[one["step"]][1]][:18]
    more = [application(idx, home) for idx in range(60, 78)]
    crm_report(ours)
    portal_projects(shared, more)
    tracker([application(idx, CHANCE.choice(PLACES)) for idx in range(100, 132)], [application(idx, CHANCE.choice(PLACES)) for idx in range(140, 150)])


if __name__ == "__main__":
    main()
