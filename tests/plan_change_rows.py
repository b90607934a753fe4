"""What the addresses of a plan change and of a mandatory element are asked with."""

from appraisals.models import Document, Kind, MandatoryElement

OF_AN_ELEMENT = ("mandatory_detail", "mandatory_edit", "mandatory_plans", "mandatory_push")


def plan_change_arguments(appraisal: int) -> dict[str, list[object]]:
    change = Document.objects.get(kind=Kind.PLAN_CHANGE)
    reworded = change.element_changes.get(action="reword")
    element = MandatoryElement.objects.get(organization__code="CMD")
    return {
        "plan_change_start": [appraisal],
        **{each: [element.pk] for each in OF_AN_ELEMENT},
        "change_add": [change.pk],
        **{each: [change.pk, reworded.element_id] for each in ("change_reword", "change_remove")},
        **{each: [reworded.pk] for each in ("change_edit", "change_take_out")},
    }
