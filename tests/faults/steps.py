"""Steps that people of the demonstration can take now, through the pages, each telling somebody."""

from dataclasses import dataclass

from tests.faults.account import Told
from tests.faults.site import Site
from tests.faults.visitor import Page, Visitor

WAITING = """
SELECT d.id, actor.email, official.email FROM appraisals_document d
JOIN appraisals_appraisal a ON a.id = d.appraisal_id
JOIN orgchart_person official ON official.id = a.rating_official_id
JOIN orgchart_person actor ON actor.id = {actor}
WHERE d.state = %s AND actor.id <> official.id ORDER BY actor.email, d.id
"""


@dataclass(frozen=True)
class Step:
    """What somebody may do with a document, and the rating official who hears of it."""

    document: int
    actor: str
    official: str
    name: str
    button: str

    @property
    def link(self) -> str:
        return f"/documents/{self.document}/"

    @property
    def tells(self) -> Told:
        return self.official, self.link


def approvals(site: Site) -> list[Step]:
    found = site.rows(WAITING.format(actor="a.higher_level_reviewer_id"), "in_review")
    return [Step(*row, "approve", "Approve") for row in found]


def acknowledgments(site: Site) -> list[Step]:
    found = site.rows(WAITING.format(actor="a.employee_id"), "communicated")
    return [Step(*row, "acknowledge", "Acknowledge") for row in found]


def take(step: Step, visitor: Visitor) -> Page:
    return visitor.press(visitor.get(f"{step.link}steps/{step.name}/"), step.button)


def state_of(site: Site, step: Step) -> str:
    return str(site.one("SELECT state FROM appraisals_document WHERE id = %s", step.document))
