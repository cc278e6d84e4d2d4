"""Writes random documents with independent libraries into a folder, and the texts that each one contains.

Usage: python write.py <folder> <seed> <count of each kind>
The file texts.json has, for each document, its texts in reading order. Each text occurs once.
"""
import datetime
import json
import random
import sys
from pathlib import Path

import docx
import openpyxl
import pptx
import xlsxwriter
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from odf import opendocument, table, text
from openpyxl.comments import Comment
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

folder = Path(sys.argv[1])
rng = random.Random(int(sys.argv[2]))
texts: dict[str, list[str]] = {}
used = 0
ALPHABETS = ["abcdefgh", "äöüßéñ", "жизнь", "αβγδ", "日本語漢字", "한국어", "<&>\"'"]


def word(alphabets=ALPHABETS):
    """A text with a number, so that it occurs once in all documents."""
    global used
    used += 1
    letters = rng.choice(alphabets)
    return "".join(rng.choice(letters) for _ in range(rng.randint(2, 6))) + f"#{used:05d}."


def words(alphabets=ALPHABETS):
    return [word(alphabets) for _ in range(rng.randint(1, 4))]


def write_docx(path):
    document, body, after = docx.Document(), [], []
    section = document.sections[0]
    header, footer = word(), word()
    section.header.paragraphs[0].text = header
    section.footer.paragraphs[0].text = footer
    comments = []
    for _ in range(rng.randint(2, 8)):
        kind = rng.choice(["heading", "paragraph", "table", "insertion", "comment", "moved"])
        if kind == "table":
            rows, columns = rng.randint(1, 3), rng.randint(1, 3)
            grid = document.add_table(rows, columns)
            for row in grid.rows:
                for cell in row.cells:
                    cell.text = word()
                    body.append(cell.text)
            continue
        paragraph = document.add_heading("") if kind == "heading" else document.add_paragraph()
        for run_text in words():
            paragraph.add_run(run_text)
            body.append(run_text)
        if kind == "comment":
            comments.append(word())
            document.add_comment(paragraph.runs[0], text=comments[-1], author="A")
        if kind in ("insertion", "moved"):
            visible, hidden = word(), word()
            kept, lost = ("ins", "del") if kind == "insertion" else ("moveTo", "moveFrom")
            tag = "delText" if lost == "del" else "t"
            run = "<w:{0} {1} w:id='1' w:author='a'><w:r><w:{2}>{3}</w:{2}></w:r></w:{0}>"
            escape = lambda value: value.replace("&", "&amp;").replace("<", "&lt;")
            paragraph._p.append(parse_xml(run.format(kept, nsdecls("w"), "t", escape(visible))))
            paragraph._p.append(parse_xml(run.format(lost, nsdecls("w"), tag, escape(hidden))))
            body.append(visible)
    document.save(path)
    texts[path.name] = [*body, *comments, header, footer]


def cells():
    """Values with what a user sees."""
    day = datetime.date(rng.randint(1950, 2090), rng.randint(1, 12), rng.randint(1, 28))
    number = rng.randint(10**6, 10**9)
    return rng.choice([
        lambda: (text_value := word(), None, text_value),
        lambda: (day, "yyyy-mm-dd", day.isoformat()),
        lambda: (day, "dd.mm.yyyy", day.strftime("%d.%m.%Y")),
        lambda: (number + 0.5, "#,##0.00", f"{number + 0.5:,.2f}"),
        lambda: (number, None, str(number)),
        lambda: (number // 1000 / 1e6, "0.0000%", f"{number // 1000 / 1e4:.4f}%"),
        lambda: (True, None, "TRUE"),
    ])()


def write_openpyxl(path):
    book, found = openpyxl.Workbook(), []
    book.remove(book.active)
    for _ in range(rng.randint(1, 3)):
        sheet = book.create_sheet(word(["abc", "äö"])[:20])
        found.append(sheet.title)
        for row in range(1, rng.randint(2, 6)):
            for column in range(1, rng.randint(2, 5)):
                value, form, shown = cells()
                cell = sheet.cell(row, column, value)
                if form:
                    cell.number_format = form
                found.append(shown)
        comment = word()
        sheet["A1"].comment = Comment(comment, "A")
        found.append(comment)
        if rng.random() < 0.3 and len(book.sheetnames) > 1:
            sheet.sheet_state = "hidden"
    book.save(path)
    texts[path.name] = found


def write_xlsxwriter(path):
    options = {"in_memory": True, "date_1904": rng.random() < 0.5, "constant_memory": rng.random() < 0.3}
    book, found = xlsxwriter.Workbook(path, options), []
    for _ in range(rng.randint(1, 3)):
        sheet = book.add_worksheet(word(["abc", "äö"])[:20])
        found.append(sheet.get_name())
        for row in range(rng.randint(1, 5)):
            for column in range(rng.randint(1, 4)):
                value, form, shown = cells()
                style = book.add_format({"num_format": form}) if form else None
                if isinstance(value, datetime.date):
                    sheet.write_datetime(row, column, datetime.datetime.combine(value, datetime.time()), style)
                else:
                    sheet.write(row, column, value, style)
                found.append(shown)
        if rng.random() < 0.5:
            box = word()
            sheet.insert_textbox(20, 0, box)
            found.append(box)
    book.close()
    texts[path.name] = found


def write_pptx(path):
    show, found = pptx.Presentation(), []
    for _ in range(rng.randint(1, 4)):
        slide = show.slides.add_slide(show.slide_layouts[5])
        title, note = word(), word()
        slide.shapes.title.text = title
        found.append(title)
        box = slide.shapes.add_textbox(0, 0, 100, 100)
        box.text_frame.text = "\n".join(lines := words())
        found += lines
        grid = slide.shapes.add_table(2, 2, 0, 0, 100, 100).table
        for row in range(2):
            for column in range(2):
                grid.cell(row, column).text = word()
                found.append(grid.cell(row, column).text)
        slide.notes_slide.notes_text_frame.text = note
        found.append(note)
    show.save(path)
    texts[path.name] = found


def write_odt(path):
    document, found = opendocument.OpenDocumentText(), []
    for _ in range(rng.randint(1, 6)):
        paragraph = text.P(text="")
        for run_text in words():
            paragraph.addElement(text.Span(text=run_text))
            found.append(run_text)
        document.text.addElement(paragraph)
    document.save(str(path))
    texts[path.name] = found


def write_ods(path):
    document, found = opendocument.OpenDocumentSpreadsheet(), []
    for _ in range(rng.randint(1, 3)):
        sheet = table.Table(name=word(["abc"]))
        found.append(sheet.getAttribute("name"))
        for _ in range(rng.randint(1, 4)):
            row = table.TableRow()
            for _ in range(rng.randint(1, 4)):
                cell = table.TableCell()
                cell.addElement(text.P(text=(cell_text := word())))
                row.addElement(cell)
                found.append(cell_text)
            sheet.addElement(row)
        document.spreadsheet.addElement(sheet)
    document.save(str(path))
    texts[path.name] = found


CID_FONTS = {"HeiseiMin-W3": "日本語漢字", "HYSMyeongJo-Medium": "한국어", "MSung-Light": "繁體中文", "STSong-Light": "简体中文"}


def write_pdf(path):
    page, found = canvas.Canvas(str(path), pageCompression=rng.randint(0, 1)), []
    for _ in range(rng.randint(1, 3)):
        for line in range(rng.randint(1, 4)):
            font = rng.choice(["Helvetica", *CID_FONTS])
            page.setFont(font, 12)
            found.append(word([CID_FONTS.get(font, "abcdefgh")]))
            page.drawString(72, 800 - 30 * line, found[-1])
        for field in range(rng.randint(0, 3)):
            value = word(["abcdefgh"])
            page.acroForm.textfield(name=f"field{used}", value=value, x=72, y=400 - 40 * field, width=300)
            found.append(value)
        page.showPage()
    page.save()
    texts[path.name] = found


for name in CID_FONTS:
    pdfmetrics.registerFont(UnicodeCIDFont(name))
KINDS = {
    "docx": write_docx, "openpyxl.xlsx": write_openpyxl, "xlsxwriter.xlsx": write_xlsxwriter, "pptx": write_pptx,
    "odt": write_odt, "ods": write_ods, "pdf": write_pdf,
}
for kind, write in KINDS.items():
    for number in range(int(sys.argv[3])):
        write(folder / f"{number}.{kind}")
(folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
