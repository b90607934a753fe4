"""A form's content in one table with automatic columns, as whoever lays out such a form first might.

Every part and entry is a row: its heading in the label cell, what the part holds in the cell beside it.
A block of Part A is a row too. It is made from the form's own page: the same elements, words, styles,
and so the same tags. What was a table of its own (discussions, ratings) is one inside its cell.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, tostring

from weasyprint import HTML

from appraisals.pdf.content import FormContent
from appraisals.pdf.render import html_of

HEADINGS = ("h2", "h3", "h4")
# A row may be longer than a page; a rating stands in its cell, not beside a heading.
AUTOMATIC = """
table { table-layout: auto !important }
tr { break-inside: auto !important }
.level { margin: 0 !important } .rated { padding-right: 0 !important }
"""
BORDERS = "table { border-collapse: collapse } td, th { border: 1px solid; text-align: left }"

Row = tuple[Element, list[Element]]


def page_of(form: FormContent) -> Element:
    page: Element = HTML(string=html_of(form)).etree_element
    return page


def letters_of(form: FormContent) -> int:
    body = _the("body", page_of(form))
    return len(" ".join("".join(body.itertext()).split()))


def table_of(form: FormContent, style: str) -> str:
    page = page_of(form)
    body = _the("body", page)
    SubElement(_the("head", page), "style").text = style
    table = Element("table")
    rows = SubElement(table, "tbody")
    for part in list(body):
        if part.tag in ("div", "section"):
            body.remove(part)
            for heading, content in _rows(part):
                _add_row(rows, heading, content)
    body.append(table)
    return f"<!doctype html>{tostring(page, encoding='unicode', method='html')}"


def _the(tag: str, page: Element) -> Element:
    return next(page.iter(tag))


def _add_row(rows: Element, heading: Element, content: list[Element]) -> None:
    row = SubElement(rows, "tr")
    label = SubElement(row, "th", scope="row")
    label.append(heading)
    if content:
        SubElement(row, "td").extend(content)
    else:
        label.set("colspan", "2")


def _rows(part: Element) -> Iterator[Row]:
    kind = part.get("class", "")
    if kind == "front":
        yield from (_first_and_rest(each) for each in part.iter("div") if _holds(each, "h2"))
    elif "blocks" in kind.split():
        yield from (_label_and_value(each) for each in part.iter("p"))
    else:
        yield from _entries(part)


def _entries(section: Element) -> Iterator[Row]:
    heading: Element | None = None
    content: list[Element] = []
    for each in section:
        blocks = list(_rows(each)) if "blocks" in each.get("class", "").split() else []
        if heading is not None and (blocks or each.tag in HEADINGS):
            yield heading, content
            heading = None
        if blocks:
            yield from blocks
        elif each.tag in HEADINGS:
            heading, content = each, []
        else:
            content.append(each)
    if heading is not None:
        yield heading, content


def _holds(box: Element, tag: str) -> bool:
    return len(box) > 0 and box[0].tag == tag


def _label_and_value(block: Element) -> Row:
    (label,) = block
    value = Element("p")
    value.text, label.tail = (label.tail or "").strip(), None
    return label, [value]


def _first_and_rest(box: Element) -> Row:
    first, *rest = box
    return first, rest
