"""`make bench-pdf`: what a form costs, beside the same content in one table by plain WeasyPrint.

A typical record is one of the demonstration; the longest legal one has ten elements and every text at
its limit. All start from the same content in memory, take turns in one process, and end with a PDF.

form: ours, from its templates on. table: all that the form says in one table with automatic columns
(bench/pdf_table.py), by one call of WeasyPrint as its manual shows, with the form's style sheet and
fonts, its page marks and tags (PDF/UA-1). Its HTML is there already. ready: the same, with style sheet
and fonts read once before all turns, as ours are. bare: that table with neither style nor fonts nor tags,
which is no form any more.
"""

import argparse
import gc
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

import bench.environment  # noqa: F401 - before anything that needs Django's models
from appraisals import rules
from appraisals.models import Appraisal, RatingOfRecord
from appraisals.pdf.content import FormContent, form_content
from appraisals.pdf.parts import Entry, Group, PlanElement
from appraisals.pdf.render import LOOK, VARIANT, StaticFilesOnly, print_form
from appraisals.pdf.text import Paragraph, paragraphs
from bench.pdf_table import AUTOMATIC, BORDERS, letters_of, table_of
from bench.populations import database, fill_demonstration

TARGET = 3.0
BULK = "bench.pdf_archive"


@dataclass(frozen=True)
class Timed:
    name: str
    milliseconds: float
    pages: int
    kib: float


def typical() -> tuple[FormContent, float]:
    """The final record of middle length, its content, and the milliseconds of reading it."""
    rated = RatingOfRecord.objects.values("appraisal")
    records = Appraisal.objects.with_people().filter(pk__in=rated, documents__sections__text__gt="")
    final = []
    for record in records.distinct()[:40]:
        form = form_content(record, reader=record.employee)
        if not form.not_final:
            final.append((letters_of(form), record.pk, record, form))
    _, _, record, form = sorted(final)[len(final) // 2]
    began = time.process_time()
    form_content(Appraisal.objects.with_people().get(pk=record.pk), reader=record.employee)
    return form, (time.process_time() - began) * 1000


def longest(form: FormContent) -> FormContent:
    """Ten elements, two progress reviews, and every text as long as policy lets it be."""
    limits, elements = rules.Policy(), range(1, 11)

    def text(length: int) -> list[Paragraph]:
        sentence = (
            "What was done, against the standard of 95 in 100, and what came of it for the unit. "
        )
        return paragraphs((sentence * (length // len(sentence) + 1))[:length])

    def title(number: int) -> Paragraph:
        return Paragraph(f"Element {number}. {text(limits.title_limit)[0].text}")

    def group(name: str, length: int, level: str = "") -> Group:
        return Group(name, [Entry(title(each), text(length), level) for each in elements])

    whole = [Entry(Paragraph(name), text(limits.input_limit)) for name in ("Needs", "Resources")]
    reviews = ("Progress review", "Progress review 2")
    return replace(
        form,
        core_values=text(limits.values_limit),
        elements=[
            PlanElement(
                number=each,
                title=title(each),
                marks="",
                description=text(limits.description_limit),
                standards=text(limits.standards_limit),
                line_of_sight=form.elements[0].line_of_sight,
            )
            for each in elements
        ],
        employee_input=[
            replace(
                group(name, limits.input_limit),
                entries=group(name, limits.input_limit).entries + whole,
            )
            for name in (*reviews, "Annual appraisal")
        ],
        reviews=[group(name, limits.assessment_limit) for name in reviews],
        ratings=group("Ratings", limits.narrative_limit, "5 · Outstanding"),
        comments=[
            Entry(Paragraph(name), text(limits.comment_limit)) for name in (*reviews, "Plan")
        ],
    )


def in_a_table(html: str) -> tuple[bytes, int]:
    fonts, fetcher = FontConfiguration(), StaticFilesOnly()
    style = CSS(url="static:css/pdf.css", url_fetcher=fetcher, font_config=fonts)
    return _by_weasyprint(html, style, fonts)


def in_a_ready_table(html: str) -> tuple[bytes, int]:
    LOOK.read()
    return _by_weasyprint(html, LOOK.style, LOOK.fonts)


def _by_weasyprint(html: str, style: CSS, fonts: FontConfiguration) -> tuple[bytes, int]:
    source = HTML(string=html, url_fetcher=StaticFilesOnly())
    laid_out = source.render(stylesheets=[style], font_config=fonts, pdf_variant=VARIANT)
    return laid_out.write_pdf(pdf_variant=VARIANT), len(laid_out.pages)


def in_a_bare_table(html: str) -> tuple[bytes, int]:
    laid_out = HTML(string=html).render()
    return laid_out.write_pdf(), len(laid_out.pages)


def measured(form: FormContent, rounds: int) -> list[Timed]:
    """Turn by turn, after one of each to warm up; processor time, for others use the machine too.
    Nobody pays for what another left behind, and each for what it leaves itself."""
    automatic, bare = table_of(form, AUTOMATIC), table_of(form, BORDERS)

    def as_form() -> tuple[bytes, int]:
        printed = print_form(form)
        return printed.pdf, printed.pages

    ways: dict[str, Callable[[], tuple[bytes, int]]] = {
        "form": as_form,
        "table": lambda: in_a_table(automatic),
        "ready": lambda: in_a_ready_table(automatic),
        "bare": lambda: in_a_bare_table(bare),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    made = {name: way() for name, way in ways.items()}
    for _ in range(rounds):
        for name, way in ways.items():
            gc.collect()
            began = time.process_time()
            way()
            gc.collect(0)
            times[name].append((time.process_time() - began) * 1000)
    return [
        Timed(name, statistics.median(times[name]), made[name][1], len(made[name][0]) / 1024)
        for name in ways
    ]


def report(rounds: int) -> list[str]:
    load = os.getloadavg()[0]
    middle, reading = typical()
    lines = [
        "| record | form, ms | pages | KiB | table, ms | pages | times faster | ready, ms | times | bare, ms | times |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    misses = []
    for name, form in (("typical", middle), ("longest legal", longest(middle))):
        ours, table, ready, bare = measured(form, rounds)
        letters = letters_of(form)
        factor = table.milliseconds / ours.milliseconds
        lines.append(
            f"| {name}, {letters:,} letters | {ours.milliseconds:.0f} | {ours.pages} | {ours.kib:.0f} "
            f"| {table.milliseconds:.0f} | {table.pages} | {factor:.1f} "
            f"| {ready.milliseconds:.0f} | {ready.milliseconds / ours.milliseconds:.1f} "
            f"| {bare.milliseconds:.0f} | {bare.milliseconds / ours.milliseconds:.1f} |"
        )
        misses += [f"Missed: {name} {factor:.1f}, {TARGET:.0f} wanted."] * (factor < TARGET)
    lines.append(
        f"\nProcessor time, median of {rounds} turns; reading the typical record takes {reading:.0f} ms "
        f"more. Load average {load:.1f} before and {os.getloadavg()[0]:.1f} after, "
        f"{os.cpu_count()} processors."
    )
    return lines + misses


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.pdf", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="turns of each way")
    parser.add_argument("--forms-only", action="store_true", help="leave out the bulk export")
    options = parser.parse_args()
    with database("dpmap_bench_pdf", fill_demonstration, keep=False):
        sys.stdout.write("\n".join(report(options.rounds)) + "\n")
        sys.stdout.flush()
    if find_spec(BULK) and not options.forms_only:
        import_module(BULK).main()


if __name__ == "__main__":
    main()
