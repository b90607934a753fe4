"""What a document waits for in each state, and the verb of the button that does it."""

from appraisals.models import CONFIDENTIAL, Kind, State

WHAT: dict[str, dict[str, tuple[str, str]]] = {
    Kind.PERFORMANCE_PLAN: {
        State.DRAFT: ("Plan being written", "Write plan"),
        State.IN_REVIEW: ("Plan in higher level review", "Review plan"),
        State.APPROVED: ("Plan approved, to be discussed", "Record discussion"),
        State.COMMUNICATED: ("Plan to be acknowledged", "Read and acknowledge"),
    },
    Kind.PLAN_CHANGE: {
        State.DRAFT: ("Plan change being written", "Write change"),
        State.IN_REVIEW: ("Plan change in higher level review", "Review change"),
        State.APPROVED: ("Plan change approved, to be discussed", "Record discussion"),
        State.COMMUNICATED: ("Plan change to be acknowledged", "Read and acknowledge"),
    },
    Kind.PROGRESS_REVIEW: {
        State.DRAFT: ("Progress review being written", "Write review"),
        State.IN_REVIEW: ("Progress review in higher level review", "Review"),
        State.APPROVED: ("Progress review to be discussed", "Record discussion"),
        State.COMMUNICATED: ("Progress review to be acknowledged", "Read and acknowledge"),
    },
    Kind.ANNUAL_APPRAISAL: {
        State.DRAFT: ("Elements to be rated", "Rate"),
        State.IN_REVIEW: ("Rating in higher level review", "Review rating"),
        State.APPROVED: ("Rating approved, to be discussed", "Record discussion"),
        State.COMMUNICATED: ("Rating to be acknowledged", "Read and acknowledge"),
    },
    Kind.NARRATIVE_STATEMENT: {
        State.DRAFT: ("Narrative statement being written", "Write statement"),
        State.IN_REVIEW: ("Narrative statement in review", "Review"),
        State.APPROVED: ("Narrative statement to be discussed", "Record discussion"),
        State.COMMUNICATED: ("Narrative statement to be acknowledged", "Read and acknowledge"),
    },
    Kind.EARLY_TALK: {
        State.DRAFT: ("Early talk being prepared", "Prepare talk"),
        State.IN_REVIEW: ("Early talk in higher level review", "Review"),
        State.APPROVED: ("Early talk to be held", "Record discussion"),
        State.COMMUNICATED: ("Early talk to be acknowledged", "Read and acknowledge"),
    },
    Kind.OPPORTUNITY_NOTICE: {
        State.DRAFT: ("Notice being written", "Write notice"),
        State.IN_REVIEW: ("Notice in higher level review", "Review notice"),
        State.APPROVED: ("Notice to be given", "Record discussion"),
        State.COMMUNICATED: ("Notice to be acknowledged", "Read and acknowledge"),
    },
    Kind.OPPORTUNITY_RESULT: {
        State.DRAFT: ("Result being written", "Write result"),
        State.IN_REVIEW: ("Result in higher level review", "Review result"),
        State.APPROVED: ("Result to be discussed", "Record discussion"),
        State.COMMUNICATED: ("Result to be acknowledged", "Read and acknowledge"),
    },
    Kind.PROPOSED_ACTION: {
        State.DRAFT: ("Proposed action being written", "Write proposal"),
        State.IN_REVIEW: ("Proposed action in higher level review", "Review proposal"),
        State.APPROVED: ("Proposed action to be given", "Record discussion"),
        State.COMMUNICATED: ("Proposed action to be acknowledged", "Read and acknowledge"),
    },
    Kind.MORE_CURRENT_RATING: {
        State.DRAFT: ("More current rating being written", "Rate"),
        State.IN_REVIEW: ("More current rating in higher level review", "Review rating"),
        State.APPROVED: ("More current rating to be discussed", "Record discussion"),
        State.COMMUNICATED: ("More current rating to be acknowledged", "Read and acknowledge"),
    },
}
STAGE = {
    Kind.PERFORMANCE_PLAN: 0,
    Kind.PLAN_CHANGE: 0,
    Kind.PROGRESS_REVIEW: 1,
    Kind.NARRATIVE_STATEMENT: 1,
    Kind.ANNUAL_APPRAISAL: 2,
    **dict.fromkeys(CONFIDENTIAL, 1),
}
