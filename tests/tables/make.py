"""Makes the binary workbooks of tests/tables.rs: python3 -m pip install xlwt odfpy openpyxl msoffcrypto-tool"""

import datetime
import io
import zipfile

import msoffcrypto.format.ooxml
import odf.opendocument
import odf.style
import odf.table
import odf.text
import openpyxl
import xlwt

DAY = datetime.date(2026, 11, 30)


def xls():
    book = xlwt.Workbook()
    sheet = book.add_sheet("Queue")
    sheet.write(0, 0, "Queue of the north")
    for column, name in enumerate(["number", "customer", "kW", "received", "long"]):
        sheet.write(2, column, name)
    date = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for row, (number, customer, size) in enumerate([("0042", "Jörg", 7.6), ("J2", "Jones", 5)], start=3):
        sheet.write(row, 0, number)
        sheet.write(row, 1, customer)
        sheet.write(row, 2, size)
        sheet.write(row, 3, DAY, date)
        sheet.write(row, 4, 1234567890123)
    sheet.write_merge(5, 6, 1, 1, "Lee")
    sheet.write(5, 0, "J3")
    sheet.write(6, 0, "J4")
    sheet.write(7, 0, xlwt.Formula("1/0"))
    sheet.write(7, 1, True)
    sheet.write(7, 2, 1)
    hidden = book.add_sheet("Old")
    hidden.write(0, 0, "number")
    hidden.visibility = 1
    book.save("queue.xls")


def ods():
    document = odf.opendocument.OpenDocumentSpreadsheet()
    hidden = odf.style.Style(name="hidden", family="table")
    hidden.addElement(odf.style.TableProperties(display="false"))
    document.automaticstyles.addElement(hidden)

    def cell(value):
        if isinstance(value, datetime.date):
            made = odf.table.TableCell(valuetype="date", datevalue=value.isoformat())
        elif isinstance(value, bool):
            made = odf.table.TableCell(valuetype="boolean", booleanvalue=str(value).lower())
        elif isinstance(value, (int, float)):
            made = odf.table.TableCell(valuetype="float", value=value)
        else:
            made = odf.table.TableCell(valuetype="string")
        made.addElement(odf.text.P(text=str(value)))
        return made

    def table(name, rows, **more):
        made = odf.table.Table(name=name, **more)
        for values in rows:
            row = odf.table.TableRow()
            for value in values:
                row.addElement(cell(value))
            made.addElement(row)
        document.spreadsheet.addElement(made)

    table("Notes", [["nothing here"]])
    table(
        "Queue",
        [["number", "customer", "kW", "received", "ok"], ["0042", "Jörg", 7.6, DAY, True], ["J2", "Jones", 5, DAY, False]],
    )
    table("Old", [["number"]], stylename="hidden")
    document.save("queue.ods")


def encrypted():
    book = openpyxl.Workbook()
    book.active.append(["number"])
    book.active.append(["J1"])
    plain = io.BytesIO()
    book.save(plain)
    with open("password.xlsx", "wb") as file:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("secret", file)


def repeated():
    """Some KiB that claim to be sixteen thousand million cells."""
    document = odf.opendocument.OpenDocumentSpreadsheet()
    sheet = odf.table.Table(name="Queue")
    for _ in range(3):
        row = odf.table.TableRow(numberrowsrepeated=1000000)
        cell = odf.table.TableCell(valuetype="string", numbercolumnsrepeated=16000)
        cell.addElement(odf.text.P(text="x"))
        row.addElement(cell)
        sheet.addElement(row)
    document.spreadsheet.addElement(sheet)
    document.save("repeated.ods")


def word():
    with zipfile.ZipFile("word.docx", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("word/document.xml", "<document/>")


xls()
ods()
encrypted()
repeated()
word()
