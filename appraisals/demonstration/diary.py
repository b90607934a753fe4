"""When things happen: office hours of workdays, always forward."""

import datetime as dt
from dataclasses import dataclass
from random import Random

from django.utils import timezone


class Diary:
    """The moment at which the next thing happens; it only moves forward, on workdays in office hours."""

    def __init__(self, day: dt.date, random: Random) -> None:
        self._random = random
        self.now = self._morning(day)

    def _morning(self, day: dt.date) -> dt.datetime:
        time = dt.time(8 + self._random.randrange(6), self._random.randrange(60))
        return dt.datetime.combine(day, time, tzinfo=timezone.get_current_timezone())

    def minutes(self, least: int, most: int) -> dt.datetime:
        self.now += dt.timedelta(minutes=self._random.randint(least, most))
        return self.now

    def days(self, least: int, most: int) -> dt.datetime:
        day = self.now.date() + dt.timedelta(days=self._random.randint(least, most))
        return self.on(workday(day))

    def on(self, day: dt.date) -> dt.datetime:
        if day > self.now.date():
            self.now = self._morning(day)
        else:
            self.minutes(20, 55)
        return self.now


def workday(day: dt.date) -> dt.date:
    return day + dt.timedelta(days=(0, 0, 0, 0, 0, 2, 1)[day.weekday()])


@dataclass(frozen=True)
class Pace:
    """Days between the steps of a document: (least, most) each."""

    small: tuple[int, int] = (0, 1)
    back: tuple[int, int] = (1, 2)
    share: tuple[int, int] = (3, 7)
    send: tuple[int, int] = (3, 6)
    review: tuple[int, int] = (2, 4)
    discuss: tuple[int, int] = (1, 3)
    acknowledge: tuple[int, int] = (0, 3)


USUAL = Pace()
QUICK = Pace(
    small=(0, 0),
    back=(0, 0),
    share=(0, 0),
    send=(0, 0),
    review=(0, 1),
    discuss=(0, 3),
    acknowledge=(0, 0),
)
