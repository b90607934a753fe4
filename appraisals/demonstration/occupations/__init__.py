"""Every kind of work in the demonstration, by key and by occupational series."""

from appraisals.demonstration.occupations import (
    business,
    emergency,
    families,
    police,
    public_works,
    supervisors,
    support,
)
from appraisals.demonstration.texts import Occupation

OCCUPATIONS: dict[str, Occupation] = {
    occupation.key: occupation
    for module in (emergency, police, public_works, families, business, support, supervisors)
    for occupation in module.OCCUPATIONS
}

BY_SERIES: dict[str, Occupation] = {
    occupation.series: occupation
    for occupation in OCCUPATIONS.values()
    if occupation.series and occupation.key not in {"fire_chief", "fire_inspector"}
}


def occupation_for(series: str, is_supervisor: bool) -> Occupation:
    """For people of an imported roster, of whom only the position is known."""
    if is_supervisor:
        return OCCUPATIONS["supervisor_plans"]
    return BY_SERIES.get(series, OCCUPATIONS["management_analyst"])
