"""Budget, analysis, human resources, contracting and administration."""

from appraisals.demonstration.texts import ElementText, Occupation, Theme

BUDGET_ANALYST = Occupation(
    key="budget_analyst",
    series="0560",
    elements=(
        ElementText(
            title="Budget formulation and execution",
            theme=Theme.DOLLARS,
            description="Builds and executes the budgets of assigned directorates.",
            standards="Submissions reach the command on or before the date asked for, with no more than one correction each.\n"
            "Obligations stay within 2% of the approved plan at the end of each quarter.\n"
            "No violation of the Antideficiency Act.",
            employee_input="All {submissions} submissions were on time, {clean} without any correction. My accounts worth ${value} million "
            "ended {variance}% from plan. In {month} I moved ${moved},000 that would have expired to the {need}.",
            progress="Obligations are {variance}% from plan. Submissions are clean. Look early at what will not be spent by August.",
            outstanding="{last} executed ${value} million within {variance}% of plan, against 2%, and {clean} of {submissions} submissions "
            "went through without a correction. Spotting ${moved},000 in {month} that would have expired paid for the "
            "{need}.",
            fully_successful="Submissions were on time and obligations stayed within 2% of plan in each quarter.",
            unacceptable="Three of six submissions were late, by 4 to 11 days, and obligations were 9% and 7% from plan in the second "
            "and third quarters without warning to the directorates.",
        ),
        ElementText(
            title="Reconciliation and audit readiness",
            theme=Theme.DOLLARS,
            description="Keeps the records such that any amount can be traced from request to payment.",
            standards="Unliquidated obligations older than 120 days are reviewed each month; at least 90% are cleared within 60 days.\n"
            "Samples drawn by auditors are answered within 5 workdays, complete.",
            employee_input="I cleared {cleared}% of old obligations within 60 days and returned ${freed},000 to use. All {samples} audit "
            "samples were complete after {answer} workdays.",
            progress="{cleared}% cleared. The travel orders of last year are what is left: ask each traveler once more.",
            outstanding="{cleared}% of old obligations were cleared in 60 days, returning ${freed},000, and every one of {samples} audit "
            "samples was complete after {answer} workdays. The auditors noted the filing by name.",
            fully_successful="Reviews were held each month and audit samples answered in time.",
        ),
        ElementText(
            title="Advice to directorates",
            theme=Theme.DOLLARS,
            description="Helps directors see what they can afford, in words they can use.",
            standards="A monthly status in plain words by the 8th workday; inquiries answered within 2 workdays.\n"
            "Directors’ rating averages 4.0 of 5 or better.",
            employee_input="Each status was out by the 6th workday. Directors rated my help 4.{rating} of 5. I taught {class_size} card holders "
            "to read their own account.",
            progress="Directors praise the one-page status. Add a line on what is at risk.",
            outstanding="The one-page status {first} designed is used by all eight directorates, was never later than the 6th workday and "
            "was rated 4.{rating} of 5.",
            fully_successful="The status came by the 8th workday and inquiries were answered in time.",
        ),
        ElementText(
            title="Process improvement",
            theme=Theme.PEOPLE,
            description="Finds and removes work that adds nothing.",
            standards="At least one improvement a year with the hours saved measured before and after.\n"
            "Written steps for each own process are reviewed by 30 June.",
            employee_input="The shared tracker replaced {sheets} spreadsheets and saves about {saved} hours a month. My steps were reviewed on "
            "11 June.",
            progress="The tracker is half built. Measure the hours before you switch it on.",
            outstanding="The shared tracker replaced {sheets} spreadsheets and saves {saved} hours a month, measured before and after.",
            fully_successful="One improvement was made and measured; written steps are current.",
        ),
    ),
    discussion=(
        "We talked about the continuing resolution, year-end and the new accounting codes.",
        "We went through each account and agreed what {first} hands over while on course in November.",
    ),
    development=(
        "Certified Defense Financial Manager, module 2.",
        "Data analysis with SQL.",
        "A month with the command’s program office.",
    ),
    resources=(
        "A second screen for reconciliation weeks.",
        "Read access to the contract-writing system.",
    ),
    choices={
        "submissions": range(9, 15),
        "clean": range(7, 9),
        "value": ("6.4", "11.2", "18.7", "24.5", "9.9"),
        "variance": ("0.6", "0.9", "1.3", "1.7"),
        "month": ("July", "August"),
        "moved": range(60, 410),
        "need": (
            "boiler of the fitness center",
            "gate barriers",
            "playground repair",
            "radio batteries of the fire crews",
        ),
        "cleared": range(91, 99),
        "freed": range(45, 320),
        "samples": range(12, 40),
        "answer": ("2.5", "3", "3.5"),
        "rating": range(3, 9),
        "class_size": range(9, 26),
        "sheets": range(5, 14),
        "saved": range(9, 31),
    },
)

MANAGEMENT_ANALYST = Occupation(
    key="management_analyst",
    series="0343",
    elements=(
        ElementText(
            title="Studies and analysis",
            theme=Theme.DOLLARS,
            description="Studies how the garrison works and recommends what to change.",
            standards="Studies are delivered on the date agreed, with method, figures and a recommendation the commander can decide on.\n"
            "At least 60% of recommendations are accepted.",
            employee_input="I delivered {studies} studies on time; {accepted} of {recommended} recommendations were accepted. The study on {subject} "
            "saves about {hours} hours a year.",
            progress="Studies are on time. For {subject}, talk to the night shift before you recommend.",
            outstanding="{accepted} of {recommended} recommendations from {studies} studies were accepted; the one on {subject} saves {hours} "
            "hours a year and was briefed to the command.",
            fully_successful="Studies came on time and most recommendations were accepted.",
        ),
        ElementText(
            title="Performance measures and reviews",
            theme=Theme.PEOPLE,
            description="Runs the quarterly review of the garrison’s goals.",
            standards="Figures of all directorates are gathered by the 5th workday and checked; slides by the 10th.\n"
            "No figure is withdrawn after the review.",
            employee_input="Each quarter was gathered by the 5th workday. I cut the slides from {slides} to {fewer}. No figure had to be withdrawn.",
            progress="The review runs well. Fewer slides, please, and one page on what needs a decision.",
            outstanding="Reviews went from {slides} slides to {fewer} and from three hours to one, with no figure withdrawn all year.",
            fully_successful="Figures and slides met their dates and stood up.",
        ),
        ElementText(
            title="Agreements and plans",
            theme=Theme.INFRASTRUCTURE,
            description="Keeps support agreements and the strategic plan current.",
            standards="Agreements are renewed at least 30 days before they end; reimbursements are billed each quarter.\n"
            "The plan’s yearly update is signed by 30 September.",
            employee_input="{agreements} agreements were renewed, none later than 30 days before its end; ${billed},000 was billed. The plan was signed "
            "on 18 September.",
            progress="Renewals are ahead of time. Bill the clinic’s third quarter.",
            outstanding="{agreements} agreements were renewed early and ${billed},000 billed, of which a third had never been billed before.",
            fully_successful="Agreements were renewed and billed as the standard asks.",
        ),
    ),
    discussion=("We talked about the coming manpower survey and what the commander asks of us.",),
    development=("Lean Six Sigma Green Belt.", "Survey design and statistics."),
    resources=("A license for the charting tool.",),
    choices={
        "studies": range(3, 7),
        "recommended": range(14, 22),
        "accepted": range(10, 14),
        "subject": ("visitor passes", "work-order triage", "vehicle dispatch", "front-desk hours"),
        "hours": range(600, 2400),
        "slides": range(58, 92),
        "fewer": range(14, 24),
        "agreements": range(11, 27),
        "billed": range(180, 960),
    },
)

HR_SPECIALIST = Occupation(
    key="hr_specialist",
    series="0201",
    elements=(
        ElementText(
            title="Staffing and classification",
            theme=Theme.PEOPLE,
            description="Fills positions with managers: job analysis, announcement, certificate, offer.",
            standards="Time from request to tentative offer is 60 days or fewer in at least 85% of actions.\n"
            "No more than 2% of audited actions have an error that changes the outcome.",
            employee_input="I filled {filled} positions; {prompt}% within 60 days and the median was {median}. The audit of {audited} actions found "
            "no error that changed an outcome.",
            progress="{prompt}% of actions within 60 days. The firefighter register is the slow one: open it all year.",
            outstanding="{last} filled {filled} positions with a median of {median} days, against 60, and not one of {audited} audited actions had "
            "an error that changed the outcome.",
            fully_successful="Time to offer and quality of actions met the standard.",
            unacceptable="Only 52% of actions reached a tentative offer within 60 days and 7 of 60 audited actions had to be redone, after help "
            "from a second specialist since August.",
        ),
        ElementText(
            title="Advice on performance and conduct",
            theme=Theme.PEOPLE,
            description="Advises supervisors and employees on plans, ratings, leave and conduct.",
            standards="First answer within 1 workday; written advice within 5.\n"
            "Holds at least 6 sessions a year for supervisors; rating 4.0 of 5 or better.",
            employee_input="I advised on {cases} cases and held {sessions} sessions for {attended} supervisors, rated 4.{rating} of 5. Late plans in my "
            "directorates fell from {late_before} to {late_after}.",
            progress="Supervisors feel well advised. Put the answers to the ten commonest questions on one page.",
            outstanding="{sessions} sessions for {attended} supervisors, rated 4.{rating} of 5; late plans in the directorates {first} serves fell from "
            "{late_before} to {late_after}.",
            fully_successful="Advice was given in time and sessions were held and rated as the standard asks.",
        ),
        ElementText(
            title="Records and privacy",
            theme=Theme.PROTECT,
            description="Keeps personnel records complete and private.",
            standards="Actions are filed within 5 workdays; monthly check of 20 files with at most one gap.\n"
            "No privacy incident from breaking a rule.",
            employee_input="My files passed {checks} monthly checks; {gaps} gaps in the year, all closed. No incident.",
            progress="Files are in order. Clear the old paper in the basement with the records manager.",
            outstanding="{gaps} gaps in {checks} monthly checks, and the paper files of six years were cleared without an incident.",
            fully_successful="Records were filed and checked as the standard asks; no incident.",
        ),
    ),
    discussion=(
        "We talked about hiring for the fire crews, the summer hire and who covers classification.",
    ),
    development=("Classification course, level II.", "Mediation certificate."),
    resources=("A scanner that reads both sides.", "Two days a month without counter hours."),
    choices={
        "filled": range(38, 74),
        "prompt": range(86, 95),
        "median": range(44, 57),
        "audited": range(30, 61),
        "cases": range(70, 160),
        "sessions": range(7, 13),
        "attended": range(60, 140),
        "rating": range(2, 9),
        "late_before": range(24, 39),
        "late_after": range(5, 13),
        "checks": (11, 12),
        "gaps": range(3, 9),
    },
)

CONTRACT_SPECIALIST = Occupation(
    key="contract_specialist",
    series="1102",
    elements=(
        ElementText(
            title="Awards",
            theme=Theme.DOLLARS,
            description="Plans, competes and awards contracts for services, supplies and small construction.",
            standards="At least 90% of awards are made within the lead time published for their size.\n"
            "Files pass review with no finding that would upset the award; no protest is sustained.",
            employee_input="I awarded {awards} contracts worth ${value} million, {prompt}% within lead time; competition saved ${saved},000 against "
            "the estimates. No protest was sustained.",
            progress="{prompt}% of awards within lead time. Start the grounds contract now: it ends in March.",
            outstanding="{awards} awards worth ${value} million, {prompt}% within lead time, and ${saved},000 below estimate. {last}’s file for "
            "the grounds contract is the office’s model.",
            fully_successful="Lead times and file reviews met the standard.",
        ),
        ElementText(
            title="Contract administration",
            theme=Theme.DOLLARS,
            description="Sees that the government gets what it pays for.",
            standards="Contractor ratings are entered within 60 days; invoices approved within 7 days.\n"
            "Closeout within the time the regulation gives in at least 85% of cases.",
            employee_input="Invoices took {invoice_days} days; {closed} contracts were closed out. I visited {visits} sites with the technical "
            "representatives.",
            progress="Administration is in order. Enter the rating of the roofing contractor this month.",
            outstanding="{closed} contracts were closed out, half of them inherited, and invoices took {invoice_days} days against 7.",
            fully_successful="Invoices, ratings and closeouts met the standard.",
        ),
        ElementText(
            title="Partnership with customers",
            theme=Theme.PEOPLE,
            description="Helps customers to ask for what they need.",
            standards="Meets each customer before a requirement above $25,000; 4 classes a year.\n"
            "At most 10% of packages go back for want of information.",
            employee_input="{returned}% of packages went back. {classes} classes for {students} people who write requirements.",
            progress="{returned}% go back. The classes show.",
            outstanding="Only {returned}% of packages went back, down from 22%, after {classes} classes for {students} people.",
            fully_successful="Customers were met and taught as the standard asks.",
        ),
    ),
    discussion=("We talked about year-end load, the warrant and small-business goals.",),
    development=("Contracting certification, professional level.", "Cost and price analysis."),
    resources=("A template library for statements of work.",),
    choices={
        "awards": range(24, 58),
        "value": ("3.2", "5.9", "8.4", "12.6"),
        "prompt": range(90, 98),
        "saved": range(80, 460),
        "invoice_days": ("3.5", "4", "4.8"),
        "closed": range(18, 44),
        "visits": range(8, 20),
        "returned": range(4, 10),
        "classes": (4, 5, 6),
        "students": range(38, 90),
    },
)

ADMINISTRATIVE = Occupation(
    key="administrative",
    series="0303",
    elements=(
        ElementText(
            title="Office operations",
            theme=Theme.PEOPLE,
            description="Keeps calendars, travel, time cards and visitors of {unit} in order.",
            standards="Time cards are certified by the last Friday of the pay period with no more than 1% corrected.\n"
            "Travel vouchers are filed within 5 workdays of return.",
            employee_input="I handled {cards} time cards, {corrected}% corrected, and {vouchers} vouchers, filed after {days} workdays on average. The "
            "new visitor list saves the front desk half an hour a day.",
            progress="Time cards and vouchers are in order. The visitor list works well.",
            outstanding="{cards} time cards with {corrected}% corrected and vouchers filed after {days} workdays. The visitor list {first} made has been "
            "taken over by the front desks of three directorates.",
            fully_successful="Time cards, travel and calendars met the standard.",
        ),
        ElementText(
            title="Correspondence and records",
            theme=Theme.DOLLARS,
            description="Prepares, tracks and files what {unit} writes and receives.",
            standards="Taskings are answered by their date in at least 97% of cases.\n"
            "Files follow the records schedule; the yearly check finds no lost record.",
            employee_input="{taskings} taskings, {ontime}% on time. I moved {boxes} boxes of paper to the records center and the rest to the shared drive.",
            progress="{ontime}% of taskings on time. Finish the move of old paper before the audit.",
            outstanding="{ontime}% of {taskings} taskings were on time and {boxes} boxes went to the records center without one lost file.",
            fully_successful="Taskings and files met the standard.",
        ),
        ElementText(
            title="Supplies and purchase card",
            theme=Theme.DOLLARS,
            description="Buys what {unit} needs within the rules of the purchase card.",
            standards="Statements are reconciled within 5 workdays; no split purchase and no finding in the yearly review.\n"
            "Stock-outs of the agreed list: none longer than 3 workdays.",
            employee_input="${spent},000 in {purchases} purchases, reconciled after 3 workdays. No finding in the review of November.",
            progress="Statements are reconciled early. No finding.",
            outstanding="{purchases} purchases without a finding, and comparing vendors saved ${saved},000 against last year’s prices.",
            fully_successful="Statements and stock met the standard; no finding.",
        ),
    ),
    discussion=(
        "We talked about the front desk, cover during leave and the move to the shared drive.",
    ),
    development=("Advanced spreadsheets.", "Records custodian course."),
    resources=("A label printer.", "A second person trained on the travel system."),
    choices={
        "cards": range(240, 520),
        "corrected": ("0.4", "0.6", "0.8"),
        "vouchers": range(38, 90),
        "days": ("2.5", "3.1", "3.8"),
        "taskings": range(140, 310),
        "ontime": range(97, 100),
        "boxes": range(14, 42),
        "spent": range(22, 95),
        "purchases": range(110, 260),
        "saved": range(2, 9),
    },
)

OCCUPATIONS = (
    BUDGET_ANALYST,
    MANAGEMENT_ANALYST,
    HR_SPECIALIST,
    CONTRACT_SPECIALIST,
    ADMINISTRATIVE,
)
