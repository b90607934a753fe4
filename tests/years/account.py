"""What must be true of every record, however it came to be where it is."""

import datetime as dt
import itertools

from django.db import connection

from appraisals import rollups
from appraisals.models import (
    Appraisal,
    AppraisalEvent,
    Document,
    Element,
    ElementChange,
    Kind,
    RatingOfRecord,
    Section,
    State,
    TextVersion,
)
from appraisals.models.scope import Party
from appraisals.selectors import with_documents
from appraisals.transitions import TRANSITIONS, needs_review
from appraisals.turns import turn_of
from appraisals.workflow import available
from tests.years.account_of_people import REVIEWED, assert_people_and_words
from tests.years.world import World

KINDS = {"section": Section, "element": Element, "change": ElementChange}


def assert_no_step_was_skipped(world: World) -> None:
    """The events of a document are one walk through the table, and it stands where they lead."""
    for document in Document.objects.select_related("policy", "appraisal").order_by("pk"):
        state = State.DRAFT.value
        names = []
        for event in document.events.order_by("pk"):
            assert event.from_state == state, (document, event.name, event.from_state, state)
            if event.name in TRANSITIONS:
                row = TRANSITIONS[event.name]
                assert state in row.sources, (document, event.name, state)
                assert document.kind in row.kinds
                state = row.moves_to or state
                names.append(event.name)
            assert event.to_state == state, (document, event.name)
        assert document.state == state
        for name in set(names):
            assert names.count(name) == world.taken[document.pk, name], (document, name)


def assert_no_rating_without_its_review() -> None:
    """R8.1, R8.5, R4.4: approved by somebody before the employee heard of it, and given for every element."""
    for rating in RatingOfRecord.objects.select_related("appraisal"):
        annual = rating.appraisal.documents.get(kind=Kind.ANNUAL_APPRAISAL)
        names = list(annual.events.order_by("pk").values_list("name", flat=True))
        assert "communicate" in names
        if needs_review(annual):
            assert REVIEWED & set(names[: names.index("communicate")])
        if rating.content_destroyed_on is None:
            assert not annual.sections.filter(kind="rating", level=None).exists()
        assert rating.appraisal.documents.filter(
            kind=Kind.PERFORMANCE_PLAN, approved_on__isnull=False
        ).exists()


def assert_no_text_is_lost(world: World) -> None:
    kept = {
        (kind, pk): text
        for kind, model in KINDS.items()
        for pk, text in model.objects.values_list("pk", "text" if model is Section else "title")
    }
    words = ("section_id", "element_id", "change_id", "content__text", "content__title")
    versions = {
        (pk, text or title)
        for *ids, text, title in TextVersion.objects.values_list(*words)
        for pk in [next((kind, pk) for kind, pk in zip(KINDS, ids, strict=True) if pk)]
    }
    for item, texts in world.written.items():
        assert kept[item] == texts[-1], f"{item} is not what was saved last"
        for text in texts:
            assert (item, text) in versions, f"“{text}” of {item} is gone"


def assert_versions_count_up() -> None:
    for name, model in KINDS.items():
        held = dict(model.objects.filter(version__gt=0).values_list("pk", "version"))
        rows = TextVersion.objects.filter(**{f"{name}__isnull": False}).order_by(name, "version")
        pairs = rows.values_list(name, "version")
        found = {
            pk: [version for _, version in group]
            for pk, group in itertools.groupby(pairs, key=lambda pair: pair[0])
        }
        assert {pk: versions[-1] for pk, versions in found.items()} == held
        assert all(versions == list(range(1, len(versions) + 1)) for versions in found.values())


def assert_somebody_can_go_on() -> None:
    """Whoever's turn it is by the lists has a step to take, or HR is asked to name somebody."""
    records = with_documents(Appraisal.objects.order_by("pk"))
    for record in records:
        for document in record.documents.all():
            turn = turn_of(document, record)
            if turn.party is None:
                continue
            if turn.person is None:
                assert turn.party == Party.HIGHER_LEVEL_REVIEWER
                continue
            steps = available(document, turn.person)
            assert steps, f"{turn.person} is asked for “{turn.what}” and has no step to take"


def assert_history_belongs_together() -> None:
    """Every event is of its document's record, by somebody, and not before the one before it."""
    last: dict[int, dt.datetime] = {}
    for event in AppraisalEvent.objects.select_related("document").order_by("pk"):
        assert event.document is None or event.document.appraisal_id == event.appraisal_id
        assert event.by_id is not None
        assert event.at >= last.get(event.appraisal_id, event.at)
        last[event.appraisal_id] = event.at


def assert_all_is_well(world: World) -> None:
    """What the database checks at the end, too."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert_no_step_was_skipped(world)
    assert_no_rating_without_its_review()
    assert_no_text_is_lost(world)
    assert_versions_count_up()
    assert_somebody_can_go_on()
    assert_history_belongs_together()
    assert_people_and_words(world)
    wrong = rollups.check()
    assert not wrong, f"kept counts differ: {', '.join(map(str, wrong))}"
