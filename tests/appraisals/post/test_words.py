"""What a notice and an e-mail say, and what they never say."""

import datetime as dt
import re
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest

from appraisals import rules
from appraisals.models import Kind, Letter, Notice, NudgePurpose, State
from appraisals.notifications import KINDS, gathering, message_of, tell, words_of
from appraisals.services.coaching import send_nudge
from appraisals.services.officials import name_officials
from orgchart.models import Person
from tests.appraisals.post.mail_server import Server
from tests.appraisals.post.rows import post_all, told, tomorrow_morning
from tests.cast import SECRET, Cast, make_document

PLAN = {"what": "Performance plan", "employee": "Maria Ortega", "by": "Dana Whitfield"}
OFFICIAL = {"employee": "Maria Ortega", "official": "Dana Whitfield", "cycle": "FY 2027"}
UNIT = {"unit": "Fire Division", "day": "1 June 2027"}
DELEGATION = {
    "principal": "Dana Whitfield",
    "delegate": "Henry Okafor",
    "starts_on": "6 April 2027",
    "ends_on": "30 April 2027",
}
WORDS: dict[str, list[tuple[dict[str, object], str]]] = {
    "to_review": [(PLAN, "Performance plan of Maria Ortega waits for your review")],
    "taken_back": [(PLAN, "Performance plan of Maria Ortega was taken back")],
    "approved": [(PLAN, "Performance plan of Maria Ortega is approved: discuss it next")],
    "returned": [(PLAN, "Performance plan of Maria Ortega came back for change")],
    "to_acknowledge": [(PLAN, "Performance plan: please read and acknowledge")],
    "acknowledged_for_you": [(PLAN, "Performance plan: an acknowledgment was recorded for you")],
    "signed_for_you": [(PLAN, "Performance plan: your signature on paper was recorded")],
    "approved_for_you": [
        (PLAN, "Performance plan of Maria Ortega: an approval of yours was recorded")
    ],
    "entered_for_you": [
        (PLAN, "Performance plan of Maria Ortega: a step of yours was entered from paper"),
        ({**PLAN, "is_own": True}, "Performance plan: a step of yours was entered from paper"),
    ],
    "assistance": [
        ({"part": "meeting", "by": "Dana Whitfield"}, "Dana Whitfield recorded a meeting with you"),
        ({"part": "extended", "by": "Dana Whitfield"}, "Dana Whitfield gave you more time"),
        (
            {"part": "answered", "employee": "Maria Ortega"},
            "Maria Ortega wrote about a meeting",
        ),
        (
            {"part": "followed", "by": "Miriam Castellano"},
            "Miriam Castellano entered what came of a proposed action",
        ),
    ],
    "difference": [(PLAN, "Maria Ortega says that something differs: Performance plan")],
    "input_sent": [(PLAN, "Maria Ortega sent you input for: Performance plan")],
    "acknowledged": [(PLAN, "Maria Ortega acknowledged: Performance plan")],
    "goals_published": [
        ({"organization": "Fire Division"}, "Fire Division published its mission and goals")
    ],
    "nudge": [
        (
            {"by": "Henry Okafor", "what": "Plans to be written: 3"},
            "Henry Okafor reminds you: Plans to be written: 3",
        )
    ],
    "record_handed_over": [
        ({**OFFICIAL, "part": "employee"}, "Dana Whitfield is your rating official"),
        ({**OFFICIAL, "part": "official"}, "Maria Ortega is rated by you now"),
        (
            {**OFFICIAL, "part": "reviewer"},
            "You are the higher level reviewer of Maria Ortega now",
        ),
        (
            {**OFFICIAL, "part": "former_official"},
            "Maria Ortega is rated by Dana Whitfield now",
        ),
        (
            {**OFFICIAL, "part": "former_reviewer"},
            "Maria Ortega has another higher level reviewer now",
        ),
    ],
    "reorganized": [
        (
            {**UNIT, "what": "merge", "target": "Works Division"},
            "Fire Division became a part of Works Division",
        ),
        (
            {**UNIT, "what": "supervisor", "person": "Dana Whitfield"},
            "You answer to Dana Whitfield now",
        ),
        ({**UNIT, "what": "team", "count": 1}, "1 person answers to you now"),
        ({**UNIT, "what": "team", "count": 9}, "9 people answer to you now"),
        (
            {**UNIT, "what": "move", "target": "Works Division"},
            "Fire Division moved to Works Division",
        ),
        ({**UNIT, "what": "head"}, "You head Fire Division now"),
    ],
    "delegation": [
        ({**DELEGATION, "what": "given", "part": "delegate"}, "You draft for Dana Whitfield now"),
        ({**DELEGATION, "what": "given", "part": "principal"}, "Henry Okafor drafts for you now"),
        (
            {**DELEGATION, "what": "ended", "part": "delegate"},
            "You no longer draft for Dana Whitfield",
        ),
        (
            {**DELEGATION, "what": "ended", "part": "principal"},
            "Henry Okafor no longer drafts for you",
        ),
    ],
    "draft_ready": [(PLAN, "Performance plan of Maria Ortega: the draft is ready for you")],
    "destruction_to_confirm": [
        (
            {"things": 2, "organization": "Fort Calloway", "by": "Dana Whitfield"},
            "2 records of Fort Calloway to be destroyed",
        )
    ],
    "record_destroyed": [
        (
            {"cycle": "FY 2022", "rule": "R13.1", "day": dt.date(2027, 4, 6)},
            "Your record of FY 2022 was destroyed",
        )
    ],
    "record_sent": [
        (
            {
                "to_whom": "the Navy",
                "by": "Dana Whitfield",
                "day": dt.date(2027, 4, 6),
                "records": 1,
            },
            "Your records were sent to the Navy",
        )
    ],
    "record_received": [
        (
            {"employee": "Maria Ortega", "installation": "navy.example.mil", "records": 2},
            "Records of Maria Ortega came from navy.example.mil",
        )
    ],
    "export_ready": [
        ({"what": "412 forms", "until": "8 April 2027"}, "Your export is ready: 412 forms")
    ],
}
MINE = [(kind, *example) for kind, examples in WORDS.items() for example in examples]


@pytest.mark.parametrize(("kind", "words", "title"), MINE, ids=lambda each: str(each)[:40])
def test_words_of_a_notice(kind: str, words: dict[str, object], title: str) -> None:
    said = words_of(kind, **words)

    assert said.title == title
    assert re.fullmatch(r"[A-Z“].*[.]", said.text)
    assert not [text for text in said if "  " in text or "{" in text]


@pytest.mark.parametrize(("kind", "words", "title"), MINE, ids=lambda each: str(each)[:40])
def test_an_email_names_nobody(kind: str, words: dict[str, object], title: str) -> None:
    said = words_of(kind, **words)
    title, text = Notice(**said._asdict()).mailed

    assert re.fullmatch(r"[A-Z“0-9].*[^.]", title)
    assert re.fullmatch(r"[A-Z“].*[.]", text)
    assert not [name for name in ("Maria", "Dana", "Henry") if name in title + text]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in WORDS])
def test_kinds_of_reminders_have_tests_of_their_own(kind: str) -> None:
    assert rules.NOTICES[kind]


def test_names_are_said_as_they_are() -> None:
    said = words_of("to_review", **{**PLAN, "employee": "Siobhán O’Neill & <Son>"})
    assert said.title == "Performance plan of Siobhán O’Neill & <Son> waits for your review"


def test_a_very_long_name_is_cut_not_refused() -> None:
    said = words_of("to_review", **{**PLAN, "employee": "x" * 900})
    assert len(said.title) == 400


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, list[str]] = {}
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.setdefault(f"{tag}.{name}", []).append(value or "")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture
def mail(cast: Cast, server: Server, settings: Any) -> EmailMessage:
    settings.SITE_ADDRESS = "https://dpmap.example.mil"
    told(cast.rating_official, "one", "approved")
    told(cast.rating_official, "two", "acknowledged")
    post_all()
    (sent,) = server.kept
    message = sent.message()
    assert isinstance(message, EmailMessage) or message.is_multipart()
    return message  # type: ignore[return-value]


def part(mail: EmailMessage, kind: str) -> str:
    (found,) = [each for each in mail.walk() if each.get_content_type() == kind]
    return found.get_payload(decode=True).decode()  # type: ignore[union-attr]


@pytest.mark.django_db
def test_the_text_part_can_be_read(mail: EmailMessage, cast: Cast) -> None:
    first, second = Notice.objects.order_by("pk").values_list("pk", flat=True)
    assert part(mail, "text/plain").splitlines() == [
        "1 thing waits for you, 1 thing happened.",
        "",
        "WHAT WAITS FOR YOU",
        "",
        "* Performance plan is approved: discuss it next",
        "  Talk it over with the employee and record the day and the method.",
        f"  https://dpmap.example.mil/notices/{first}/",
        "",
        "WHAT HAPPENED",
        "",
        "* Performance plan: acknowledged",
        "  There is nothing left to do for it.",
        f"  https://dpmap.example.mil/notices/{second}/",
        "",
        "All of your notices: https://dpmap.example.mil/notices/",
        "How often you get this e-mail: https://dpmap.example.mil/notices/e-mail/",
        "",
        "Nobody reads answers to this address. This e-mail holds no rating and no text of a record; "
        "those are read in dpmap only.",
    ]


@pytest.mark.django_db
def test_the_html_part_is_plain_and_accessible(mail: EmailMessage) -> None:
    page = Page(part(mail, "text/html"))

    assert page.attributes["html.lang"] == ["en"]
    assert page.tags.count("h1") == 1
    assert page.tags.count("title") == 1
    assert not {"img", "script", "link", "iframe", "form"} & set(page.tags)
    assert all(link.startswith("https://dpmap.example.mil/") for link in page.attributes["a.href"])
    assert "url(" not in "".join(page.text)
    assert "src" not in " ".join(page.attributes)


@pytest.mark.django_db
def test_headers_of_an_email(mail: EmailMessage) -> None:
    assert mail["Subject"] == "dpmap: 1 thing waits for you, 1 thing happened"
    assert mail["Message-ID"] == Letter.objects.get().message_id
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.django_db
def test_words_with_markup_stay_text(cast: Cast, server: Server) -> None:
    tell(cast.employee, "goals_published", key="g", link="/", organization="<b>Fire</b> Division")
    post_all()

    html = server.kept[0].alternatives[0][0]
    assert "<b>" not in html
    assert "&lt;b&gt;Fire" in html
    assert "<b>Fire</b> Division" in server.kept[0].body


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [Kind.PERFORMANCE_PLAN, Kind.ANNUAL_APPRAISAL])
def test_no_message_holds_a_rating_or_a_text_of_a_record(cast: Cast, kind: Kind) -> None:
    """Every text of this record holds the mark, also its reasons and comments."""
    document = make_document(cast, kind, State.ACKNOWLEDGED)
    send_nudge(
        cast.rating_official,
        by=cast.higher_level_reviewer,
        purpose=NudgePurpose.TALK,
        words=f"Call me {SECRET}",
        cycle=None,
    )
    name_officials(
        document.appraisal,
        rating_official=cast.reviewer_elsewhere,
        higher_level_reviewer=cast.leader,
        by=cast.hr,
        reason=f"Because {SECRET}",
    )
    with tomorrow_morning():
        gathering.gather()
    everything = [f"{each.title} {each.text} {each.link}" for each in Notice.objects.all()]
    for letter in Letter.objects.select_related("recipient"):
        everything.append(message_of(letter, list(letter.notices.all())).message().as_string())
        everything.append(message_of(letter, list(letter.notices.all())).body)

    assert len(everything) > 8
    assert {SECRET in text for text in everything} == {False}
    ratings = re.compile("|".join(rules.LEVEL_NAMES.values()), re.IGNORECASE)
    assert [text for text in everything if ratings.search(text)] == []
    mails = [each for each in everything if "Message-ID" in each]
    names = list(Person.objects.values_list("last_name", flat=True))
    assert mails
    assert [text for text in mails if any(name in text for name in names)] == []
    dod_ids = list(Person.objects.values_list("dod_id", flat=True))
    assert [text for text in everything if any(dod_id in text for dod_id in dod_ids)] == []
