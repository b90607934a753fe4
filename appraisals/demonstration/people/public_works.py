"""The Directorate of Public Works."""

from dataclasses import replace
from datetime import date

from appraisals.demonstration.people.cast import (
    ADMINISTRATIVE,
    ELECTRICIAN,
    ENGINEER,
    ENVIRONMENTAL,
    HOUSING,
    PersonText,
    head,
    staff,
)

PEOPLE: tuple[PersonText, ...] = (
    head(
        "DPW", "Johan", "Lindqvist", "Director of Public Works", "0801", "14", field="public_works"
    ),
    staff("DPW", ADMINISTRATIVE, "Fern", "Holloway", grade="07"),
    head(
        "DPW-ENG",
        "Siobhán",
        "McAllister",
        "Supervisory General Engineer",
        "0801",
        "13",
        field="public_works",
    ),
    staff("DPW-ENG", ENGINEER, "Rajesh", "Krishnan"),
    staff("DPW-ENG", ENGINEER, "Elena", "Voss"),
    staff("DPW-ENG", ENGINEER, "Tobias", "Achterberg", grade="11"),
    staff("DPW-ENG", ENGINEER, "Naomi", "Clearwater"),
    replace(
        staff("DPW-ENG", ENGINEER, "Pedro", "Gonçalves", story="moved"),
        moved_from="DPW-OPS",
        moved_on=date(2026, 12, 7),
    ),
    staff("DPW-ENG", ENGINEER, "Mei-Ling", "Zhao", grade="11", story="review_in_review"),
    head(
        "DPW-OPS",
        "Curtis",
        "Maddox",
        "Supervisory Facility Operations Specialist",
        "1640",
        "12",
        field="public_works",
    ),
    staff("DPW-OPS", ADMINISTRATIVE, "Wilma", "Tso"),
    head(
        "DPW-OPS-ELEC",
        "Hank",
        "Delacroix",
        "Electrician Supervisor",
        "2805",
        "10",
        field="public_works",
        pay_plan="WS",
    ),
    staff("DPW-OPS-ELEC", ELECTRICIAN, "Jerome", "Pickett"),
    staff("DPW-OPS-ELEC", ELECTRICIAN, "Sione", "Tauiliili"),
    staff("DPW-OPS-ELEC", ELECTRICIAN, "Kelly", "Ostrander", grade="08"),
    staff("DPW-OPS-ELEC", ELECTRICIAN, "Bogdan", "Ionescu"),
    staff("DPW-OPS-ELEC", ELECTRICIAN, "Rosa", "Villanueva"),
    staff(
        "DPW-OPS-ELEC", ELECTRICIAN, "Dwayne", "Hatcher", grade="08", story="unacceptable_before"
    ),
    staff("DPW-OPS-UTIL", ELECTRICIAN, "Gus", "Papadakis"),
    staff("DPW-OPS-UTIL", ELECTRICIAN, "Tamika", "Ellison", story="narrative_communicated"),
    staff("DPW-OPS-UTIL", ELECTRICIAN, "Erik", "Bjørnstad"),
    head(
        "DPW-ENV",
        "Lucinda",
        "Yazzie",
        "Supervisory Environmental Protection Specialist",
        "0028",
        "12",
        field="public_works",
    ),
    staff("DPW-ENV", ENVIRONMENTAL, "Graham", "Teller"),
    staff("DPW-ENV", ENVIRONMENTAL, "Ingrid", "Weiß"),
    staff("DPW-ENV", ENVIRONMENTAL, "Malik", "Stroud", grade="09"),
    staff("DPW-ENV", ENVIRONMENTAL, "Chiara", "Benedetti"),
    head(
        "DPW-HSG",
        "Bernard",
        "Quill",
        "Supervisory Housing Manager",
        "1173",
        "12",
        field="public_works",
    ),
    staff("DPW-HSG", HOUSING, "ليلى", "منصور", address="leila.mansour"),
    staff("DPW-HSG", HOUSING, "Joyce", "Abernathy"),
    staff("DPW-HSG", HOUSING, "Tevita", "Fonoti", grade="07"),
    staff("DPW-HSG", HOUSING, "Agnes", "Łukasik", story="narrative_in_review"),
    staff("DPW-HSG", HOUSING, "Cedric", "Vaughn"),
)
