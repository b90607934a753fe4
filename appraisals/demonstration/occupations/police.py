"""Dispatch and police work."""

from appraisals.demonstration.texts import ElementText, Occupation, Theme

DISPATCHER = Occupation(
    key="dispatcher",
    series="2151",
    elements=(
        ElementText(
            title="Call taking and dispatch",
            theme=Theme.PROTECT,
            description="Takes emergency calls, sends the right units and keeps the log.",
            standards="At least 95% of emergency calls are answered within 10 seconds and units sent within 60 seconds, "
            "each month.\n"
            "No more than 2 wrong addresses a quarter.",
            employee_input="I took {calls} calls; {answered}% were answered within 10 seconds and units were sent after "
            "{seconds} seconds on average. In {month} I talked a father through the birth of his daughter "
            "until the ambulance came.",
            progress="{answered}% of calls answered within 10 seconds, units sent after {seconds}. One wrong address in the "
            "year so far. Calm and clear on the radio.",
            outstanding="{last} answered {answered}% of {calls} calls within 10 seconds and sent units after {seconds} "
            "seconds, with no wrong address all year. The recording of the {month} birth is now used in "
            "training.",
            fully_successful="Answer and dispatch times met the standard in each month; one address was corrected before units "
            "arrived.",
        ),
        ElementText(
            title="Records and radio log",
            theme=Theme.DOLLARS,
            description="Keeps the computer-aided dispatch record and the radio log complete and correct.",
            standards="At least 98% of incident records pass the weekly check without correction.\n"
            "Shift handovers are written and read back.",
            employee_input="{passed}% of my records passed the weekly check. I wrote the handover sheet that all shifts use now.",
            progress="{passed}% of records pass. The handover sheet is a clear gain.",
            outstanding="{passed}% of records passed the check against 98%, and the handover sheet {first} wrote ended the "
            "gaps between shifts that last year’s review had named.",
            fully_successful="Records passed the weekly check at the rate the standard asks, and handovers were written.",
        ),
        ElementText(
            title="Certification and teamwork",
            theme=Theme.PEOPLE,
            description="Keeps certifications current and shares what works with the other shifts.",
            standards="Emergency medical dispatch certification stays current; 4 hours of training a month.\n"
            "Trains at least one new dispatcher or holds two short classes a year.",
            employee_input="My certification is valid to next May. I logged {training} hours and trained {trained} new "
            "dispatchers to solo.",
            progress="Certification is current; {training} hours are planned for the year.",
            outstanding="{first} trained {trained} new dispatchers to solo in 9 weeks instead of 12 and logged {training} "
            "hours of training.",
            fully_successful="Certification, training hours and the classes met the standard.",
        ),
    ),
    discussion=("We talked about night staffing, the new map layer and stress after hard calls.",),
    development=(
        "Communications Training Officer course.",
        "The supervisor course for dispatch centers.",
    ),
    resources=(
        "A second headset per position, and the current map layer for the new housing area.",
    ),
    choices={
        "calls": range(1900, 2900),
        "answered": range(96, 100),
        "seconds": range(38, 56),
        "month": ("May", "July", "October", "February"),
        "passed": ("98.6", "99.1", "99.4"),
        "training": range(48, 66),
        "trained": (2, 3),
    },
)

POLICE_OFFICER = Occupation(
    key="police_officer",
    series="0083",
    elements=(
        ElementText(
            title="Patrol and response",
            theme=Theme.PROTECT,
            description="Patrols an assigned sector, answers calls and controls access at the gates.",
            standards="Arrives at priority calls within 5 minutes in at least 90% of cases each quarter.\n"
            "Every stop and search is within law and policy; no sustained complaint.",
            employee_input="I answered {calls} calls, {arrival}% of the priority ones within 5 minutes, and made {stops} stops "
            "without a complaint. At Gate {gate} I stopped a driver with a forged pass.",
            progress="{arrival}% of priority calls within 5 minutes; no complaint. Good work at Gate {gate}.",
            outstanding="{last} reached {arrival}% of priority calls within 5 minutes, against 90%, over {calls} calls. The "
            "forged pass found at Gate {gate} led to a county-wide case.",
            fully_successful="Response times met the standard in each quarter and no complaint was sustained.",
            unacceptable="Response within 5 minutes fell to 68%, 72% and 66% in three quarters, and two complaints over stops "
            "were sustained in October and January.",
        ),
        ElementText(
            title="Reports and evidence",
            theme=Theme.PROTECT,
            description="Writes reports that hold up, and keeps evidence from scene to court.",
            standards="At least 95% of reports are accepted at first reading and filed by the end of the shift.\n"
            "No break in the chain of custody.",
            employee_input="{accepted}% of my {reports} reports were accepted at first reading. Evidence was logged the same "
            "shift, and I testified {testified} times.",
            progress="{accepted}% of reports accepted at first reading. Watch the time of evidence intake on late shifts.",
            outstanding="{accepted}% of {reports} reports were accepted at first reading and two were chosen as models by the "
            "magistrate’s office. Custody was without a gap.",
            fully_successful="Reports and evidence met the standard through the year.",
        ),
        ElementText(
            title="Community and crime prevention",
            theme=Theme.FAMILIES,
            description="Works with residents, schools and units so that fewer things go wrong.",
            standards="At least 8 community contacts a quarter, each noted in the log.\n"
            "Holds two prevention briefings a year.",
            employee_input="I made {contacts} community contacts and held {briefings} briefings. After bicycle coding in the east "
            "housing area thefts fell from {before} to {after}.",
            progress="{contacts} contacts are planned and well on the way. The bicycle coding in east housing is popular.",
            outstanding="{briefings} briefings and {contacts} contacts, far above the standard; bicycle thefts in east housing "
            "fell from {before} to {after} after {first} started the coding days.",
            fully_successful="Contacts and briefings met the standard, and residents know {first} by name.",
        ),
    ),
    discussion=(
        "We went through the quarter’s response times, the new body-camera rule and leave over the holidays.",
        "We talked about the move to 12-hour shifts and its effect on the plan. The standards stay as they are.",
    ),
    development=(
        "Field Training Officer course.",
        "Crisis intervention training.",
        "Accident reconstruction, basic.",
    ),
    resources=(
        "A second charger for the body cameras at Gate 2.",
        "Range time in a month other than December.",
    ),
    choices={
        "calls": range(410, 690),
        "arrival": range(91, 98),
        "stops": range(90, 180),
        "gate": (1, 2, 4),
        "accepted": range(95, 100),
        "reports": range(120, 210),
        "testified": (2, 3, 4),
        "contacts": range(36, 72),
        "briefings": (2, 3, 4, 5),
        "before": range(17, 26),
        "after": range(5, 12),
    },
)

OCCUPATIONS = (DISPATCHER, POLICE_OFFICER)
