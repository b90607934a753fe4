"""Records go to another installation, and with somebody who comes from one (R9.8, R13)."""

import io
import json
from collections.abc import Iterator
from itertools import zip_longest
from random import Random

from django.db import transaction
from django.db.models import Model

from appraisals.models import Appraisal, AppraisalEvent, Document, SentFile
from appraisals.parts import PARTS, part_of
from appraisals.services.exporting import Sent, send_records
from appraisals.services.receiving import receive_records
from appraisals.transfer.container import RecordFile, canonical, hash_of, packed, unpacked
from appraisals.transfer.references import digest_of
from orgchart import clock
from orgchart.models import Assignment, Person
from orgchart.selectors import assignment_of
from tests.appraisals.transfer.elsewhere import file_of, forget_records, told
from tests.cast import assign
from tests.years.doings import Doings, doing
from tests.years.keeping import OF_A_RECORD
from tests.years.world import one_of

MOST_NEW = 3
"""In one life: with each of them come all records of somebody."""


class Travelling(Doings):
    @doing
    def records_travel(self, lot: Random) -> None:
        """Out in a file; there the same as here; and back with somebody who worked there until now."""
        record = self.record(lot)
        if record is None:
            return
        sent = self.sent(lot, record.employee)
        if sent is None or sent.row.purpose != SentFile.Purpose.WHOLE:
            return
        file = unpacked(io.BytesIO(sent.data))
        self.same_there(file, record.employee)
        self.somebody_comes(lot, file, record.employee)

    def sent(self, lot: Random, employee: Person) -> Sent | None:
        by = self.asked_or_somebody(lot, self.hr_for(employee))
        whole, part = SentFile.Purpose.WHOLE, SentFile.Purpose.TRANSFER
        purpose = lot.choice([whole, whole, whole, part])
        to_whom = lot.choice(["Another department", "Another department", ""])
        return self.attempt(
            "send a record file",
            lambda: send_records(employee, purpose=purpose, to_whom=to_whom, by=by),
        )

    def hr_for(self, employee: Person) -> Person:
        """Nobody sends or receives their own records."""
        cast = self.world.cast
        return cast.hr_of_all_2 if employee.pk == cast.hr_of_all.pk else cast.hr_of_all

    def same_there(self, file: RecordFile, employee: Person) -> None:
        """Where nothing of it is known, everything of it arrives; undone afterwards."""
        with transaction.atomic(), clock.frozen(self.world.today):
            for record in Appraisal.objects.filter(employee=employee):
                forget_records(record)
            if assignment_of(employee, on=self.world.today) is not None:
                by = self.world.fresh(self.hr_for(employee))
                receive_records(file, by=by, compared=file.fingerprint)
                if not AppraisalEvent.objects.filter(
                    appraisal__employee=employee,
                    name="name_officials",
                    reason="The record came from another installation.",
                ):
                    again = file_of(employee)
                    assert told(again) == told(file), otherwise(again, file)
                    self.world.done["the same there"] += 1
            transaction.set_rollback(True)

    def somebody_comes(self, lot: Random, file: RecordFile, like: Person) -> None:
        """With records just like these; here to stay."""
        newcomer = self.newcomer(lot)
        if newcomer is None:
            return
        theirs, by = of_another(file, newcomer), self.hr_for(newcomer)
        asked = self.asked_or_somebody(lot, by)
        compared = lot.choice([theirs.fingerprint, theirs.fingerprint, "0000"])
        received = self.attempt(
            "receive a record file",
            lambda: receive_records(theirs, by=asked, compared=compared),
        )
        if received is not None:
            self.is_like(newcomer, like)
        elif asked.pk == by.pk and compared == theirs.fingerprint:
            raise AssertionError(f"sent from here and refused here: {self.world.refused_for}")

    def newcomer(self, lot: Random) -> Person | None:
        number = Person.objects.filter(last_name="Newcomer").count()
        held = one_of(
            lot,
            Assignment.objects.on(self.world.today)
            .filter(covered=True, supervisor__isnull=False)
            .order_by("pk"),
        )
        if held is None or number >= MOST_NEW:
            return None
        person = Person.objects.create_user(
            email=f"newcomer{number}@example.mil",
            dod_id=f"{2_200_000_000 + number}",
            first_name="Nina",
            last_name="Newcomer",
        )
        assign(person, held.supervisor, held.organization, starts_on=self.world.today)
        return person

    def is_like(self, newcomer: Person, like: Person) -> None:
        """From now on the account asks the same of what arrived as of what it was made from."""
        world = self.world
        for was, row in self.pairs(Document, like, newcomer):
            steps = [key for key in world.taken if key[0] == was]
            world.taken.update({(row, name): world.taken[was, name] for _, name in steps})
        for name, model, _ in OF_A_RECORD:
            for was, row in self.pairs(model, like, newcomer):
                if (name, was) in world.written:
                    world.written[name, row] = list(world.written[name, was])
        for model in {model for model, _ in world.said if part_of_record(model)}:
            for was, row in self.pairs(model, like, newcomer):
                if (model, was) in world.said:
                    world.said[model, row] = world.said[model, was]

    def pairs(self, model: type[Model], *people: Person) -> Iterator[tuple[int, int]]:
        """The same row of each; they arrive in the order of their keys."""
        found = [
            part_of(model)
            .of(Appraisal.objects.filter(employee=each).values_list("pk", flat=True))
            .values_list("pk", flat=True)
            for each in people
        ]
        return zip(*found, strict=True)


def part_of_record(model: type[Model]) -> bool:
    return any(part.model is model and part.travels for part in PARTS)


def otherwise(arrived: RecordFile, sent: RecordFile) -> list[object]:
    """Of each part that differs the first row that does."""
    was, now = told(sent)["rows"], told(arrived)["rows"]
    return [
        (label, *pair)
        for label in was
        for pair in zip_longest(now.get(label, []), was[label])
        if pair[0] != pair[1]
    ] or ["references or files"]


def of_another(file: RecordFile, person: Person) -> RecordFile:
    """The same records of somebody else: whoever it is about has another name, number and address in it."""
    old = file.content["employee"]
    reference = file.content["references"][old] | {
        name: getattr(person, name)
        for name in ("dod_id", "email", "first_name", "middle_name", "last_name")
    }
    text = canonical(file.content).decode().replace(old, digest_of(reference))
    content = json.loads(text)
    content["references"][digest_of(reference)] = reference
    for form in content["rows"]["appraisals.StoredForm"]:
        form["content_hash"] = hash_of([form["content_hash"], person.dod_id])
    return unpacked(io.BytesIO(packed(content, file.files)))
