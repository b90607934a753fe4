"""Sentences that fit any kind of work; what a reviewer returns with what it is about."""

from appraisals.models import ReturnReason

PLAN_COMMENTS = (
    "Thank you for the talk. Please add that the monthly figures come from the system, not from me.",
    "I agree with the elements. The second standard depends on parts being in stock; can we say so?",
    "Clear and fair. I would like to add training of the two new colleagues, as we discussed.",
    "The 2-day limit was hard to keep in summer. Could it be 3 days from June to August?",
    "Good. I understand what is expected of me and how it will be measured.",
)

Reason = tuple[ReturnReason, str]

PLAN_REASONS: tuple[Reason, ...] = (
    (
        ReturnReason.STANDARDS,
        "Element 1 says what is done but not how well. Put the figure of the garrison’s standard into it.",
    ),
    (
        ReturnReason.STANDARDS,
        "The first standard cannot be measured as it is written. Say who reports it, and by when.",
    ),
    (
        ReturnReason.ALIGNMENT,
        "Two standards say the same. Combine them, and name the goal the element serves.",
    ),
)

RATING_REASONS: tuple[Reason, ...] = (
    (
        ReturnReason.NARRATIVE,
        "The narrative of element 1 repeats the standard. Say what was done and what came of it.",
    ),
    (
        ReturnReason.INCOMPLETE,
        "Please give the figures for the second half of the year as well before I approve this.",
    ),
    (
        ReturnReason.NARRATIVE,
        "The rating may be right, but element 1 does not show it yet. Add the result against the standard.",
    ),
)

REVIEW_REASONS: tuple[Reason, ...] = (
    (
        ReturnReason.INCOMPLETE,
        "Add what was agreed on training; the employee asked for it in the input.",
    ),
)

ACKNOWLEDGMENT_COMMENTS = (
    "Thank you for the clear words.",
    "I would have wished for more weight on the night shifts. Otherwise I agree.",
    "Received and discussed. I will send the training dates by Friday.",
    "",
    "",
    "",
    "",
    "",
)

AWAY_REASONS = (
    "On extended leave without access since 15 March. Read to the employee over the telephone, who had no questions.",
    "The employee declined to acknowledge after two talks. A copy was handed over in the presence of human resources.",
)

OTHER_METHODS = ("By letter during leave", "In the hospital room, at the employee’s wish")

MOVE_REASON = "Reassigned on 1 December; the narrative statement of the former rating official is on the record."

MIDYEAR_INPUT = (
    "Half of the year’s work on this is done and on schedule. The standard was met in both quarters.",
    "On schedule. Two weeks were lost to the storm in July; they were made up for by the end of August.",
    "This went better than I expected in April. The figures of the second quarter are the best I have had.",
    "The standard is met, but only just: two people were away and I covered for one of them. It is easing now.",
    "I changed the order of the work in June, and what used to wait at month-end is now done by the 20th.",
    "Met so far. What slows me down is waiting for answers from others; see what I ask for below.",
    "The first quarter was below the standard, the second above it. I know the reason and it will not come back.",
    "Everything planned for the first half is done, and I have begun on what was meant for November.",
    "On track. Customers told me twice that they see the difference; both notes are in the file.",
)

LATER_ASSESSMENTS = (
    "What we agreed in autumn is done. The standard is met, and the last quarter needs no more than the same care.",
    "Better than in autumn: what was behind then has been caught up. Keep the notes you began; they help both of us.",
    "Still on the standard. One date in January was missed and explained in time; the new one was kept.",
    "The winter was heavy and the work was done all the same. Take the leave we planned before the year ends.",
    "Good. The figures of the third quarter are above the standard; write down what made the difference.",
    "On track. Please hand over the two open matters before your course in March.",
    "The measure we changed in autumn works. Nothing else in this element needs to change.",
)

LATER_DISCUSSION = (
    "A short second talk before the last quarter: what was agreed in autumn, what is left, and what goes into the input in March.",
    "We looked at what changed since autumn. The plan still fits; the training asked for then has been booked.",
)
