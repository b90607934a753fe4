"""The levels above Fort Calloway, and a second place in another component."""

from appraisals.demonstration.people.cast import (
    ADMINISTRATIVE,
    ELECTRICIAN,
    ENGINEER,
    HR_SPECIALIST,
    MANAGEMENT_ANALYST,
    PersonText,
    head,
    not_covered,
    staff,
)

LATELY = "under_dpmap_lately"
"""They came under DPMAP with the cycle that has just ended: no rating of the year before."""

ABOVE: tuple[PersonText, ...] = (
    not_covered(
        "DOD",
        "Eleanor",
        "Hargrove",
        "Under Secretary for Personnel and Readiness",
        "Presidential appointee",
        pay=("EX", "0301", "00"),
    ),
    not_covered(
        "DOD",
        "Robert",
        "Ashby",
        "Senior Program Auditor",
        "Alternative personnel system",
        pay=("DE", "0511", "03"),
        is_head=False,
    ),
    not_covered(
        "DOD",
        "Helena",
        "Strand",
        "Director, Performance Management Program",
        "Senior Executive Service",
        pay=("ES", "0201", "00"),
        is_head=False,
    ),
    not_covered(
        "ARMY",
        "Thaddeus",
        "Monroe",
        "Assistant Secretary for Manpower and Reserve Affairs",
        "Presidential appointee",
        pay=("EX", "0301", "00"),
    ),
    not_covered(
        "IMCOM",
        "Constance",
        "Bellamy",
        "Commanding General",
        "Military member",
        pay=("O", "0000", "9"),
    ),
    not_covered(
        "IMCOM",
        "Lionel",
        "Drayton",
        "Executive Deputy",
        "Senior Executive Service",
        pay=("ES", "0340", "00"),
        is_head=False,
    ),
    staff("IMCOM", MANAGEMENT_ANALYST, "Yvette", "Arceneaux", grade="13", story=LATELY),
    staff("IMCOM", HR_SPECIALIST, "Stuart", "Pemberton", grade="13", story=LATELY),
)

NAVY: tuple[PersonText, ...] = (
    not_covered(
        "NAVY",
        "Marian",
        "Stockdale",
        "Assistant Secretary for Energy, Installations and Environment",
        "Presidential appointee",
        pay=("EX", "0301", "00"),
    ),
    not_covered(
        "NAVFAC", "Gordon", "Tremaine", "Commander", "Military member", pay=("O", "0000", "8")
    ),
    head(
        "PORTWELL",
        "Alice",
        "Penhaligon",
        "Public Works Officer",
        "0801",
        "14",
        field="public_works",
        story=LATELY,
    ),
    staff("PORTWELL", ENGINEER, "Hideo", "Matsuda", story=LATELY),
    staff("PORTWELL", ENGINEER, "Bridget", "Fallon", grade="11", story=LATELY),
    staff("PORTWELL", ELECTRICIAN, "Sal", "Marchetti", story=LATELY),
    staff("PORTWELL", ELECTRICIAN, "Keala", "Akana", story=LATELY),
    staff("PORTWELL", ADMINISTRATIVE, "Doris", "Hembree", story=LATELY),
    head(
        "PORTWELL-HR",
        "Neville",
        "Ashworth",
        "Supervisory Human Resources Specialist",
        "0201",
        "12",
        field="human_resources",
        story=LATELY,
    ),
    staff("PORTWELL-HR", HR_SPECIALIST, "Corinne", "Delgado", story=LATELY),
)
