"""A year of talks of one team: check-ins, what was asked and answered, feedback, a good word in time."""

import datetime as dt
from collections.abc import Callable, Mapping

from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    Element,
    FeedbackRequest,
    Letter,
    RecognitionKind,
    SupportKind,
    SupportRequest,
)
from appraisals.problems import plan_elements, plan_of
from appraisals.services.check_ins import (
    add_to_agenda,
    agree_on_action,
    end_action,
    hold_check_in,
    plan_check_in,
)
from appraisals.services.feedback import ask_colleague, ask_outside, give_feedback
from appraisals.services.recognition import recognize
from appraisals.services.support import answer_support, ask_support, end_support
from orgchart import clock
from orgchart.models import Person


def build_talk(people: Mapping[str, Person], cycle: AppraisalCycle, *, until: dt.date) -> None:
    """Through the same services as the pages, each on its day."""
    maria = people["maria.ortega"]
    plan = plan_of(Appraisal.objects.get(employee=maria, cycle=cycle))
    elements = {each.number: each for each in plan_elements(plan)} if plan else {}
    year = cycle.starts_on.year
    afternoon, morning = dt.time(15, 30), dt.time(9)
    scenes: tuple[tuple[dt.date, dt.time, Callable[[], None]], ...] = (
        (dt.date(year, 7, 14), afternoon, lambda: _first_check_in(people)),
        (dt.date(year, 9, 21), afternoon, lambda: _recognition(people, elements)),
        (dt.date(year, 10, 14), afternoon, lambda: _camera_asked(people, elements)),
        (dt.date(year, 11, 2), morning, lambda: _camera_granted(people)),
        (dt.date(year, 11, 30), morning, lambda: _camera_arrived(people)),
        (dt.date(year + 1, 1, 20), afternoon, lambda: _second_check_in(people)),
        (dt.date(year + 1, 2, 10), afternoon, lambda: _feedback_asked(people, elements)),
        (dt.date(year + 1, 2, 12), morning, lambda: _feedback_given(people)),
        (dt.date(year + 1, 4, 5), afternoon, lambda: _this_week(people, elements)),
    )
    for day, hour, scene in scenes:
        if day <= until and elements:
            with clock.frozen(day, at=hour):
                scene()


def _first_check_in(people: Mapping[str, Person]) -> None:
    maria, dana = people["maria.ortega"], people["dana.whitfield"]
    trial = add_to_agenda(maria, by=maria, text="Engine 2 at Station 1: go on after the trial?")
    storm = add_to_agenda(maria, by=dana, text="Who stands in for you in August.")
    hold_check_in(
        maria,
        by=dana,
        held_on=clock.today(),
        summary="The trial goes on until the end of the year. Maria writes down the figures every month.",
        talked_about=[trial, storm],
    )
    figures = agree_on_action(
        maria, by=dana, text="Send the turnout figures each month.", by_employee=True, due_on=None
    )
    agree_on_action(
        maria,
        by=dana,
        text="Ask DPW for a second bay at Station 1.",
        by_employee=False,
        due_on=dt.date(clock.today().year, 12, 15),
    )
    end_action(figures, by=maria, outcome="done")


def _recognition(people: Mapping[str, Person], elements: Mapping[int, Element]) -> None:
    maria = people["maria.ortega"]
    recognize(
        maria,
        by=people["henry.okafor"],
        kind=RecognitionKind.HONOR,
        text="The county exercise: 61 people, two counties, no injury. The commander’s coin is well earned.",
        given_on=clock.today(),
        element=elements.get(2),
    )
    recognize(
        people["linh.nguyen"],
        by=maria,
        kind=RecognitionKind.THANKS,
        text="For the four calls on Saturday. My crews knew where to go every time.",
        given_on=clock.today(),
    )


def _camera_asked(people: Mapping[str, Person], elements: Mapping[int, Element]) -> None:
    ask_support(
        by=people["maria.ortega"],
        kind=SupportKind.TOOLS,
        text="A second thermal camera. With one we search a two-story house in turns.",
        element=elements.get(4),
    )


def _camera_granted(people: Mapping[str, Person]) -> None:
    answer_support(
        SupportRequest.objects.get(employee=people["maria.ortega"]),
        by=people["dana.whitfield"],
        granted=True,
        answer="Approved out of this year’s budget. Here by 1 December.",
    )


def _camera_arrived(people: Mapping[str, Person]) -> None:
    maria = people["maria.ortega"]
    end_support(SupportRequest.objects.get(employee=maria), by=maria)


def _second_check_in(people: Mapping[str, Person]) -> None:
    maria, dana = people["maria.ortega"], people["dana.whitfield"]
    ladder = add_to_agenda(
        maria, by=dana, text="Ladder 1: how soon do I hear when one is out of service?"
    )
    add_to_agenda(maria, by=maria, text="A detail to the regional fire academy in the fall.")
    hold_check_in(
        maria,
        by=maria,
        held_on=clock.today(),
        summary="From now on: a call the same day, in writing by the next morning.",
        talked_about=[ladder],
    )


def _feedback_asked(people: Mapping[str, Person], elements: Mapping[int, Element]) -> None:
    maria = people["maria.ortega"]
    ask_colleague(maria, by=maria, element=elements[2], colleague=people["linh.nguyen"])


def _feedback_given(people: Mapping[str, Person]) -> None:
    give_feedback(
        FeedbackRequest.objects.get(giver=people["linh.nguyen"]),
        by=people["linh.nguyen"],
        text="Her crews confirm every dispatch within seconds. What would help us: say earlier when an "
        "engine is out of service.",
    )


def _this_week(people: Mapping[str, Person], elements: Mapping[int, Element]) -> None:
    """What waits on the first pages of the demonstration."""
    maria, dana = people["maria.ortega"], people["dana.whitfield"]
    plan_check_in(maria, by=dana, planned_on=clock.today() + dt.timedelta(days=3))
    add_to_agenda(maria, by=dana, text="What you want to be rated on that I may have missed.")
    ask_support(
        by=people["renee.damico"],
        kind=SupportKind.TRAINING,
        text="The sprinkler code course in May, three days. The last one was before the new edition.",
    )
    ask_colleague(maria, by=dana, element=elements[4], colleague=people["terrence.blake"])
    asked = ask_outside(
        maria,
        by=dana,
        element=elements[2],
        name="Chief Alma Reed, Brandt County",
        email="alma.reed@county.example",
    )
    # Both are drawn by lot; filling twice gives the same.
    FeedbackRequest.objects.filter(pk=asked.pk).update(
        link_name="practice-invitation-of-chief-reed"
    )
    Letter.objects.filter(invitation=asked).update(message_id="<invitation@dpmap.example.mil>")
