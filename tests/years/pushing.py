"""HR writes a mandatory element and puts it into every plan that it binds (R3.8)."""

import datetime as dt
import uuid
from random import Random

from appraisals.models import AppraisalEvent, Element, MandatoryElement
from appraisals.services import mandatory
from orgchart import clock
from orgchart.models import Person
from tests.years.doings import doing, doing_often
from tests.years.going_on import GoingOn
from tests.years.world import one_of


class Mandatory(GoingOn):
    def texts(self) -> dict[str, str]:
        return {"title": self.world.new_words(), "description": "", "standards": "Within 5 days."}

    @doing
    def hr_writes_an_element(self, lot: Random) -> None:
        """Reworded where there is one: a plan holds ten elements at most."""
        world = self.world
        by = self.asked_or_somebody(lot, world.cast.hr)
        lasts = (world.today - dt.timedelta(days=1), None)
        row = MandatoryElement.objects.filter(organization=world.cast.places["CMD"]).first()
        if row is not None:
            self.attempt(
                "reword a mandatory element",
                lambda: mandatory.reword_mandatory(row, lasts=lasts, texts=self.texts(), by=by),
            )
            return
        self.attempt(
            "write a mandatory element",
            lambda: mandatory.create_mandatory(
                world.cast.places["CMD"],
                applies_to="everyone",
                lasts=lasts,
                rule="R3.8",
                texts=self.texts(),
                by=by,
            ),
        )

    @doing_often
    def hr_writes_it_and_puts_it_in(self, lot: Random) -> None:
        """As the law asks for: at once, by HR; into plans that are approved as well."""
        if not lot.randint(0, 3):
            self.plan_in_force(lot)
        self.hr_writes_an_element(lot)
        place = self.world.cast.places["CMD"]
        row = one_of(lot, MandatoryElement.objects.filter(organization=place))
        if row is not None:
            self.put(row, self.world.fresh(self.world.cast.hr_of_all))

    @doing
    def hr_puts_it_into_plans(self, lot: Random) -> None:
        row = one_of(lot, MandatoryElement.objects.order_by("pk"))
        if row is None:
            return
        self.put(row, self.asked_or_somebody(lot, self.world.cast.hr_of_all))

    def put(self, row: MandatoryElement, by: Person) -> None:
        push = self.attempt(
            "put in",
            lambda: mandatory.begin_push(
                row, reason="The law asks for it.", by=by, request_key=uuid.uuid4()
            ),
        )
        if push is not None:
            self.work_on(push.pk)

    def work_on(self, pk: int) -> None:
        """By a worker: what it does to each plan is of the account, too."""
        before = set(self.put_in())
        with clock.frozen(self.world.today):
            push = mandatory.claim(pk)
            if push is not None:
                mandatory.work_on(push)
                push.refresh_from_db()
                new = [key for key in self.put_in() if key not in before]
                assert len(new) == push.changed, "counted otherwise than done"
                for _event, document in new:
                    self.world.taken[document, "put_in"] += 1
                    self.world.done["step put_in"] += 1
                self.note_wordings(push.element)

    def put_in(self) -> list[tuple[int, int]]:
        found = AppraisalEvent.objects.filter(name="put_in").order_by("pk")
        return list(found.values_list("pk", "document_id"))

    def note_wordings(self, row: MandatoryElement) -> None:
        for element in Element.objects.filter(mandatory=row):
            texts = self.world.written["element", element.pk]
            if texts[-1:] != [element.title]:
                texts.append(element.title)
