"""The form to be filled in by hand, for people without a computer (R4.7).

For one employee it has the name and the plan as its reader may see it; else it is wholly blank.
"""

from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string

from appraisals.models import Appraisal, Kind, Method
from appraisals.pdf.administrative import Cover, part_a
from appraisals.pdf.content import form_content
from appraisals.pdf.parts import GoalsOf, PlanElement
from appraisals.pdf.render import as_pdf, form_name, lay_out
from appraisals.pdf.stored import PrintedForm
from appraisals.pdf.text import Paragraph
from orgchart.models import Person

NAMELESS = Cover(who="", name="", dod_id="", year="", component="", part_a=part_a())
ROOM_FOR = 5
"""Elements of a wholly blank form, unless asked for another number."""


@dataclass(frozen=True)
class BlankContent:
    """`elements` are numbers alone where nothing is written yet."""

    cover: Cover
    officials: tuple[str, str, str]
    core_values: list[Paragraph]
    goals: list[GoalsOf]
    elements: list[tuple[int, PlanElement | None]]
    address: str = ""

    @property
    def discussions(self) -> list[str]:
        kinds = (Kind.PERFORMANCE_PLAN, Kind.PROGRESS_REVIEW, Kind.ANNUAL_APPRAISAL)
        return [str(kind.label) for kind in kinds]

    @property
    def methods(self) -> list[str]:
        return [str(method.label) for method in Method]


def blank_content(elements: int = ROOM_FOR) -> BlankContent:
    numbers = range(1, elements + 1)
    return BlankContent(NAMELESS, ("", "", ""), [], [], [(each, None) for each in numbers])


def blank_content_for(appraisal: Appraisal, *, reader: Person) -> BlankContent:
    form = form_content(appraisal, reader=reader)
    reviewer = appraisal.higher_level_reviewer
    people = (appraisal.rating_official, reviewer, appraisal.employee)
    written: list[tuple[int, PlanElement | None]] = [(each.number, each) for each in form.elements]
    return BlankContent(
        cover=form.cover,
        officials=tuple(person.full_name if person else "" for person in people),  # type: ignore[arg-type]
        core_values=form.core_values,
        goals=form.goals,
        elements=written or [(number, None) for number in range(1, ROOM_FOR + 1)],
        address=form.address,
    )


def blank_html(form: BlankContent) -> str:
    context = {
        "form": form,
        "designation": settings.CUI_DESIGNATION,
        "site": settings.SITE_ADDRESS,
    }
    return render_to_string("pdf/blank.html", context)


def blank_form(
    appraisal: Appraisal | None = None, *, reader: Person | None = None, elements: int = ROOM_FOR
) -> PrintedForm:
    if appraisal is None or reader is None:
        form, name = blank_content(elements), "dd2906-blank.pdf"
    else:
        form = blank_content_for(appraisal, reader=reader)
        name = form_name(appraisal).replace("dd2906-", "dd2906-blank-", 1)
    return PrintedForm(name, as_pdf(lay_out(blank_html(form))), None)
