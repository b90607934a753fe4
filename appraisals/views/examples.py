"""The worked examples of the rule book, answered by the policy looked at."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from appraisals import rules
from appraisals.exports import Column, Table, download
from appraisals.models import PolicyEdition
from appraisals.rules.examples import GROUPS, Answered, answered
from appraisals.selectors import policy_for
from appraisals.views.administration import hr_crumbs, scope_of
from appraisals.views.policy import reached
from appraisals.views.shared import person
from orgchart import clock
from orgchart.errors import Refused
from orgchart.selectors import assignment_of


@require_safe
def worked_examples(request: HttpRequest) -> HttpResponseBase:
    """Anybody, under the edition in force where they work today."""
    today = clock.today()
    assignment = assignment_of(person(request), on=today)
    name, policy = "the rule book itself", rules.Policy()
    if assignment:
        try:
            edition = policy_for(assignment.organization, on=today)
            name, policy = edition.name, edition.rules()
        except Refused:
            pass
    crumbs = [{"label": "Home", "url": reverse("home")}, {"label": "Worked examples", "url": ""}]
    return examples_page(request, policy, name=name, crumbs=crumbs)


@require_safe
def policy_examples(request: HttpRequest, pk: int) -> HttpResponseBase:
    edition = get_object_or_404(PolicyEdition.objects.filter(reached(scope_of(request))), pk=pk)
    crumbs = hr_crumbs(policy_list="Policy")
    crumbs += [
        {"label": edition.name, "url": reverse("policy_detail", args=[pk])},
        {"label": "Worked examples", "url": ""},
    ]
    return examples_page(request, edition.rules(), name=edition.name, crumbs=crumbs)


def examples_page(
    request: HttpRequest, policy: rules.Policy, *, name: str, crumbs: list[dict[str, str]]
) -> HttpResponseBase:
    groups = [(title, [answered(each, policy) for each in held]) for title, held in GROUPS]
    everything = [each for _, rows in groups for each in rows]
    table = _table(everything, name)
    found = download(request, table)
    if found:
        return found
    context = {
        "name": name,
        "groups": groups,
        "table": table,
        "total": len(everything),
        "differing": sum(not each.agrees for each in everything),
        "crumbs": crumbs,
    }
    return render(request, "appraisals/policy/examples.html", context)


def _table(rows: list[Answered], name: str) -> Table[Answered]:
    return Table(
        name="worked-examples",
        title=f"Worked examples, {name}",
        columns=[
            Column("Example", lambda row: row.example.number),
            Column("Rule", lambda row: row.example.rule),
            Column("Given", lambda row: row.example.given),
            Column("Rule book", lambda row: row.example.expected),
            Column("Answer", lambda row: row.answer),
            Column("As in the rule book", lambda row: "yes" if row.agrees else "differs"),
            Column("Because of", lambda row: "; ".join(row.because)),
        ],
        rows=rows,
    )
