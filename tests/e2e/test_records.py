"""Records at the end of their years: destroyed by two persons, kept by a hold, sent to another installation."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.actor import Actor
from tests.e2e.conftest import Enter, Server, serving, windows

pytestmark = pytest.mark.e2e

MIRIAM, HELENA = "miriam.castellano@example.mil", "helena.strand@example.mil"
DANA = "dana.whitfield@example.mil"
BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
JOYCE = "joyce.abernathy@example.mil"
MINUTE = 60_000


def open_lists(actor: Actor) -> None:
    actor.go("/hr/")
    actor.press("Records kept and destroyed")


def test_two_persons_destroy_and_a_hold_prevents(enter: Enter, worker: Path) -> None:
    """Helena drew up the list of eight; one gets a hold, one is struck off, Miriam confirms the rest."""
    helena, miriam = enter(HELENA), enter(MIRIAM)
    open_lists(helena)
    helena.press("List 1")
    helena.sees("somebody else in HR has to confirm it")
    expect(helena.page.get_by_role("button", name=re.compile("^Destroy"))).to_have_count(0)

    place_a_hold(miriam)
    open_lists(miriam)
    miriam.press("List 1")
    miriam.press("Strike off Desmond Achebe")
    miriam.press("Strike off")
    miriam.sees("Say why this is not to be destroyed.")
    miriam.fill(re.compile("^Why it is kept"), "The inspector general asked for this year.")
    miriam.press("Strike off")
    miriam.press("Destroy 7 things for good")
    miriam.sees("Confirmed. What is on the list is being destroyed.")
    wait_until_destroyed(miriam)
    kept = miriam.page.get_by_role("row").filter(has_text="Joyce Abernathy")
    expect(kept).to_contain_text("kept")
    expect(kept).to_contain_text("hold")
    miriam.sees("6 destroyed · 1 struck off · 1 kept after all")

    miriam.go("/hr/records/")
    expect(miriam.page.get_by_role("row").filter(has_text="Joyce Abernathy")).to_contain_text(
        "A hold keeps it"
    )
    miriam.does_not_see("Tobias Achterberg")
    miriam.sees("Numbers of destroyed years")


def place_a_hold(hr: Actor) -> None:
    open_lists(hr)
    hr.press("Holds")
    hr.press("Place a hold")
    hr.press("Place the hold")
    hr.sees("Say why these records must be kept.")
    hr.fill(re.compile("^Employee"), JOYCE)
    hr.fill(re.compile("^Reason"), "A claim about the year 2021.")
    hr.fill(re.compile("^On whose authority"), "Office of Counsel, case 27-114")
    hr.press("Place the hold")
    hr.sees("Nothing of Joyce Abernathy is destroyed now.")


def wait_until_destroyed(hr: Actor) -> None:
    """The page says how far it is when it is opened again."""
    done = hr.page.get_by_text("0 to be destroyed")
    for _ in range(60):
        if done.count():
            break
        hr.page.wait_for_timeout(500)
        hr.page.reload()
    expect(done).to_be_visible()
    hr.seen.clear()
    hr.examine()


@BOTH
def test_a_record_goes_to_another_installation(
    browser: Browser, template: str, server: Server, tmp_path: Path, javascript: bool
) -> None:
    """The second installation is a second server with a database of its own, in which the year stands as it did
    before Dana wrote on."""
    with serving(template) as elsewhere:
        with windows(browser, server) as enter:
            write_on(enter(DANA, javascript=javascript))
            sender = enter(MIRIAM, javascript=javascript)
            file = send(sender, tmp_path / "record.zip")
            sender.go("/hr/records/transfers/")
            row = sender.page.get_by_role("row").filter(has_text="Linh Nguyen")
            fingerprint = row.locator("code").inner_text()
        with windows(browser, elsewhere) as enter:
            receive(enter(HELENA, javascript=javascript), file, fingerprint)


def write_on(official: Actor) -> None:
    official.go("/team/")
    official.press("Rate Linh Nguyen")
    official.fill(re.compile("^Narrative"), "Nine calls in ten went out within 45 seconds.")
    official.press("Save")


def send(hr: Actor, file: Path) -> Path:
    open_lists(hr)
    hr.press("Records sent and received")
    hr.press("Send records")
    hr.press("Make the file")
    hr.sees("Say who gets the file.")
    hr.choose("Everything, to go on elsewhere")
    hr.fill(re.compile("^Employee"), "linh.nguyen@example.mil")
    hr.fill(re.compile("^Who gets it"), "Department of the Navy, human resources of Norfolk")
    with hr.page.expect_download() as download:
        hr.page.get_by_role("button", name="Make the file").click()
    download.value.save_as(file)
    return file


def receive(hr: Actor, file: Path, fingerprint: str) -> None:
    hr.go("/hr/records/transfers/")
    hr.press("Receive records")
    for given, answer in (("0000 0000 0000 0000", "fingerprint"), (fingerprint, "are here, with")):
        hr.page.get_by_label(re.compile("^File")).set_input_files(file)
        hr.fill(re.compile("^Fingerprint"), given)
        hr.press("Receive the records")
        hr.sees(answer)
    hr.sees("Received records of Linh Nguyen")
    hr.press(re.compile("^FY 20"))
    hr.sees("Linh Nguyen")
