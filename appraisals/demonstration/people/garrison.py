"""Headquarters and the Directorate of Emergency Services."""

from datetime import date

from appraisals.demonstration.people.cast import (
    ADMINISTRATIVE,
    FIREFIGHTER,
    MANAGEMENT_ANALYST,
    POLICE_OFFICER,
    Job,
    PersonText,
    head,
    not_covered,
    staff,
)

_FIRE_CHIEF = Job("Fire Chief", "0081", "12", "fire_chief")
_FIRE_INSPECTOR = Job("Fire Inspector", "0081", "09", "fire_inspector")
_DISPATCHER = Job("Dispatcher", "2151", "07", "dispatcher")

PEOPLE: tuple[PersonText, ...] = (
    not_covered(
        "CALLOWAY", "Ana", "Reyes", "Garrison Commander", "Military member", pay=("O", "0000", "6")
    ),
    staff("CALLOWAY", MANAGEMENT_ANALYST, "Priscilla", "Vance", grade="13"),
    staff("CALLOWAY", ADMINISTRATIVE, "Bettina", "Marsh", grade="08"),
    head(
        "DES",
        "Henry",
        "Okafor",
        "Director of Emergency Services",
        "0080",
        "14",
        field="emergency_services",
        story="okafor",
    ),
    staff("DES", ADMINISTRATIVE, "Charlene", "Dubois", grade="07"),
    head(
        "DES-FIRE",
        "Dana",
        "Whitfield",
        "Chief, Fire and Emergency Services Division",
        "0081",
        "13",
        field="fire",
        story="whitfield",
    ),
    staff("DES-FIRE", _FIRE_CHIEF, "Maria", "Ortega", story="ortega"),
    staff("DES-FIRE", _FIRE_INSPECTOR, "Terrence", "Blake", story="blake"),
    staff("DES-FIRE", _DISPATCHER, "Linh", "Nguyen", story="nguyen"),
    staff("DES-FIRE", FIREFIGHTER, "Paul", "Sørensen", story="sorensen"),
    staff("DES-FIRE", FIREFIGHTER, "Aisha", "Khan", grade="07", story="khan"),
    staff("DES-FIRE", ADMINISTRATIVE, "Robert", "Jensen", story="jensen"),
    staff("DES-FIRE", FIREFIGHTER, "Grace", "Adeyemi", story="adeyemi"),
    staff("DES-FIRE", FIREFIGHTER, "Daniel", "Kowalczyk", grade="07", story="kowalczyk"),
    staff("DES-FIRE", _FIRE_INSPECTOR, "Renée", "D’Amico", story="damico"),
    head(
        "DES-POLICE",
        "Calvin",
        "Brooks",
        "Chief of Police",
        "0083",
        "12",
        field="emergency_services",
    ),
    staff("DES-POLICE", ADMINISTRATIVE, "Noemí", "Castaño"),
    head(
        "DES-POLICE-DAY",
        "Yolanda",
        "Greer",
        "Supervisory Police Officer",
        "0083",
        "09",
        field="emergency_services",
    ),
    staff("DES-POLICE-DAY", POLICE_OFFICER, "Marcus", "Tillman"),
    staff("DES-POLICE-DAY", POLICE_OFFICER, "Keiko", "Yamada"),
    staff("DES-POLICE-DAY", POLICE_OFFICER, "Sean", "O’Rourke"),
    staff("DES-POLICE-DAY", POLICE_OFFICER, "Latisha", "Bowden"),
    staff(
        "DES-POLICE-DAY",
        POLICE_OFFICER,
        "Vikram",
        "Nair",
        arrived_on=date(2027, 2, 8),
        story="newcomer",
    ),
    head(
        "DES-POLICE-NIGHT",
        "Walter",
        "Szymański",
        "Supervisory Police Officer",
        "0083",
        "09",
        field="emergency_services",
    ),
    staff("DES-POLICE-NIGHT", POLICE_OFFICER, "Jolene", "Whitaker"),
    staff("DES-POLICE-NIGHT", POLICE_OFFICER, "Andre", "Baptiste", story="unacceptable"),
    staff("DES-POLICE-NIGHT", POLICE_OFFICER, "Hana", "Petrović"),
    staff("DES-POLICE-NIGHT", POLICE_OFFICER, "Luis", "Figueroa"),
)
