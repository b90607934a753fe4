"""Who may do what: one small function per question, one line per clause of the answer."""

from django.db.models import Exists, OuterRef, Q

from appraisals import rules
from appraisals.models import (
    CONFIDENTIAL,
    PLANNING,
    Appraisal,
    AppraisalEvent,
    Delegation,
    DestructionList,
    Disagreement,
    Document,
    Element,
    Kind,
    Section,
    State,
)
from appraisals.models.scope import Party, drafts_for, headed_paths, hr_paths, under_paths
from appraisals.sections import has_reached, spec_of
from orgchart import clock
from orgchart.models import Assignment, Organization, Person
from orgchart.selectors import newest_assignments


def is_hr_for(user: Person, organization: Organization) -> bool:
    return any(organization.path.startswith(path) for path in hr_paths(user))


def parties(user: Person, appraisal: Appraisal) -> frozenset[Party]:
    """How `user` stands to this record. An employee is nothing else on their own record, HR included."""
    if user.pk == appraisal.employee_id:
        return frozenset({Party.EMPLOYEE})
    found = set()
    if user.pk == appraisal.rating_official_id:
        found.add(Party.RATING_OFFICIAL)
    if user.pk == appraisal.higher_level_reviewer_id:
        found.add(Party.HIGHER_LEVEL_REVIEWER)
    elif appraisal.rating_official_id in drafts_for(user):
        # Whoever reviews a record drafts nothing in it.
        found.add(Party.DELEGATE)
    if is_hr_for(user, appraisal.organization):
        found.add(Party.HR)
    return frozenset(found)


PAPER = frozenset({Party.RATING_OFFICIAL, Party.HR})
"""Who copies in what stands on a paper form (R4.7)."""
DRAFTING = frozenset({Party.RATING_OFFICIAL, Party.DELEGATE})
"""Who writes what is the rating official's to write (R8.4)."""


def acts_for(user: Person, document: Document) -> Person | None:
    """The rating official whose text it is that this delegate writes (R8.4)."""
    appraisal = document.appraisal
    if document.is_being_entered or Party.DELEGATE not in parties(user, appraisal):
        return None
    return appraisal.rating_official


def may_enter_paper(user: Person, appraisal: Appraisal) -> bool:
    return bool(PAPER & parties(user, appraisal))


def writers_of(section: Section, document: Document) -> frozenset[Party]:
    """A text has one writer; what stands on a paper form is copied in by others."""
    if document.is_being_entered:
        return PAPER
    writer = spec_of(document.kind, section.kind).writer
    if document.kind in CONFIDENTIAL:
        return frozenset({writer})
    return DRAFTING if writer == Party.RATING_OFFICIAL else frozenset({writer})


def may_read_section(user: Person, section: Section, document: Document) -> bool:
    spec = spec_of(document.kind, section.kind)
    mine = parties(user, document.appraisal)
    if mine & (writers_of(section, document) | {spec.writer}):
        return True
    if spec.writer == Party.EMPLOYEE:
        shared = document.input_shared_at is not None or document.state != State.DRAFT
        return bool(mine) and (shared or not spec.held_back)
    if Party.EMPLOYEE in mine:
        return has_reached(document.state, spec.employee_reads_from)
    return bool(mine) and (
        has_reached(document.state, State.IN_REVIEW) or document.kind in PLANNING
    )


def may_read_scan(user: Person, document: Document) -> bool:
    """The whole form in one file: who may read every text of it."""
    mine = parties(user, document.appraisal)
    is_plan = document.kind in PLANNING
    if Party.EMPLOYEE in mine:
        return is_plan or has_reached(document.state, State.COMMUNICATED)
    return bool(mine & (PAPER | DRAFTING)) or (
        bool(mine) and (is_plan or has_reached(document.state, State.IN_REVIEW))
    )


def may_write_section(user: Person, section: Section, document: Document) -> bool:
    return document.state == State.DRAFT and bool(
        writers_of(section, document) & parties(user, document.appraisal)
    )


def may_draft_plan(user: Person, document: Document) -> bool:
    """Add, accept, remove and order elements; copy into the plan."""
    return (
        document.kind == Kind.PERFORMANCE_PLAN
        and document.state == State.DRAFT
        and bool(_writers_of_the_plan(document) & parties(user, document.appraisal))
    )


def _writers_of_the_plan(document: Document) -> frozenset[Party]:
    return PAPER if document.is_being_entered else DRAFTING


def may_start_plan_change(
    user: Person, appraisal: Appraisal, plan: Document | None, *, on_paper: bool = False
) -> bool:
    """R3.9: of a plan that is approved. What is still being written needs no change."""
    starters = PAPER if on_paper else DRAFTING
    return (
        plan is not None
        and plan.approved_on is not None
        and bool(starters & parties(user, appraisal))
    )


def may_propose_change(user: Person, appraisal: Appraisal, plan: Document | None) -> bool:
    """R3.6, R14.7: the employee, as a request that the rating official takes up or declines."""
    return (
        plan is not None
        and plan.approved_on is not None
        and Party.EMPLOYEE in parties(user, appraisal)
    )


def may_draft_change(user: Person, document: Document) -> bool:
    """Say what changes in the plan; what HR puts in (R3.8) is HR's word."""
    return (
        document.kind == Kind.PLAN_CHANGE
        and document.state == State.DRAFT
        and document.mandatory_id is None
        and bool(_writers_of_the_plan(document) & parties(user, document.appraisal))
    )


def may_propose_element(user: Person, document: Document) -> bool:
    """R3.6"""
    return (
        document.kind == Kind.PERFORMANCE_PLAN
        and document.state == State.DRAFT
        and not document.on_paper
        and Party.EMPLOYEE in parties(user, document.appraisal)
    )


def may_edit_element(user: Person, element: Element, document: Document) -> bool:
    if may_propose_element(user, document):
        return element.proposed_by_employee and not element.accepted
    return may_draft_plan(user, document)


def may_start_progress_review(
    user: Person,
    appraisal: Appraisal,
    plan: Document | None,
    policy: rules.Policy,
    *,
    on_paper: bool = False,
) -> bool:
    """R5.1, and R1.8 where a Component asks for days under the plan first. HR enters paper forms (R4.7)."""
    mine = parties(user, appraisal)
    return (
        plan is not None
        and plan.approved_on is not None
        and clock.today() >= rules.progress_review_opens_on(plan.approved_on, policy)
        and (
            bool((PAPER if on_paper else DRAFTING) & mine)
            or (policy.employee_may_start_progress_review and Party.EMPLOYEE in mine)
        )
    )


def may_start_annual_appraisal(
    user: Person,
    appraisal: Appraisal,
    plan: Document | None,
    policy: rules.Policy,
    *,
    on_paper: bool = False,
) -> bool:
    starters = PAPER if on_paper else DRAFTING
    return (
        plan is not None
        and plan.approved_on is not None
        and not appraisal.not_rated
        and clock.today() >= rules.appraisal_opens_on(appraisal.period_ends_on, policy)
        and bool(starters & parties(user, appraisal))
    )


def may_ask_extension(user: Person, appraisal: Appraisal) -> bool:
    """R1.11"""
    return Party.RATING_OFFICIAL in parties(user, appraisal)


def may_extend(user: Person, appraisal: Appraisal, policy: rules.Policy) -> bool:
    """R1.11: HR, and the higher level reviewer where policy says so."""
    mine = parties(user, appraisal)
    return Party.HR in mine or (policy.reviewer_may_extend and Party.HIGHER_LEVEL_REVIEWER in mine)


def may_disagree(user: Person, appraisal: Appraisal) -> bool:
    """R7.11: whose rating it is."""
    return Party.EMPLOYEE in parties(user, appraisal)


def may_answer(user: Person, disagreement: Disagreement) -> bool:
    """R7.11: HR, or the reviewer where policy says so; nobody answers about a rating that they gave."""
    mine = parties(user, disagreement.rating.appraisal)
    if Party.RATING_OFFICIAL in mine:
        return False
    by_policy = disagreement.policy.rules().reviewer_may_reconsider
    return Party.HR in mine or (by_policy and Party.HIGHER_LEVEL_REVIEWER in mine)


def may_assist(user: Person, appraisal: Appraisal) -> bool:
    """R10: begin a talk, an opportunity, a proposal; hold its meetings; ask for a rating in between."""
    return Party.RATING_OFFICIAL in parties(user, appraisal)


def may_know_of_assistance(user: Person, appraisal: Appraisal) -> bool:
    """Whether there is any. An employee knows from the first discussion on, by what they can see."""
    return bool(
        parties(user, appraisal) & {Party.RATING_OFFICIAL, Party.HIGHER_LEVEL_REVIEWER, Party.HR}
    )


def may_say_a_word(user: Person, appraisal: Appraisal) -> bool:
    """Of a meeting in an opportunity period."""
    return Party.EMPLOYEE in parties(user, appraisal)


def may_follow_action(user: Person, appraisal: Appraisal) -> bool:
    """Enter the reply, the decision and the day of a proposed action (R10.3)."""
    return Party.HR in parties(user, appraisal)


def may_administer_appraisal(user: Person, appraisal: Appraisal) -> bool:
    return Party.HR in parties(user, appraisal)


def may_name_officials(user: Person, appraisal: Appraisal, policy: rules.Policy) -> bool:
    """R9.9: HR, and the parties to whom policy gives it."""
    mine = parties(user, appraisal)
    return (
        Party.HR in mine
        or (Party.RATING_OFFICIAL in mine and policy.rating_official_may_name_officials)
        or (Party.EMPLOYEE in mine and policy.employee_may_name_officials)
    )


def may_delegate_for(
    user: Person, principal: Person, place: Organization | None, policy: rules.Policy
) -> bool:
    """R8.4: a rating official for themselves where policy lets them; HR where the rating official works."""
    if user.pk == principal.pk:
        return policy.rating_official_may_delegate and rates_somebody(user)
    return place is not None and is_hr_for(user, place)


def rates_somebody(user: Person) -> bool:
    """A record whose rating is not in effect yet, or somebody who answers to them."""
    today = clock.today()
    return (
        Appraisal.objects.filter(rating_official=user, cycle__effective_on__gte=today).exists()
        or Assignment.objects.on(today).filter(supervisor=user).exists()
    )


def may_end_delegation(user: Person, delegation: Delegation, place: Organization | None) -> bool:
    """Both sides, and HR where the rating official works."""
    sides = (delegation.principal_id, delegation.delegate_id)
    return user.pk in sides or (place is not None and is_hr_for(user, place))


def may_report_draft(user: Person, document: Document) -> bool:
    """Tell the rating official that what was drafted for them is ready."""
    return document.state == State.DRAFT and acts_for(user, document) is not None


def may_record_training(user: Person, someone: Person) -> bool:
    """R17.3: HR where the person works, but never their own."""
    held = newest_assignments([someone], on=clock.today()).get(someone.pk)
    return user.pk != someone.pk and held is not None and is_hr_for(user, held.organization)


def may_read_training(user: Person, someone: Person) -> bool:
    """The supervisor, whoever they answer to or rate for, and HR."""
    return user.pk == someone.pk or may_coach(user, someone) or may_record_training(user, someone)


def may_administer(user: Person, organization: Organization) -> bool:
    """Open cycles, write policy editions, list people without a plan."""
    return is_hr_for(user, organization)


def may_decide_departure(user: Person, leaver: Person) -> bool:
    """R9: HR where they work or worked last or a record of theirs lies, who is above them, and who rates them
    now. Nobody of themselves."""
    if user.pk == leaver.pk:
        return False
    held = newest_assignments([leaver], on=clock.today()).get(leaver.pk)
    if held is not None and (held.supervisor_id == user.pk or is_hr_for(user, held.organization)):
        return True
    decides = Q(rating_official=user) | under_paths(hr_paths(user), "organization__path")
    theirs = Appraisal.objects.filter(decides, employee=leaver)
    return theirs.filter(cycle__effective_on__gte=clock.today()).exists()


def may_read_timeline(user: Person, appraisal: Appraisal) -> bool:
    return bool(parties(user, appraisal))


def may_read_reason(user: Person, event: AppraisalEvent) -> bool:
    """What a reviewer wrote about a rating is as much the rating as its text is."""
    document = event.document
    return (
        user.pk != event.appraisal.employee_id
        or event.by_id == user.pk
        or document is None
        or document.kind in PLANNING
        or has_reached(document.state, State.COMMUNICATED)
    )


def may_export_forms(user: Person, organization: Organization) -> bool:
    return is_hr_for(user, organization)


def works_under(user: Person) -> Q:
    """Persons who rate for `user` now: a record under way between the two, or the line of command."""
    today = clock.today()
    between = Appraisal.objects.filter(
        rating_official=OuterRef("pk"), higher_level_reviewer=user, cycle__effective_on__gte=today
    )
    leads = Assignment.objects.on(today).filter(supervisor=OuterRef("pk"))
    answers = Assignment.objects.on(today).filter(employee=OuterRef("pk"), supervisor=user)
    return Q(Exists(between)) | Q(Exists(leads), Exists(answers))


def may_coach(user: Person, supervisor: Person) -> bool:
    """While they work together: keep a note about them, send them a reminder."""
    return (
        user != supervisor and Person.objects.filter(works_under(user), pk=supervisor.pk).exists()
    )


def heads(user: Person, organization: Organization) -> bool:
    return organization.head_id == user.pk


def may_edit_goals(user: Person, organization: Organization) -> bool:
    return heads(user, organization) or is_hr_for(user, organization)


def may_see_unit_numbers(user: Person, organization: Organization) -> bool:
    """Its head, the heads of units above it, HR in scope. Numbers and stages, never a text or a rating."""
    return any(organization.path.startswith(path) for path in headed_paths(user)) or is_hr_for(
        user, organization
    )


def may_keep_records(user: Person, organization: Organization) -> bool:
    """Draw up a list of what is due, place and lift holds, send and receive records (R13)."""
    return is_hr_for(user, organization)


def may_confirm_destruction(user: Person, listed: DestructionList) -> bool:
    """The second of two persons, and never about a record of their own."""
    return (
        is_hr_for(user, listed.organization)
        and user.pk != listed.drawn_up_by_id
        and not listed.items.filter(employee=user).exists()
    )
