"""The units of the demonstration and who heads them; people stand in `people`."""

from dataclasses import dataclass

KINDS = ("department", "component", "command", "activity", "directorate", "division", "branch")


@dataclass(frozen=True)
class UnitText:
    """`field` names the technical elements of those who lead it. No head: the position is vacant."""

    code: str
    name: str
    kind: str
    parent: str
    field: str = ""
    duty_station: str = "Fort Calloway"
    has_head: bool = True


UNITS: tuple[UnitText, ...] = (
    UnitText("DOD", "Department of Defense", "department", "", duty_station="Washington, D.C."),
    UnitText("ARMY", "Department of the Army", "component", "DOD", duty_station="Washington, D.C."),
    UnitText(
        "IMCOM",
        "U.S. Army Installation Management Command",
        "command",
        "ARMY",
        duty_station="San Antonio, Texas",
    ),
    UnitText("CALLOWAY", "U.S. Army Garrison Fort Calloway", "activity", "IMCOM", "plans"),
    UnitText(
        "DES", "Directorate of Emergency Services", "directorate", "CALLOWAY", "emergency_services"
    ),
    UnitText("DES-FIRE", "Fire and Emergency Services Division", "division", "DES", "fire"),
    UnitText("DES-POLICE", "Police Division", "division", "DES", "emergency_services"),
    UnitText("DES-POLICE-DAY", "Day Patrol Branch", "branch", "DES-POLICE", "emergency_services"),
    UnitText(
        "DES-POLICE-NIGHT", "Night Patrol Branch", "branch", "DES-POLICE", "emergency_services"
    ),
    UnitText("DPW", "Directorate of Public Works", "directorate", "CALLOWAY", "public_works"),
    UnitText("DPW-ENG", "Engineering Division", "division", "DPW", "public_works"),
    UnitText("DPW-OPS", "Operations and Maintenance Division", "division", "DPW", "public_works"),
    UnitText("DPW-OPS-ELEC", "Electrical Branch", "branch", "DPW-OPS", "public_works"),
    UnitText(
        "DPW-OPS-UTIL", "Utilities Branch", "branch", "DPW-OPS", "public_works", has_head=False
    ),
    UnitText("DPW-ENV", "Environmental Division", "division", "DPW", "public_works"),
    UnitText("DPW-HSG", "Housing Division", "division", "DPW", "public_works"),
    UnitText(
        "DFMWR",
        "Directorate of Family and Morale, Welfare and Recreation",
        "directorate",
        "CALLOWAY",
        "families",
    ),
    UnitText("DFMWR-CYS", "Child and Youth Services Division", "division", "DFMWR", "families"),
    UnitText("DFMWR-CYS-CDC", "Child Development Center", "branch", "DFMWR-CYS", "families"),
    UnitText("DFMWR-CYS-SAC", "School Age Center", "branch", "DFMWR-CYS", "families"),
    UnitText("DFMWR-REC", "Community Recreation Division", "division", "DFMWR", "families"),
    UnitText("DHR", "Directorate of Human Resources", "directorate", "CALLOWAY", "human_resources"),
    UnitText(
        "DHR-STAFF", "Staffing and Classification Division", "division", "DHR", "human_resources"
    ),
    UnitText(
        "DHR-LMER", "Labor and Employee Relations Division", "division", "DHR", "human_resources"
    ),
    UnitText("PAI", "Plans, Analysis and Integration Office", "directorate", "CALLOWAY", "plans"),
    UnitText("RM", "Resource Management Office", "directorate", "CALLOWAY", "resources"),
    UnitText("RM-BUD", "Budget Division", "division", "RM", "resources"),
    UnitText("RM-AGR", "Manpower and Contracting Liaison Division", "division", "RM", "resources"),
    UnitText("NEC", "Network Enterprise Center", "directorate", "CALLOWAY", "technology"),
    UnitText("NEC-OPS", "Operations Division", "division", "NEC", "technology"),
    UnitText("NEC-CYB", "Cybersecurity Division", "division", "NEC", "technology"),
    UnitText("LRC", "Logistics Readiness Center", "directorate", "CALLOWAY", "logistics"),
    UnitText("LRC-SUP", "Supply Division", "division", "LRC", "logistics"),
    UnitText("LRC-TRN", "Transportation Division", "division", "LRC", "logistics"),
    UnitText("NAVY", "Department of the Navy", "component", "DOD", duty_station="Washington, D.C."),
    UnitText(
        "NAVFAC",
        "Naval Facilities Engineering Systems Command",
        "command",
        "NAVY",
        duty_station="Washington, D.C.",
    ),
    UnitText(
        "PORTWELL",
        "Public Works Department, Naval Station Port Wellesley",
        "activity",
        "NAVFAC",
        "public_works",
        "Port Wellesley",
    ),
    UnitText(
        "PORTWELL-HR",
        "Human Resources Office",
        "division",
        "PORTWELL",
        "human_resources",
        "Port Wellesley",
    ),
)
