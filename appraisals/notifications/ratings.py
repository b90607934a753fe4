"""Who hears of a rating that is questioned or changed, of more time, of a year without a rating.

Titles and words name no rating: the page behind the link does.
"""

from collections.abc import Iterable

from appraisals.models import Appraisal, Document, Notice
from appraisals.notifications.telling import Telling, tell_each
from appraisals.selectors import policy_for
from orgchart import clock
from orgchart.models import Person
from orgchart.selectors import administrators_of


def officials_of(appraisal: Appraisal) -> list[Person]:
    found = [appraisal.rating_official, appraisal.higher_level_reviewer]
    return [person for person in found if person is not None]


def hr_of(appraisal: Appraisal) -> list[Person]:
    return [
        person
        for person in administrators_of(appraisal.organization, on=clock.today())
        if person.pk != appraisal.employee_id
    ]


def tell_about(
    appraisal: Appraisal,
    people: Iterable[Person],
    kind: str,
    *,
    key: str,
    by: Person,
    link: str = "",
    **words: object,
) -> None:
    """Each of these people but `by`, once."""
    policy = policy_for(appraisal.organization, on=clock.today()).rules()
    told = {person.pk: person for person in people if person.pk != by.pk}
    tell_each(
        [
            Telling(
                recipient=person,
                kind=kind,
                key=key,
                link=link or appraisal.get_absolute_url(),
                policy=policy,
                words={
                    "employee": appraisal.employee.full_name,
                    "cycle": appraisal.cycle.name,
                    "by": by.full_name,
                    "is_own": person.pk == appraisal.employee_id,
                    **words,
                },
            )
            for person in told.values()
        ]
    )


def settle(link: str) -> None:
    """What waited behind this link was decided."""
    Notice.objects.filter(link=link).note_read(clock.now())


def settle_documents(documents: Iterable[Document]) -> None:
    """Nobody has to do anything for these any more."""
    for document in documents:
        settle(document.get_absolute_url())
