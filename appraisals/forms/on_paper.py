"""A paper form entered afterwards (R4.7): what is entered and why, what is signed, the scan."""

import datetime as dt
import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Submit
from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from appraisals import rules
from appraisals.forms.buttons import cancel
from appraisals.forms.reasons import ExplainedForm
from appraisals.forms.steps import FORMS, StepForm
from appraisals.models import AppraisalCycle, Document, Kind
from appraisals.scans import is_pdf
from appraisals.workflow import TRANSITIONS, Given, needs_review
from orgchart import clock

MEGABYTE = 1_000_000
WHY = [
    ("No access to a computer", "The employee has no access to a computer"),
    ("The system was not available", "The system was not available"),
    ("It was due while somebody was away", "It was due while somebody was away from the system"),
]


class BeginPaperForm(ExplainedForm):
    kind = forms.ChoiceField(
        label="What is on the paper form",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you want to enter."},
    )
    question = "Why it was done on paper"
    reasons = WHY
    covers_from = forms.DateField(
        label="First day it is about",
        required=False,
        help_text="Only of a narrative statement, which comes from another office then.",
    )
    covers_until = forms.DateField(
        label="Last day it is about", required=False, help_text="The last day together."
    )

    field_order = ("kind", "covers_from", "covers_until", "why", "explanation")

    def __init__(
        self,
        *args: Any,
        kinds: list[tuple[str, str]],
        cycle: AppraisalCycle,
        is_owed: bool,
        back: str,
        **kwargs: Any,
    ) -> None:
        """`is_owed`: a narrative statement waits here already, and says which days it is about."""
        super().__init__(*args, **kwargs)
        self.cycle = cycle
        if is_owed or Kind.NARRATIVE_STATEMENT.value not in dict(kinds):
            del self.fields["covers_from"], self.fields["covers_until"]
        field = self.fields["kind"]
        if isinstance(field, forms.ChoiceField):
            field.choices = kinds
        if len(kinds) == 1:
            field.initial = kinds[0][0]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *self.fields, ButtonHolder(Submit("begin", "Begin"), cancel(back))
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self._is_about_days():
            for problem in rules.outside_statement_problems(
                cleaned.get("covers_from"),
                cleaned.get("covers_until"),
                cycle_starts_on=self.cycle.starts_on,
                today=clock.today(),
            ):
                name = "covers_from" if problem.field == "starts_on" else "covers_until"
                if name not in self.errors:
                    self.add_error(name, problem.message)
        return cleaned

    def _is_about_days(self) -> bool:
        chosen = self.cleaned_data.get("kind") == Kind.NARRATIVE_STATEMENT.value
        return chosen and "covers_from" in self.fields

    def covers(self) -> tuple[dt.date, dt.date] | None:
        if not self._is_about_days():
            return None
        return self.cleaned_data["covers_from"], self.cleaned_data["covers_until"]


class ScanForm(forms.Form):
    scan = forms.FileField(
        label="Scanned form (PDF)",
        error_messages={
            "required": "Choose the file of the scanned form.",
            "empty": "This file is empty. Scan the form again.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["scan"]
        field.widget.attrs["accept"] = ".pdf,application/pdf"
        field.help_text = f"One PDF file of up to {settings.SCAN_MAX_BYTES // MEGABYTE} MB."
        self.helper = FormHelper()
        self.helper.add_input(Submit("attach", "Attach the scan"))

    def clean_scan(self) -> UploadedFile[bytes]:
        scan: UploadedFile[bytes] = self.cleaned_data["scan"]
        if (scan.size or 0) > settings.SCAN_MAX_BYTES:
            raise forms.ValidationError(
                f"{scan.name} has {(scan.size or 0) / MEGABYTE:,.1f} MB, and "
                f"{settings.SCAN_MAX_BYTES // MEGABYTE} MB is the most. Scan it in gray at 200 dots per inch."
            )
        if not is_pdf(scan):
            raise forms.ValidationError(
                f"{scan.name} is not a PDF file, whatever its name says. Scan the form to PDF."
            )
        return scan


class Part:
    """One signature of the form. `optional`: it may not have been given yet."""

    def __init__(self, title: str, form: StepForm, *, optional: bool) -> None:
        self.title, self.form, self.optional = title, form, optional

    @property
    def name(self) -> str:
        return self.form.row.name

    @property
    def was_given(self) -> bool:
        return self.form.has_changed() or not self.optional


class SignedForms:
    """The steps signed on one paper form, in their order; what is not signed yet stays empty.

    Each part is the form of its own step, so both say the same of the same mistake.
    """

    def __init__(self, document: Document, data: Any = None) -> None:
        self.document, self.data = document, data
        first = "submit" if needs_review(document) else "finish"
        rows = [(first, "The rating official", False)]
        if first == "submit":
            rows.append(("record_approval", "The higher level reviewer", True))
        rows += [
            ("communicate", "The discussion", True),
            ("record_signature", "The employee, who signed", True),
            ("record_acknowledgment", "Or: the employee, who did not sign", True),
        ]
        self.parts = [self._part(*row) for row in rows]
        self.problems: list[dict[str, str]] = []

    def _part(self, name: str, title: str, optional: bool) -> Part:
        row = TRANSITIONS[name]
        kwargs: dict[str, Any] = {"document": self.document, "row": row, "prefix": name}
        form = FORMS[row.asks_of(self.document)](
            self.data,
            initial={},
            empty_permitted=optional,
            use_required_attribute=False,
            **kwargs,
        )
        del form.fields["request_key"]
        return Part(title, form, optional=optional)

    def is_valid(self) -> bool:
        valid = [part.form.is_valid() for part in self.parts]
        if all(valid):
            self._no_gaps()
        self.gather()
        return not self.problems

    def _no_gaps(self) -> None:
        *steps, signed, not_signed = self.parts
        if signed.was_given and not_signed.was_given:
            not_signed.form.add_error(
                None, "The employee either signed or did not. Leave one of the two empty."
            )
        later = signed.was_given or not_signed.was_given
        for part in reversed(steps):
            if later and not part.was_given:
                part.form.add_error(
                    None, "Give this too: what you gave below comes after it on the form."
                )
            later = later or part.was_given

    def refuse(self, name: str, problem: str) -> None:
        """What a step said when it was taken: a day before the day above it."""
        part = next(part for part in self.parts if part.name == name)
        day = next(field for field in ("discussed_on", "happened_on") if field in part.form.fields)
        part.form.add_error(day, problem)
        self.gather()

    def gather(self) -> None:
        self.problems = [
            {
                "text": f"{part.title}: {text}",
                "url": f"#{part.form[field].id_for_label}"
                if field != "__all__"
                else f"#{part.name}",
            }
            for part in self.parts
            for field, texts in part.form.errors.items()
            for text in texts
        ]

    def steps(self) -> list[tuple[str, Given]]:
        return [(part.name, part.form.given()) for part in self.parts if part.was_given]


class SignedKeyForm(forms.Form):
    """Once per page: a double click carries the same number."""

    request_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid.uuid4)
