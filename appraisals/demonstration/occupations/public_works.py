"""Engineering, trades, environment and housing."""

from appraisals.demonstration.texts import ElementText, Occupation, Theme

ENGINEER = Occupation(
    key="engineer",
    series="0801",
    elements=(
        ElementText(
            title="Project delivery",
            theme=Theme.INFRASTRUCTURE,
            description="Leads repair and minor construction projects from scope to acceptance.",
            standards="At least 85% of assigned projects reach each milestone within 10 workdays of the approved schedule.\n"
            "Final cost is within 5% of the amount obligated, changes asked for by the customer left out.\n"
            "Punch lists are closed within 45 days of acceptance.",
            employee_input="I carried {projects} projects worth ${value} million; {on_time}% of milestones were met and final cost "
            "was {over}% over the obligated amount. The {project} was accepted with {punch} punch-list items, "
            "all closed in 30 days.",
            progress="{on_time}% of milestones are met. The {project} is the one to watch: the switchgear has a lead time of "
            "26 weeks, and the customer should hear it from us now.",
            outstanding="{last} met {on_time}% of milestones on {projects} projects worth ${value} million, against 85%, and "
            "closed them {over}% over the obligated amount. By ordering the long-lead items of the {project} "
            "ahead of award {first} gave the customer the building five weeks early.",
            fully_successful="{last} met the milestone and cost standards on {projects} projects and closed punch lists in time.",
            unacceptable="Four of seven projects missed a milestone by more than 10 workdays without a recovery plan, and the "
            "{project} closed 14% over the obligated amount.",
        ),
        ElementText(
            title="Technical quality",
            theme=Theme.INFRASTRUCTURE,
            description="Prepares and reviews designs, estimates and specifications that can be built.",
            standards="Independent review finds no more than 2 significant errors per design package.\n"
            "Government estimates are within 15% of the median bid in at least 80% of awards.",
            employee_input="My {packages} packages had {errors} significant errors in all. {estimates}% of estimates were within 15% "
            "of the median bid. I wrote a check sheet for roof drainage that the whole branch uses.",
            progress="Packages are clean. {estimates}% of estimates are within 15%; ask contracting for the bid tabs each time.",
            outstanding="{packages} packages with {errors} significant errors in all, and {estimates}% of estimates within 15% of "
            "the median bid. The drainage check sheet ended a fault that had cost three roofs.",
            fully_successful="Design packages and estimates met the standard.",
        ),
        ElementText(
            title="Energy and resilience",
            theme=Theme.DOLLARS,
            description="Finds and carries out measures that lower the use of energy and water.",
            standards="Proposes at least two measures a year with a simple payback under 10 years.\n"
            "Metered savings are reported by 31 January.",
            employee_input="I proposed {measures} measures; the lighting of {building} alone saves {saved} megawatt-hours a year. The "
            "savings report went out on 22 January.",
            progress="{measures} measures are in work. Get the meter at {building} read before the heating season.",
            outstanding="{measures} measures, the best of which saves {saved} megawatt-hours a year at {building} with a payback "
            "of four years.",
            fully_successful="Measures were proposed and savings reported as the standard asks.",
        ),
        ElementText(
            title="Service to customers",
            theme=Theme.FAMILIES,
            description="Keeps tenants informed and answers what they ask.",
            standards="Answers inquiries within 3 workdays; holds a monthly meeting with each customer of an open project.\n"
            "Customers’ rating averages 4.0 of 5 or better.",
            employee_input="I answered within {reply} workdays on average and was rated 4.{rating} of 5 by {customers} customers.",
            progress="Customers are well informed. Tell them about delays before they ask.",
            outstanding="{customers} customers rated {last} 4.{rating} of 5 on average, the best in the division.",
            fully_successful="Inquiries were answered and meetings held as the standard asks.",
        ),
    ),
    discussion=(
        "We went through the project list, the switchgear lead times and the garrison’s energy goal.",
        "We talked about workload: two projects move to the new engineer in March. The elements stay.",
    ),
    development=(
        "Professional Engineer examination.",
        "The contracting officer’s representative refresher.",
        "Project Management Professional.",
    ),
    resources=(
        "A license for the hydraulic model.",
        "A thermal drone for roof surveys, shared with Environmental.",
    ),
    choices={
        "projects": range(5, 12),
        "value": ("2.1", "3.4", "4.8", "6.2", "7.5"),
        "on_time": range(86, 97),
        "over": ("1.8", "2.6", "3.9", "0.7"),
        "punch": range(7, 24),
        "project": (
            "chapel roof",
            "dining facility repair",
            "motor pool drainage",
            "child development center annex",
            "Gate 4 lanes",
        ),
        "packages": range(6, 13),
        "errors": range(3, 9),
        "estimates": range(81, 94),
        "measures": (2, 3, 4),
        "building": ("Building 2210", "the commissary", "Building 415", "the fitness center"),
        "saved": range(90, 340),
        "reply": ("1.6", "2.1", "2.4"),
        "rating": range(2, 9),
        "customers": range(9, 22),
    },
)

ELECTRICIAN = Occupation(
    key="electrician",
    series="2805",
    elements=(
        ElementText(
            title="Repair and installation",
            theme=Theme.INFRASTRUCTURE,
            description="Repairs, installs and tests electrical systems up to 600 volts.",
            standards="Emergency orders are answered within 1 hour and urgent ones within 1 workday in at least 95% of cases.\n"
            "No more than 3 call-backs for the same fault in a quarter.\n"
            "Work meets the National Electrical Code at inspection.",
            employee_input="I closed {orders} work orders, {prompt}% within their time, with {callbacks} call-backs in the year. In "
            "{month} I traced the fault on feeder {feeder} that had been out three times.",
            progress="{prompt}% of orders within their time. Finding the fault on feeder {feeder} saved a contract call.",
            outstanding="{last} closed {orders} orders, {prompt}% within their time, with {callbacks} call-backs all year against "
            "12 allowed. The fault on feeder {feeder}, which two contractors had missed, was found in {month}.",
            fully_successful="{last} closed {orders} orders within the times of the standard, and all work passed inspection.",
            unacceptable="Five installations failed inspection between June and December, two of them for missing grounds, "
            "after retraining in July.",
        ),
        ElementText(
            title="Safety",
            theme=Theme.PEOPLE,
            description="Works so that nobody is hurt: lockout, protective equipment, clean sites.",
            standards="Lockout and tag-out is used on every de-energized job; no lost-time accident from breaking a rule.\n"
            "Near misses are reported the same day; attends the monthly safety meeting.",
            employee_input="No accident. I reported {near} near misses and led the lockout talk in {month}. All {jobs} lockouts were "
            "entered in the log.",
            progress="Lockout entries are complete. Near-miss reports help everyone: keep sending them.",
            outstanding="{jobs} lockouts without a gap in the log and {near} near misses reported, each with a cure. The cover for "
            "panel 7 that {first} designed is now on 23 panels.",
            fully_successful="Lockout, reports and meetings met the standard; no accident.",
        ),
        ElementText(
            title="Preventive maintenance",
            theme=Theme.DOLLARS,
            description="Keeps generators, panels and lighting on their maintenance schedule.",
            standards="At least 95% of scheduled maintenance is done in the month it falls in and entered within 2 workdays.\n"
            "Parts used are charged to the order.",
            employee_input="{pm}% of my {services} services were done in their month. I found worn bearings in the hospital’s generator "
            "before the storm of {month}.",
            progress="{pm}% of services on time. Enter the parts the same day.",
            outstanding="{pm}% of {services} services in their month, and the worn bearings found before the {month} storm kept "
            "the clinic’s power on.",
            fully_successful="Scheduled maintenance met the standard and parts were charged.",
        ),
    ),
    discussion=(
        "We talked about the after-hours roster, the new meter and who learns high voltage next.",
        "Each element is on track. We agreed that {first} shows the apprentices feeder testing in the new year.",
    ),
    development=(
        "High-voltage certification.",
        "Fire alarm systems, level II.",
        "Work leader course.",
    ),
    resources=(
        "An insulation tester that reads 1,000 volts.",
        "A second bucket truck on storm days.",
        "Flame-resistant coats in the right sizes.",
    ),
    choices={
        "orders": range(190, 330),
        "prompt": range(95, 100),
        "callbacks": range(2, 8),
        "feeder": (3, 5, 7, 11, 14),
        "month": ("May", "August", "October", "November", "January"),
        "near": range(2, 8),
        "jobs": range(70, 160),
        "pm": range(95, 100),
        "services": range(60, 130),
    },
)

ENVIRONMENTAL = Occupation(
    key="environmental",
    series="0028",
    elements=(
        ElementText(
            title="Permits and compliance",
            theme=Theme.INFRASTRUCTURE,
            description="Keeps the installation’s air, water and waste permits in force and its reports true.",
            standards="All reports to regulators are filed at least 2 workdays before they are due.\n"
            "No notice of violation for something under the employee’s control.\n"
            "Findings of internal audits are closed within 60 days in at least 90% of cases.",
            employee_input="I filed {reports} reports, the latest of them {early} workdays early, and closed {closed} of {findings} "
            "audit findings in 60 days. The state inspected in {month} and found nothing.",
            progress="Reports are early and the {month} inspection is prepared. Two findings in the paint shop need the "
            "manager’s help.",
            outstanding="{reports} reports, none later than {early} workdays before it was due; the state’s {month} inspection ended "
            "without a finding for the first time in six years.",
            fully_successful="Reports, permits and audit findings met the standard; no notice of violation.",
        ),
        ElementText(
            title="Waste and pollution prevention",
            theme=Theme.DOLLARS,
            description="Lowers what the installation throws away and what it pays for it.",
            standards="Hazardous waste leaves within 90 days; two prevention projects a year.\n"
            "Recycling rate is 45% or better.",
            employee_input="All {drums} drums left within 90 days. Recycling stood at {recycling}% and the solvent exchange saved "
            "${saved},000.",
            progress="Recycling is at {recycling}%. The solvent exchange is a good second project.",
            outstanding="Recycling reached {recycling}% and the solvent exchange {last} set up saved ${saved},000 in its first year.",
            fully_successful="Waste left in time and the recycling rate met the standard.",
        ),
        ElementText(
            title="Reviews and natural resources",
            theme=Theme.PROTECT,
            description="Reviews projects and training for their effect on land, water and species.",
            standards="Reviews are done within 20 workdays in at least 90% of cases.\n"
            "Training areas keep their wetland and nesting buffers: two field checks a month.",
            employee_input="I reviewed {reviews} projects in {review_days} workdays on average and walked {checks} field checks. The "
            "range could train through April because we moved the tortoise fence in February.",
            progress="Reviews take {review_days} workdays. Field checks are on schedule.",
            outstanding="Reviews took {review_days} workdays against 20, and moving the tortoise fence in February kept the range "
            "open for 19 more training days.",
            fully_successful="Reviews and field checks met the standard.",
        ),
    ),
    discussion=(
        "We talked about the stormwater permit, the paint shop and the range’s nesting season.",
    ),
    development=(
        "Stormwater inspector certificate.",
        "Negotiation with regulators, a week in spring.",
    ),
    resources=("A sampling pump that holds its calibration.",),
    choices={
        "reports": range(18, 31),
        "early": (3, 4, 5),
        "findings": range(14, 22),
        "closed": range(12, 14),
        "month": ("July", "September", "November"),
        "drums": range(60, 140),
        "recycling": range(45, 58),
        "saved": range(14, 62),
        "reviews": range(38, 77),
        "review_days": range(10, 18),
        "checks": range(24, 32),
    },
)

HOUSING = Occupation(
    key="housing",
    series="1173",
    elements=(
        ElementText(
            title="Assignments and turnover",
            theme=Theme.FAMILIES,
            description="Assigns homes, and has them ready for the next family.",
            standards="Families get an offer within 10 workdays of a complete application in at least 90% of cases.\n"
            "Vacant homes are ready within 21 days on average.",
            employee_input="I made {offers} offers, {prompt}% within 10 workdays; turnover took {turnover} days on average. In the "
            "summer peak I opened Saturdays from 8 to noon and cleared the list by 9 August.",
            progress="{prompt}% of offers are in time and turnover takes {turnover} days. Plan the summer peak with the contractor.",
            outstanding="{last} made {offers} offers, {prompt}% within 10 workdays, and brought turnover to {turnover} days. The "
            "Saturday openings cleared the summer list five weeks before the year before.",
            fully_successful="Offers and turnover met the standard in each quarter.",
        ),
        ElementText(
            title="Inspections and residents’ concerns",
            theme=Theme.FAMILIES,
            description="Inspects homes and sees residents’ concerns through to the end.",
            standards="Every move-in and move-out is inspected; health and safety concerns are seen within 1 workday.\n"
            "At least 90% of concerns are closed within 15 workdays with the resident’s agreement.",
            employee_input="I inspected {inspections} homes and closed {closed}% of concerns in 15 workdays. I called each family "
            "again after two weeks; {again} of them needed a second visit.",
            progress="{closed}% of concerns are closed in time. Calling back after two weeks is a good habit.",
            outstanding="{closed}% of concerns were closed in 15 workdays, and the call after two weeks that {first} began found "
            "{again} repairs that had not held. The other inspectors now do the same.",
            fully_successful="Inspections and concerns met the standard.",
        ),
        ElementText(
            title="Records and oversight of the partner",
            theme=Theme.DOLLARS,
            description="Keeps the housing record and checks what the private partner bills.",
            standards="Records are current within 2 workdays; 10% of invoices are checked in depth each month.\n"
            "Errors are claimed within 30 days.",
            employee_input="I checked {invoices} invoices and had ${refund},000 refunded. Records were current at every spot check.",
            progress="Invoice checks are on schedule; ${refund},000 is claimed so far.",
            outstanding="{invoices} invoices were checked and ${refund},000 came back, most of it from one pattern of double "
            "billing that {last} found.",
            fully_successful="Records and invoice checks met the standard.",
        ),
    ),
    discussion=(
        "We talked about the summer peak, the mold protocol and how to answer families on the phone.",
    ),
    development=("Certified Housing Manager, unit 2.", "Mediation basics."),
    resources=("A moisture meter per inspector.", "A quiet room for talks with families."),
    choices={
        "offers": range(140, 260),
        "prompt": range(91, 99),
        "turnover": range(15, 21),
        "inspections": range(180, 310),
        "closed": range(90, 98),
        "again": range(6, 17),
        "invoices": range(110, 190),
        "refund": range(11, 48),
    },
)

OCCUPATIONS = (ENGINEER, ELECTRICIAN, ENVIRONMENTAL, HOUSING)
