"""Missions and goals, from the department to the directorates (R14.1)."""

from dataclasses import dataclass

from appraisals.demonstration.texts import Theme

CORE_VALUES = (
    "Leadership, professionalism and technical knowledge, through dedication to duty, integrity, ethics, honor, courage and loyalty.\n\n"
    "We serve the people of the United States, treat everyone with respect, and say what is true."
)

MISSIONS: dict[str, str] = {
    "DOD": "Provide the military forces needed to deter war and to protect the security of the nation.",
    "ARMY": "Deploy, fight and win the nation’s wars by providing ready, prompt and sustained land forces.",
    "IMCOM": "Deliver and integrate base support so that installations can train, deploy and care for the force.",
    "CALLOWAY": "Keep Fort Calloway ready: protect it, care for those who live and work here, and sustain what they rely on.",
    "DES": "Prevent what can be prevented, and come at once when something happens.",
    "DPW": "Give every soldier and family buildings, power, water and land that work.",
    "DFMWR": "Make Fort Calloway a place where families want to stay.",
    "DHR": "Bring good people to Fort Calloway and help them do their best work.",
    "PAI": "Give the commander facts to decide by.",
    "RM": "Put each dollar where it does the most good, and be able to show it.",
    "NEC": "Keep everyone connected, safely.",
    "LRC": "Have what the units need where they need it.",
    "NAVY": "Maintain, train and equip combat-ready naval forces.",
    "NAVFAC": "Build and maintain the shore so that the fleet can sail.",
    "PORTWELL": "Keep Naval Station Port Wellesley’s piers, power and buildings ready for the ships that call.",
}


@dataclass(frozen=True)
class GoalText:
    """`serves` is the theme of the goal it serves, of the nearest organization above that has one."""

    organization: str
    theme: Theme
    serves: Theme | None
    title: str
    statement: str


_P, _F, _I, _D, _W = (
    Theme.PROTECT,
    Theme.FAMILIES,
    Theme.INFRASTRUCTURE,
    Theme.DOLLARS,
    Theme.PEOPLE,
)

GOALS: tuple[GoalText, ...] = (
    GoalText(
        "DOD",
        _P,
        None,
        "Provide the military forces needed to deter war",
        "Forces and the bases they rely on are ready on the day they are called.",
    ),
    GoalText(
        "DOD",
        _W,
        None,
        "Take care of our people",
        "Service members, civilians and families have what they need to serve well.",
    ),
    GoalText(
        "DOD",
        _D,
        None,
        "Use every resource well",
        "Each dollar can be traced, and goes where it serves the mission most.",
    ),
    GoalText(
        "ARMY",
        _P,
        _P,
        "Power projection",
        "Installations can alert, load and send a brigade within the hours the plan gives.",
    ),
    GoalText(
        "ARMY",
        _W,
        _W,
        "People first",
        "Soldiers, civilians and families are led well, live well and stay.",
    ),
    GoalText(
        "ARMY",
        _I,
        _P,
        "Modern and resilient installations",
        "Power, water, networks and buildings carry the mission through a bad day.",
    ),
    GoalText(
        "ARMY",
        _D,
        _D,
        "Accountable for every dollar",
        "A clean opinion on the books, and money free for readiness.",
    ),
    GoalText(
        "IMCOM",
        _P,
        _P,
        "Protected installations that can deploy",
        "Access, fire and emergency services meet the standard at every garrison.",
    ),
    GoalText(
        "IMCOM",
        _F,
        _W,
        "Homes, child care and programs families count on",
        "Waiting lists shorten, and residents say that services are good.",
    ),
    GoalText(
        "IMCOM",
        _I,
        _I,
        "Infrastructure that lasts",
        "The share of buildings in good condition rises each year.",
    ),
    GoalText(
        "IMCOM",
        _D,
        _D,
        "Common levels of support at the best price",
        "Garrisons deliver the agreed level, and know what it costs.",
    ),
    GoalText(
        "IMCOM",
        _W,
        _W,
        "A trained and trusted workforce",
        "Every employee has a plan, a review and a fair rating, on time.",
    ),
    GoalText(
        "CALLOWAY",
        _P,
        _P,
        "Protect the installation",
        "Police and fire arrive in time, gates are secure and exercises prove it twice a year.",
    ),
    GoalText(
        "CALLOWAY",
        _F,
        _F,
        "Care for soldiers and families",
        "Child care for every funded place, homes ready in 21 days, programs people choose again.",
    ),
    GoalText(
        "CALLOWAY",
        _I,
        _I,
        "Keep buildings, utilities and land fit for use",
        "Emergency orders within the hour, and no outage longer than four.",
    ),
    GoalText(
        "CALLOWAY",
        _D,
        _D,
        "Spend every dollar once",
        "Obligations within 1% of plan, and audit samples answered in five days.",
    ),
    GoalText(
        "CALLOWAY",
        _W,
        _W,
        "Grow a workforce that stays",
        "Plans by 30 April, vacancies filled in 60 days, training done as agreed.",
    ),
    GoalText(
        "DES",
        _P,
        _P,
        "Keep Fort Calloway ready to respond",
        "First unit in 7 minutes, patrol in 5, in at least nine of ten calls.",
    ),
    GoalText(
        "DES",
        _F,
        _F,
        "Fewer fires, thefts and accidents",
        "Prevention reaches every school, barracks and housing area once a year.",
    ),
    GoalText(
        "DES",
        _W,
        _W,
        "Crews that are trained and rested",
        "No certification lapses, and no shift works below its strength.",
    ),
    GoalText(
        "DPW",
        _I,
        _I,
        "Fix it once, on time",
        "95% of orders within their time, and fewer than 2% call-backs.",
    ),
    GoalText(
        "DPW",
        _F,
        _F,
        "Homes and schools first",
        "Nothing that touches a family’s health waits longer than a day.",
    ),
    GoalText(
        "DPW",
        _D,
        _D,
        "Projects at the price we said",
        "Final cost within 5%, energy use 3% lower each year.",
    ),
    GoalText(
        "DFMWR",
        _F,
        _F,
        "A place for every child, a program for every soldier",
        "92% of funded places filled, and ratings of 4 of 5 or better.",
    ),
    GoalText(
        "DFMWR",
        _W,
        _W,
        "Caregivers who stay",
        "Turnover below 15%, and every caregiver on time with training.",
    ),
    GoalText(
        "DFMWR",
        _D,
        _D,
        "Programs that carry themselves",
        "Each program closes within 5% of its budget.",
    ),
    GoalText(
        "DHR",
        _W,
        _W,
        "Hire in 60 days, advise in one",
        "85% of offers within 60 days, first answers within a workday.",
    ),
    GoalText(
        "DHR",
        _P,
        _P,
        "Records that are complete and private",
        "No privacy incident, and every action filed in five days.",
    ),
    GoalText(
        "PAI",
        _D,
        _D,
        "Facts before decisions",
        "Each decision paper has its cost, its alternatives and its measure.",
    ),
    GoalText(
        "PAI",
        _I,
        _I,
        "Agreements and plans that are current",
        "No support agreement runs out unnoticed.",
    ),
    GoalText(
        "RM",
        _D,
        _D,
        "Every dollar planned, spent and shown",
        "Within 2% of plan each quarter, and samples answered in five days.",
    ),
    GoalText(
        "RM",
        _W,
        _W,
        "Manpower that follows the work",
        "Every position has a current description and a reason.",
    ),
    GoalText(
        "NEC",
        _I,
        _I,
        "Networks that do not fail",
        "99.5% available, and priority incidents taken up in 15 minutes.",
    ),
    GoalText(
        "NEC",
        _P,
        _P,
        "Systems that cannot be turned against us",
        "Critical patches in 21 days on 98% of systems.",
    ),
    GoalText(
        "NEC", _F, _F, "Help that helps", "Nine of ten tickets in time, rated 4.2 of 5 or better."
    ),
    GoalText("LRC", _P, _P, "Load and go on time", "97% of movements leave when planned."),
    GoalText(
        "LRC",
        _I,
        _I,
        "Shelves that match the book",
        "Stock accuracy of 98%, and 93% filled within two days.",
    ),
    GoalText(
        "LRC", _D, _D, "Property we can account for", "Each hand receipt counted once a year."
    ),
    GoalText(
        "NAVY",
        _P,
        _P,
        "A fleet that can sail on the day",
        "Ships leave maintenance on time, and the shore is ready for them.",
    ),
    GoalText(
        "NAVY",
        _W,
        _W,
        "Sailors and civilians who are led well",
        "Good leaders, fair ratings, and homes worth living in.",
    ),
    GoalText("NAVY", _D, _D, "Books that balance", "Every account reconciled, every asset found."),
    GoalText(
        "NAVFAC",
        _I,
        _P,
        "A shore the fleet can rely on",
        "Piers, power and water are available when a ship calls.",
    ),
    GoalText(
        "NAVFAC",
        _W,
        _W,
        "Engineers and trades for the next generation",
        "Apprentices finish, and experience is passed on.",
    ),
    GoalText(
        "NAVFAC",
        _D,
        _D,
        "Projects that cost what they should",
        "Awards within estimate, closeouts within the year.",
    ),
    GoalText(
        "PORTWELL",
        _I,
        _I,
        "Piers and power without interruption",
        "No ship waits for a berth or for shore power.",
    ),
    GoalText("PORTWELL", _P, _P, "Safe waterfront", "No lost-time accident on the piers."),
    GoalText(
        "PORTWELL",
        _D,
        _D,
        "Do the work in the season planned",
        "90% of the year’s work is done in its quarter.",
    ),
    GoalText(
        "PORTWELL",
        _W,
        _W,
        "Pass on what we know",
        "Each trade has two people who can do every critical job.",
    ),
)

# In the newest cycle: a unit that has not begun, and one that writes still.
NOT_WRITTEN = {"RM"}
STILL_DRAFTS = {"NEC"}

GOAL_THEMES: dict[tuple[str, str], Theme] = {
    (goal.organization, goal.title): goal.theme for goal in GOALS
}
