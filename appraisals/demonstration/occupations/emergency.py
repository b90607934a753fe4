"""Fire work."""

from appraisals.demonstration.texts import ElementText, Occupation, Theme

FIRE_CHIEF = Occupation(
    key="fire_chief",
    series="0081",
    elements=(
        ElementText(
            title="Fire prevention program",
            theme=Theme.PROTECT,
            description="Runs the prevention program of Fort Calloway: inspection schedule, hazard tracking, "
            "public education and plan reviews for new construction.",
            standards="At least 95% of scheduled building inspections are done within the quarter they fall in.\n"
            "Every hazard rated serious is corrected or under a written interim measure within 10 "
            "workdays of being found.\n"
            "Fire protection comments on construction drawings reach Public Works within 15 workdays "
            "of receipt.",
            employee_input="412 of 421 scheduled inspections were done on time (97.9%). All 26 serious hazards had a "
            "correction or an interim measure within 8 workdays. I moved the barracks inspections to "
            "the week before unit turnover, which ended the repeat visits we used to make: 61 fewer "
            "than the year before.",
            progress="Inspections stand at 98% at mid-year and no serious hazard is open beyond its date. "
            "Drawing reviews slipped to 17 workdays in August while one inspector was out; they are "
            "back at 12. Keep the barracks schedule you started.",
            outstanding="Chief Ortega finished 97.9% of scheduled inspections against the 95% that is Fully Successful and "
            "closed every serious hazard in 8 workdays or fewer. Tying barracks inspections to unit "
            "turnover was her idea; it saved 61 repeat visits and is now in the garrison standing "
            "procedure.",
            fully_successful="Inspections, hazard corrections and drawing reviews met the standard in each quarter. The "
            "inspection schedule is reliable and tenants know what to expect.",
        ),
        ElementText(
            title="Emergency response readiness",
            theme=Theme.PROTECT,
            description="Keeps crews, apparatus and mutual-aid agreements ready so that help arrives in time, "
            "day and night.",
            standards="First unit arrives within 7 minutes of dispatch in at least 90% of structural alarms each "
            "quarter, reported by the 10th of the following month.\n"
            "Every shift completes 20 hours of documented training a month; no certification lapses.",
            employee_input="Response within 7 minutes in 96%, 94%, 97% and 98% of alarms (target 90%). Cut turnout time by "
            "41 seconds by re-basing Engine 2. Trained 34 of 34 firefighters; led the mutual-aid "
            "exercise with two counties in September.",
            progress="On track. Response within 7 minutes in 96% and 94% of alarms in the first two quarters. "
            "Asked for a second thermal camera; approved 2 November.",
            outstanding="Chief Ortega’s crews met the 7-minute standard in 96% of structural alarms over the year, against "
            "the 90% that is Fully Successful, after she re-based Engine 2 on her own analysis of "
            "dispatch data. Two counties have since adopted her mutual-aid checklist. All 34 "
            "firefighters are current in every certification.",
            fully_successful="Response times and training hours met the standard in each quarter, reports came by the 10th, "
            "and no certification lapsed.",
        ),
        ElementText(
            title="Training and certification of crews",
            theme=Theme.PEOPLE,
            description="Plans and documents training so that every firefighter holds the certifications of the "
            "position and is ready for the next one.",
            standards="A yearly training plan is published by 1 May and at least 90% of its sessions are held in the "
            "month planned.\n"
            "Records are complete within 5 workdays of each session.\n"
            "Each firefighter has a written development goal by 30 June.",
            employee_input="Published the plan on 24 April; 142 of 150 sessions were held in their month. Records were "
            "complete within 3 workdays on average. Six firefighters earned Driver/Operator, two "
            "Fire Instructor I.",
            progress="The training plan came a week early and sessions run as planned. Development goals are written "
            "for 31 of 34; finish the last three by the end of the month.",
            outstanding="142 of 150 sessions were held in the month planned and eight firefighters gained a higher "
            "certification, twice the number of the year before, without overtime. The record of "
            "every session was in place in 3 workdays.",
            fully_successful="The plan was published on time, sessions were held and recorded as the standard asks, and every "
            "firefighter has a development goal.",
        ),
        ElementText(
            title="Equipment and mutual aid",
            theme=Theme.DOLLARS,
            description="Accounts for apparatus, protective clothing and breathing equipment, and keeps the "
            "agreements with neighboring departments current.",
            standards="Two inventories a year with no unexplained loss; apparatus in service at least 92% of the time "
            "each quarter.\n"
            "Mutual-aid agreements are reviewed by 30 September and exercised once a year.",
            employee_input="Both inventories closed without a loss. Apparatus were in service 95% of the time, in spite of six "
            "weeks without the ladder truck. All three agreements were reviewed by 12 September.",
            progress="Inventory in May without a loss; apparatus availability at 94%. The ladder truck’s pump is a "
            "risk: a loan from Coyle County is arranged should it fail.",
            outstanding="Availability stayed at 95% through six weeks without the ladder truck because a loan had been "
            "arranged in advance. Both inventories closed without a loss, and the reviewed agreements "
            "added a third department at no cost.",
            fully_successful="Inventories, availability and agreements met the standard through the year.",
        ),
    ),
    discussion=(
        "We went through each element, the garrison’s goal of protecting the installation and the coming "
        "move of the motor pool. The plan still fits the work. The second thermal camera is approved.",
    ),
    development=(
        "Fire Officer III by next spring; a week with the county’s incident management team.",
    ),
    resources=("A second thermal camera for Engine 2, and two seats in the pump operator course.",),
)

FIREFIGHTER = Occupation(
    key="firefighter",
    series="0081",
    elements=(
        ElementText(
            title="Emergency response",
            theme=Theme.PROTECT,
            description="Answers fire, rescue, hazardous-material and medical calls as a member of a crew.",
            standards="Ready to leave the station within 80 seconds of the alarm in at least 90% of calls each quarter.\n"
            "Follows the incident commander’s orders and the standard operating guides; no safety "
            "violation with injury.\n"
            "Incident reports are filed by the end of the shift.",
            employee_input="I answered {calls} calls and was on the rig within 80 seconds in {turnout}% of them. At the "
            "{incident} I worked the attack line for {minutes} minutes. All my reports were filed by "
            "the end of the shift.",
            progress="Turnout within 80 seconds in {turnout}% of calls so far. Good judgment at the {incident}. Reports "
            "are on time; add the times of water on fire.",
            outstanding="{last} was on the rig within 80 seconds in {turnout}% of {calls} calls, against the 90% that is "
            "Fully Successful. At the {incident} {first} saw the risk to the second floor and moved the "
            "line before the order came, which kept the loss to one room.",
            fully_successful="{last} met the turnout standard in each quarter over {calls} calls, followed the operating guides "
            "and filed each report by the end of the shift.",
            unacceptable="{last} missed the 80-second standard in three of four quarters (71%, 76% and 74%) and filed 19 "
            "reports late after written reminders in August and November.",
        ),
        ElementText(
            title="Training and physical readiness",
            theme=Theme.PEOPLE,
            description="Keeps every certification of the position current and trains with the crew.",
            standards="Completes 20 hours of documented training a month; no certification lapses.\n"
            "Passes the yearly physical ability test by 30 November.\n"
            "Reports response times of each drill in the station log the same day.",
            employee_input="I logged {hours} hours of training against 240, passed the physical test on 9 October and earned "
            "{certificate}. I ran {drills} drills for the crew on search and on forcible entry.",
            progress="{hours} hours are planned for the year and the record is on schedule. All certifications are "
            "current; {certificate} is the next step.",
            outstanding="{last} logged {hours} hours against the 240 of the standard, earned {certificate} and led {drills} "
            "drills. The crew’s times for search fell by a fifth after them.",
            fully_successful="Training hours, the physical test and every certification met the standard.",
            unacceptable="Two certifications lapsed, in July and in December, and training reached 151 of 240 hours although "
            "make-up sessions were offered each month.",
        ),
        ElementText(
            title="Station, apparatus and equipment",
            theme=Theme.DOLLARS,
            description="Checks and maintains apparatus, breathing equipment and the station.",
            standards="Daily checks are done and signed by 0830 on every duty day.\n"
            "Defects are reported the same day; no item is found unserviceable in the monthly inspection "
            "that a daily check should have shown.",
            employee_input="All {checks} of my daily checks were signed by 0830. I found a cracked regulator in {month} before "
            "it failed, and rebuilt the hose inventory so that each length has its test date.",
            progress="Checks are signed on time. The hose inventory you began in {month} is useful; finish it for Engine 1.",
            outstanding="All {checks} daily checks were signed by 0830. In {month} {first} found a cracked regulator that the "
            "vendor’s own test had passed; the recall that followed covered 40 sets.",
            fully_successful="Daily checks were signed on time and defects reported the same day.",
        ),
    ),
    discussion=(
        "We talked about turnout times, the coming driver course and rest between shifts. The plan fits the work.",
        "We went through each element and the station’s move in spring. {first} wants to teach; we agreed on one "
        "class a quarter.",
    ),
    development=(
        "Driver/Operator certification; a rotation with the inspectors.",
        "Fire Instructor I, and Spanish for first responders.",
        "Hazardous Materials Technician by the end of the year.",
    ),
    resources=(
        "Lighter structural gloves, and a seat in the county’s live-burn week.",
        "A replacement for training dummy 2, which no longer holds its weight.",
        "Two shifts of cover for the certification exam.",
    ),
    choices={
        "calls": range(118, 205),
        "turnout": range(92, 99),
        "minutes": range(18, 45),
        "incident": (
            "warehouse fire on Depot Road",
            "barracks kitchen fire in Building 3120",
            "vehicle fire at Gate 4",
            "motor pool fire in January",
        ),
        "hours": range(244, 290),
        "drills": range(4, 13),
        "certificate": (
            "Driver/Operator",
            "Rescue Technician I",
            "Fire Inspector I",
            "Airport Firefighter",
        ),
        "checks": range(112, 124),
        "month": ("June", "August", "September", "December"),
    },
)

FIRE_INSPECTOR = Occupation(
    key="fire_inspector",
    series="0081",
    elements=(
        ElementText(
            title="Building inspections",
            theme=Theme.PROTECT,
            description="Inspects the buildings of an assigned area and sees hazards through to correction.",
            standards="At least 95% of assigned inspections are done in the quarter they fall in.\n"
            "Reports reach the building manager within 3 workdays; serious hazards the same day.",
            employee_input="I did {inspections} inspections, {percent}% in their quarter, and closed {hazards} hazards. Reports "
            "went out after {days} workdays on average. Day-care rooms were done outside nap time, which "
            "the staff had asked for.",
            progress="{percent}% of inspections are on time. Reports take {days} workdays. Press the two open hazards in "
            "Building 1408 with Public Works.",
            outstanding="{last} finished {percent}% of {inspections} inspections in their quarter and brought the open "
            "hazards of the area from {hazards} to 3, the fewest since they are counted.",
            fully_successful="{percent}% of inspections were done on time and reports met the 3-day standard.",
        ),
        ElementText(
            title="Review of drawings and permits",
            theme=Theme.INFRASTRUCTURE,
            description="Reviews drawings, hot-work permits and event plans for fire protection.",
            standards="Comments on drawings within 15 workdays and on permits within 2, in at least 95% of cases.\n"
            "No acceptance test fails for something a review should have found.",
            employee_input="I reviewed {drawings} sets of drawings in {review_days} workdays on average and {permits} permits, "
            "all but two within 2 workdays. My comment on the new gymnasium saved a second riser.",
            progress="Reviews average {review_days} workdays. Permits are prompt. Share your checklist with the engineers.",
            outstanding="Reviews averaged {review_days} workdays against 15. A comment on the gymnasium’s sprinkler layout "
            "avoided a second riser, which Public Works puts at $84,000.",
            fully_successful="Drawings and permits were reviewed within the standard.",
        ),
        ElementText(
            title="Public education",
            theme=Theme.FAMILIES,
            description="Teaches residents, children and tenants to prevent fires and to get out.",
            standards="At least 10 sessions a year; each housing area and school once.\n"
            "Participants’ rating of usefulness averages 4.0 of 5 or better.",
            employee_input="I held {sessions} sessions for {audience} people, rated 4.{rating} of 5. The smoke-alarm week "
            "replaced 212 batteries in housing.",
            progress="{sessions} sessions are planned and half are done. Ratings are good.",
            outstanding="{sessions} sessions reached {audience} people, twice the year before, rated 4.{rating} of 5. Kitchen "
            "fires in housing fell from 9 to 4.",
            fully_successful="The sessions were held and rated as the standard asks.",
        ),
    ),
    discussion=(
        "We talked about the backlog in the east area and the new permit form. The plan fits the work.",
    ),
    development=(
        "Fire Inspector III; the plan examiner course.",
        "Certified Fire Protection Specialist.",
    ),
    resources=("A tablet for inspections, so that photos go straight into the report.",),
    choices={
        "inspections": range(180, 260),
        "percent": range(95, 100),
        "days": ("2", "2.4", "1.8"),
        "hazards": range(22, 48),
        "drawings": range(24, 42),
        "review_days": range(8, 14),
        "permits": range(130, 210),
        "sessions": range(12, 22),
        "audience": range(420, 980),
        "rating": range(4, 9),
    },
)

OCCUPATIONS = (FIRE_CHIEF, FIREFIGHTER, FIRE_INSPECTOR)
