"""The mail server refuses, is slow, loses what it took; the worker is killed between letters.

SMTP cannot say whether a letter arrived whose answer was lost. So the account is: everybody has every
letter, and a second copy, under the same Message-ID, only where the answer to the first was lost.
"""

from collections.abc import Iterator

import pytest

from tests.faults.account import LETTERS, assert_account, mail_at_once, settled, tell
from tests.faults.servers import until
from tests.faults.sink import Mood
from tests.faults.site import Program, Site, site
from tests.faults.start import POST, QUICK_POST, SOON_TAKEN_OVER


@pytest.fixture(scope="module")
def post(
    postgres_host: str, filled: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A worker and the schedule, for faults that leave them alive."""
    with site(postgres_host, filled, tmp_path_factory.mktemp("post")) as made:
        mail_at_once(made)
        made.worker(**QUICK_POST)
        made.beat(**POST)
        yield made
        print(made.logs())


@pytest.fixture
def key(request: pytest.FixtureRequest, post: Site) -> Iterator[str]:
    post.sink.forget()
    yield request.node.name[:120]
    post.sink.mood = Mood.GOOD
    post.sink.moods = []


def test_nobody_listens_for_a_while(post, key):
    post.sink.shut()
    tell(post, key)
    until(
        lambda: post.one("SELECT max(attempts) FROM appraisals_letter WHERE state = 'waiting'"),
        what="the worker has tried",
    )
    assert not post.sink.delivered
    post.sink.open()
    assert_account(post, key)


def test_busy_for_a_while(post, key):
    post.sink.mood = Mood.BUSY
    tell(post, key)
    until(lambda: post.sink.tried >= LETTERS, what="every letter was put off")
    post.sink.mood = Mood.GOOD
    assert_account(post, key)


def test_refused_for_good_goes_on_the_list_and_holds_up_no_other(post, key):
    post.sink.moods = [Mood.GOOD, Mood.REFUSES, Mood.GOOD, Mood.REFUSES]
    tell(post, key)
    assert_account(post, key, never=2)
    errors = post.rows(
        "SELECT l.last_error FROM appraisals_letter l WHERE l.state = 'dead' AND EXISTS "
        "(SELECT FROM appraisals_notice n WHERE n.letter_id = l.id AND n.key = %s)",
        key,
    )
    assert errors == [("The mail server refused it: 550 5.7.1 Not wanted here",)] * 2


def test_slow(post, key):
    post.sink.moods = [Mood.SLOW] * 10
    tell(post, key)
    assert_account(post, key)


def test_loses_what_it_took(post, key):
    post.sink.moods = [Mood.GOOD, Mood.LOSES_IT, Mood.LOSES_IT]
    tell(post, key)
    assert_account(post, key)


def test_keeps_what_it_took_and_does_not_say_so(post, key):
    post.sink.moods = [Mood.GOOD, Mood.KEEPS_IT_AND_DROPS, Mood.GOOD, Mood.KEEPS_IT_AND_DROPS]
    tell(post, key)
    assert_account(post, key, twice=2)


def test_answers_and_hangs_up(post, key):
    post.sink.moods = [Mood.ANSWERS_AND_DROPS] * 3
    tell(post, key)
    assert_account(post, key)


def test_two_schedules_and_two_workers_send_nothing_twice(post, key):
    more: list[Program] = [post.worker(**QUICK_POST), post.beat(**POST)]
    post.sink.moods = [Mood.SLOW] * 4
    tell(post, key)
    assert_account(post, key)
    for program in more:
        program.kill()


def kill_in_the_middle(made: Site, *, letters: int, times: int) -> None:
    """Of a batch: letters have gone, one is on its way, others are claimed."""
    mail_at_once(made)
    made.sink.mood = Mood.SLOW
    tell(made, "killed", letters)
    made.beat(**POST)
    for _ in range(times):
        gone = len(made.sink.letters)
        worker = made.worker(**SOON_TAKEN_OVER)
        until(lambda: len(made.sink.letters) > gone + 1, what="letters go")  # noqa: B023
        worker.kill()
    made.sink.mood = Mood.GOOD
    made.worker(**SOON_TAKEN_OVER)
    settled(made, within=60)
    twice = made.sink.delivered.total() - len(made.sink.delivered)
    assert twice <= times
    assert_account(made, "killed", letters=letters, twice=twice)


def test_killed_between_letters(house):
    """The letter in doubt may come twice, no other, and none is lost."""
    kill_in_the_middle(house, letters=LETTERS, times=2)


@pytest.mark.long
def test_killed_between_letters_ten_times(house):
    kill_in_the_middle(house, letters=120, times=10)
