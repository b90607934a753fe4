"""Child care, recreation and the offices that serve families."""

from appraisals.demonstration.texts import ElementText, Occupation, Theme

CHILD_CARE = Occupation(
    key="child_care",
    series="1702",
    elements=(
        ElementText(
            title="Care and safety of children",
            theme=Theme.FAMILIES,
            description="Supervises and cares for a group of children in the child development center.",
            standards="Ratio and line-of-sight supervision are kept at all times; no child is left unattended.\n"
            "Accident reports reach parents and the director the same day.\n"
            "No finding in unannounced inspections that the caregiver could have prevented.",
            employee_input="My group of {children} {room} was never out of ratio. I wrote {reports} accident reports, each given to the "
            "parents the same day. The unannounced visit in {month} had no finding in my room.",
            progress="Ratio and supervision are always kept. The {month} visit named the room as an example for hand washing.",
            outstanding="{last} cared for {children} {room} without a lapse, and the inspectors of the {month} visit used the room as "
            "the example for the whole center. Parents of three children with allergies asked for {first} by name.",
            fully_successful="{last} kept ratio and supervision through the year, and reports reached parents the same day.",
            unacceptable="A child was left on the playground for four minutes on 12 June and the group was out of ratio on two "
            "unannounced visits, after written counseling in May.",
        ),
        ElementText(
            title="Learning and development",
            theme=Theme.FAMILIES,
            description="Plans the week so that each child learns by play, and notes how each one grows.",
            standards="A weekly plan is posted by Friday noon for the week after.\n"
            "Each child has at least two written observations a month and a talk with the parents twice a year.",
            employee_input="All 52 weekly plans were posted by Friday noon. I wrote {observations} observations and held {talks} parent "
            "talks. The {activity} brought {parents} parents into the room.",
            progress="Plans are posted on time and observations are rich. The {activity} is a fine idea: set the date.",
            outstanding="{observations} observations and {talks} parent talks, well above the standard, and every one of the children "
            "due for kindergarten reached the language milestones. The {activity} drew {parents} parents.",
            fully_successful="Plans, observations and talks met the standard in each month.",
        ),
        ElementText(
            title="Training and teamwork",
            theme=Theme.PEOPLE,
            description="Completes required training and helps colleagues to keep the center open.",
            standards="24 hours of training a year; first aid and CPR never lapse.\n"
            "Module work is handed in on the date agreed with the trainer.",
            employee_input="I completed {hours} hours, renewed first aid in {month} and covered {covered} shifts for colleagues. I am on "
            "module {module} of 15.",
            progress="Module {module} is in time. First aid is current.",
            outstanding="{hours} hours against 24, and {covered} shifts covered at short notice, which kept two rooms open in the flu "
            "weeks. {first} coached two new caregivers through their first modules.",
            fully_successful="Training hours and modules met the standard; certificates are current.",
        ),
    ),
    discussion=(
        "We talked about the move to the toddler room, breaks, and what {first} needs to finish the modules.",
        "We went through the observations together. The plan fits the work; no change.",
    ),
    development=(
        "Child Development Associate credential.",
        "Training in inclusion of children with autism.",
        "Sign language, first level.",
    ),
    resources=(
        "A second sand table and a lower sink step.",
        "An hour of planning time on Wednesdays.",
        "Covers for the outdoor toys.",
    ),
    choices={
        "children": (8, 10, 12, 14),
        "room": ("toddlers", "pre-toddlers", "preschoolers", "school-age children"),
        "reports": range(6, 19),
        "month": ("June", "September", "November", "February"),
        "observations": range(290, 390),
        "talks": range(22, 34),
        "activity": (
            "grandparents’ breakfast",
            "seed-planting week",
            "lantern walk",
            "small scientists’ day",
        ),
        "parents": range(14, 38),
        "hours": range(26, 44),
        "covered": range(5, 19),
        "module": range(7, 15),
    },
)

RECREATION = Occupation(
    key="recreation",
    series="0188",
    elements=(
        ElementText(
            title="Programs and events",
            theme=Theme.FAMILIES,
            description="Plans and runs recreation that soldiers and families choose again.",
            standards="At least 10 events a year, planned in writing 45 days ahead.\n"
            "Attendance is at or above 80% of plan and ratings average 4.0 of 5 or better.",
            employee_input="I ran {events} events for {visitors} visitors, rated 4.{rating} of 5. The {event} filled in two days; I added "
            "a second date.",
            progress="Events are planned in time and well attended. Repeat the {event} in spring.",
            outstanding="{events} events drew {visitors} visitors, {above}% above plan, rated 4.{rating} of 5. The {event} is now a "
            "fixed date that neighboring installations copy.",
            fully_successful="Events, attendance and ratings met the standard.",
        ),
        ElementText(
            title="Money and partners",
            theme=Theme.DOLLARS,
            description="Keeps each program within its budget, with help of partners where the rules allow.",
            standards="Programs close within 5% of their budget; cash counts are without difference.\n"
            "Two new partners a year.",
            employee_input="My programs closed {under}% under budget. I won {partners} new partners, among them the county’s library.",
            progress="Budgets are kept. Bring the library agreement to legal before December.",
            outstanding="Programs closed {under}% under budget while attendance grew, and {partners} new partners lend rooms and boats "
            "that used to be rented.",
            fully_successful="Budgets were kept, cash counts were without difference and the partners were found.",
        ),
        ElementText(
            title="Safety and facilities",
            theme=Theme.FAMILIES,
            description="Keeps pools, trails, boats and rooms safe and open.",
            standards="Opening checks are done each day; defects are reported the same day.\n"
            "No accident from a defect that a check should have shown.",
            employee_input="All checks were done. I reported {defects} defects; the boat dock was repaired before the season. Lifeguards "
            "trained {drills} times.",
            progress="Checks are complete. Chase the repair of the dock.",
            outstanding="{drills} lifeguard drills instead of 6, and {defects} defects reported and followed until closed: not one "
            "closed day in the season.",
            fully_successful="Checks and reports met the standard, and there was no accident.",
        ),
    ),
    discussion=(
        "We talked about the summer season, single soldiers’ wishes and the reservation system.",
    ),
    development=("Certified Park and Recreation Professional.", "Pool operator course."),
    resources=("A card reader at the lake.", "Two seasonal helpers from May to August."),
    choices={
        "events": range(11, 24),
        "visitors": range(1800, 7400),
        "rating": range(2, 9),
        "event": (
            "night run",
            "family kayak day",
            "single soldiers’ cook-off",
            "outdoor film week",
        ),
        "above": range(8, 31),
        "under": (1, 2, 3, 4),
        "partners": (2, 3, 4),
        "defects": range(14, 40),
        "drills": range(8, 15),
    },
)

OCCUPATIONS = (CHILD_CARE, RECREATION)
