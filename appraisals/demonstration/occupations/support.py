"""Information technology and logistics."""

from appraisals.demonstration.texts import ElementText, Occupation, Theme

IT_SPECIALIST = Occupation(
    key="it_specialist",
    series="2210",
    elements=(
        ElementText(
            title="Availability of services",
            theme=Theme.INFRASTRUCTURE,
            description="Operates the network, servers and applications that the installation works on.",
            standards="Assigned services are available at least 99.5% of scheduled time each month.\n"
            "Priority 1 incidents are taken up within 15 minutes and users told every hour until solved.",
            employee_input="My services were up {uptime}% of the time. I solved {incidents} incidents; priority 1 was taken up after {minutes} minutes on "
            "average. The {upgrade} went live on a Sunday without a lost hour.",
            progress="Availability stands at {uptime}%. Write the rollback steps of the {upgrade} before the date is set.",
            outstanding="{uptime}% availability against 99.5% while {last} carried out the {upgrade}, which users did not notice. {incidents} incidents "
            "were solved, priority 1 taken up after {minutes} minutes.",
            fully_successful="Availability and response met the standard in each month.",
            unacceptable="Availability was below 99.5% in seven months, twice because changes were made without the approval the process asks for, "
            "although this was put in writing in June.",
        ),
        ElementText(
            title="Cybersecurity",
            theme=Theme.PROTECT,
            description="Keeps systems patched, configured and watched.",
            standards="Critical patches are in place within 21 days on at least 98% of assigned systems.\n"
            "Findings of scans rated high are closed within 30 days; no expired authorization.",
            employee_input="{patched}% of systems had critical patches in 21 days. I closed {findings} high findings after {days} days on average and "
            "retired {retired} servers that nobody needed.",
            progress="{patched}% patched in time. The badge server is the last with the old certificate.",
            outstanding="{patched}% patched in time and {findings} high findings closed after {days} days, half the time allowed. Retiring {retired} "
            "servers took away a third of all open findings.",
            fully_successful="Patches, findings and authorizations met the standard.",
        ),
        ElementText(
            title="Help for users",
            theme=Theme.FAMILIES,
            description="Solves what stops people from working and tells them how to go on.",
            standards="At least 90% of tickets are solved within their time; users’ rating averages 4.2 of 5 or better.\n"
            "Two written how-to pages a quarter.",
            employee_input="I solved {tickets} tickets, {intime}% within their time, rated 4.{rating} of 5, and wrote {pages} how-to pages. The one on card readers "
            "was opened 2,100 times.",
            progress="{intime}% in time and friendly. More how-to pages save us all tickets.",
            outstanding="{tickets} tickets, {intime}% in time, rated 4.{rating} of 5; the page on card readers alone cut calls at shift start by 40%.",
            fully_successful="Tickets and ratings met the standard, and the pages were written.",
        ),
    ),
    discussion=(
        "We talked about the data-center move, on-call weeks and the zero-trust milestones.",
        "The plan fits the work. {first} takes over the backup system from January; no new element is needed.",
    ),
    development=(
        "Cloud administrator certification.",
        "Certified Information Systems Security Professional.",
        "Scripting for administrators.",
    ),
    resources=("A test server that mirrors production.", "A spare switch for the clinic’s closet."),
    choices={
        "uptime": ("99.71", "99.84", "99.92", "99.63"),
        "incidents": range(60, 180),
        "minutes": range(4, 13),
        "upgrade": (
            "storage upgrade",
            "mail migration",
            "switch replacement in the north area",
            "move of the file servers",
        ),
        "patched": ("98.4", "98.9", "99.3"),
        "findings": range(24, 70),
        "days": range(13, 24),
        "retired": range(5, 16),
        "tickets": range(480, 1100),
        "intime": range(91, 98),
        "rating": range(3, 9),
        "pages": range(8, 15),
    },
)

LOGISTICS = Occupation(
    key="logistics",
    series="0346",
    elements=(
        ElementText(
            title="Supply support",
            theme=Theme.INFRASTRUCTURE,
            description="Orders, stores and issues what units need.",
            standards="At least 93% of requests for stocked items are filled within 2 workdays.\n"
            "Monthly counts show a stock accuracy of 98% or better.",
            employee_input="{filled}% of {requests} requests were filled within 2 workdays and stock accuracy was {accuracy}%. I set up the fast line for "
            "deploying units, which issued {issued} kits in a weekend.",
            progress="{filled}% filled in time. Accuracy is {accuracy}%. The fast line is a good idea for the spring rotation.",
            outstanding="{filled}% of {requests} requests within 2 workdays, accuracy {accuracy}%; the fast line issued {issued} kits in one weekend, so the "
            "brigade loaded a day early.",
            fully_successful="Fill rate and accuracy met the standard in each month.",
        ),
        ElementText(
            title="Property accountability",
            theme=Theme.DOLLARS,
            description="Knows where government property is and who answers for it.",
            standards="Every hand receipt is inventoried once a year; losses are reported within 5 workdays.\n"
            "Excess property is turned in within 60 days.",
            employee_input="I inventoried {receipts} hand receipts worth ${value} million; {losses} losses, all reported within 3 workdays. {excess} excess items "
            "were turned in.",
            progress="Inventories are ahead of schedule. Help the new hand-receipt holders.",
            outstanding="{receipts} hand receipts worth ${value} million were inventoried with {losses} losses, the lowest since the system was "
            "introduced, and {excess} items went back into use elsewhere.",
            fully_successful="Inventories, reports and turn-ins met the standard.",
        ),
        ElementText(
            title="Transportation and movement",
            theme=Theme.PROTECT,
            description="Moves people and cargo when and where they are needed.",
            standards="At least 97% of movements leave on time; load plans are right at first inspection in 95% of cases.\n"
            "No accident from a broken rule.",
            employee_input="{moves} movements, {left}% on time. {plans}% of load plans passed at first inspection. The rail exercise in {month} loaded in 19 hours "
            "instead of 24.",
            progress="{left}% on time. Practice the rail load again before {month}.",
            outstanding="{left}% of {moves} movements left on time, and the {month} rail exercise loaded in 19 hours instead of 24 after {first} reordered "
            "the chain-down.",
            fully_successful="Movements and load plans met the standard; no accident.",
        ),
    ),
    discussion=(
        "We talked about the spring rotation, the warehouse roof and the fork-lift licenses.",
    ),
    development=(
        "Demonstrated Logistician designation.",
        "Hazardous material certification for air movement.",
    ),
    resources=("Two hand scanners.", "A dry corner of Warehouse 6 until the roof is done."),
    choices={
        "filled": range(93, 99),
        "requests": range(1400, 3800),
        "accuracy": ("98.4", "98.9", "99.2"),
        "issued": range(320, 900),
        "receipts": range(24, 66),
        "value": ("14", "22", "31", "47"),
        "losses": range(1, 5),
        "excess": range(60, 310),
        "moves": range(110, 290),
        "left": range(97, 100),
        "plans": range(95, 100),
        "month": ("September", "November", "February"),
    },
)

OCCUPATIONS = (IT_SPECIALIST, LOGISTICS)
