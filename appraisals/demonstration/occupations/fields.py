"""The technical elements of supervisors, by what their unit does."""

from appraisals.demonstration.texts import ElementText, Theme

STEWARDSHIP = ElementText(
    title="Stewardship of money and property",
    theme=Theme.DOLLARS,
    description="Plans and spends the money of {unit}, and answers for its property.",
    standards="Spending stays within 2% of the approved plan at the end of each quarter.\n"
    "Property is inventoried once a year without an unexplained loss.\n"
    "Internal controls are tested by 30 June and gaps closed within 60 days.",
    employee_input="{unit} ended {under}% under plan. The inventory closed without a loss and we returned ${savings},000 that we no longer needed. Controls were "
    "tested on 12 June.",
    progress="Spending is {under}% under plan. Inventory is set for September. Say early what you will not need.",
    outstanding="{unit} ended {under}% under plan and handed back ${savings},000 early enough for others to use it. Control tests found one gap, closed in two weeks.",
    fully_successful="Spending, property and controls met the standard in each quarter.",
)

_FIRE = (
    ElementText(
        title="Fire and emergency services",
        theme=Theme.PROTECT,
        description="Answers for fire, rescue, dispatch and prevention at Fort Calloway, day and night.",
        standards="First unit arrives within 7 minutes of dispatch in at least 90% of structural alarms each quarter.\n"
        "Every shift is at minimum strength; 95% of scheduled inspections are done in their quarter.\n"
        "The yearly assessment of the command finds no critical shortfall.",
        employee_input="Crews arrived within 7 minutes in 96% of alarms. No shift was below strength, in spite of four vacancies in summer. The command’s assessment "
        "had two minor findings, both closed.",
        progress="Response and inspections are above the standard. Strength was thin in August; the shift swap you arranged held.",
        outstanding="Crews arrived in time in 96% of alarms against 90%, and no shift fell below strength in a summer with four vacancies. The command’s "
        "assessment, with two minor findings, was the best of the region.",
        fully_successful="Response, strength and inspections met the standard; the assessment found no critical shortfall.",
    ),
    ElementText(
        title="Readiness for large incidents",
        theme=Theme.PROTECT,
        description="Prepares the division and its neighbors for what one crew cannot handle.",
        standards="One full-scale exercise a year with at least two mutual-aid partners; lessons closed within 120 days.\n"
        "Apparatus replacement plan is updated by 31 January.",
        employee_input="The September exercise had four partners; 11 of 12 lessons were closed in 90 days. The replacement plan went up on 16 January and the ladder "
        "truck is funded.",
        progress="The September exercise was strong. Close the radio lesson before the storm season.",
        outstanding="Four partners took part instead of two, 11 of 12 lessons were closed in 90 days, and the case made in the replacement plan won a new ladder "
        "truck for the installation.",
        fully_successful="The exercise was held, its lessons closed, and the replacement plan was in time.",
    ),
)


def _service(title: str, theme: Theme, what: str, standard: str, proof: str) -> tuple[ElementText]:
    return (
        ElementText(
            title=title,
            theme=theme,
            description=f"Answers for {what} by {{unit}}.",
            standards=f"{standard}\nCustomers’ rating averages 4.0 of 5 or better in each half-year.\n"
            "Every missed date is explained to the customer within 2 workdays, with a new one.",
            employee_input=f"{{unit}} met its dates in {{delivered}}% of cases and customers gave us 4.{{rating}} of 5. {proof}",
            progress="{delivered}% of dates were met in the first half. Customers’ rating is 4.{rating}. Tell them sooner when a date moves.",
            outstanding=f"{{delivered}}% of dates were met and customers gave 4.{{rating}} of 5, well above the standard, through {{exercise}}. {proof}",
            fully_successful="Dates and ratings met the standard in both half-years, and customers heard of delays in time.",
        ),
    )


FIELD_ELEMENTS: dict[str, tuple[ElementText, ...]] = {
    "fire": _FIRE,
    "emergency_services": _service(
        "Protection of the installation",
        Theme.PROTECT,
        "police, fire and access control",
        "Priority calls are reached within 5 minutes and structural alarms within 7 in at least 90% of cases each quarter.",
        "Complaints to {unit} fell from {was} a month to {now}.",
    ),
    "public_works": _service(
        "Buildings, utilities and land",
        Theme.INFRASTRUCTURE,
        "design, repair and care of the real property entrusted",
        "Emergency orders are answered within 1 hour and at least 90% of all orders are done by the date given.",
        "Orders open for more than 90 days fell from {was}% to {now}%.",
    ),
    "families": _service(
        "Services for soldiers and families",
        Theme.FAMILIES,
        "child care, youth and recreation services offered",
        "At least 92% of funded places are filled, and no inspection ends with a critical finding.",
        "Families wait {now} days for a place or a booking, {was} the year before.",
    ),
    "human_resources": _service(
        "Personnel services",
        Theme.PEOPLE,
        "hiring, advice and records provided",
        "Time from request to tentative offer is 60 days or fewer in at least 85% of actions.",
        "Supervisors’ questions are answered in {now} hours on average, {was} the year before.",
    ),
    "plans": _service(
        "Plans and analysis for decisions",
        Theme.DOLLARS,
        "studies, plans and reviews delivered",
        "Studies and reviews are ready on the date agreed in at least 90% of cases.",
        "Decisions now take {now} days from paper to signature, {was} before.",
    ),
    "resources": _service(
        "Budget and manpower",
        Theme.DOLLARS,
        "budget, accounting and manpower management done",
        "Obligations of the garrison stay within 1% of plan at year-end and no law is broken.",
        "Corrections after month-end fell from {was} to {now}.",
    ),
    "technology": _service(
        "Networks and systems",
        Theme.INFRASTRUCTURE,
        "networks, systems and help for users run",
        "Services are available 99.5% of scheduled time, and critical patches are in place within 21 days.",
        "Calls waiting at the service desk at noon fell from {was} to {now}.",
    ),
    "logistics": _service(
        "Supply, maintenance and movement",
        Theme.PROTECT,
        "supply, property and transportation services given",
        "At least 93% of requests are filled within 2 workdays and 97% of movements leave on time.",
        "Requests open for more than a week fell from {was}% to {now}%.",
    ),
}

DISCUSSION = (
    "We went through the garrison’s goals, what {unit} owes to them, hiring, and what worries the team. The plan fits the work.",
    "We talked about each element, two retirements in the coming year and how the work is shared meanwhile. No change to the plan.",
)
