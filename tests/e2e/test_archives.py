"""HR takes the forms of a division away in the browser, and a real worker makes the archive."""

import hashlib
import re
import zipfile

import pytest
from playwright.sync_api import expect

from tests.e2e.actor import Actor
from tests.e2e.conftest import Enter

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("worker")]
MIRIAM = "miriam.castellano@example.mil"
MADE = 120_000  # milliseconds that the worker may take on a busy machine


def choose(hr: Actor, organization: str) -> int:
    """Forms that the page says it would hold."""
    hr.go("/hr/archives/new/")
    hr.fill("Organization", organization)
    hr.page.get_by_label("Forms").select_option("Performance plan")
    hr.press("Show what it holds")
    shown = hr.page.get_by_role("listitem").filter(has_text=re.compile(r"\d forms$")).first
    return int(re.sub(r"\D", "", shown.inner_text()))


def test_hr_exports_a_division_and_opens_the_archive(enter: Enter) -> None:
    miriam = enter(MIRIAM)
    miriam.go("/hr/")
    miriam.press("Exports of forms")
    forms = choose(miriam, "DES-FIRE")
    miriam.press("Start the archive")
    link = miriam.page.get_by_role("link", name=re.compile("^Download"))
    miriam.go("/hr/archives/")
    miriam.press(re.compile("^Forms of Fire and Emergency Services"))
    expect(link).to_be_visible(timeout=MADE)
    miriam.page.wait_for_load_state()
    miriam.inspect()
    with miriam.page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "forms-des-fire-fy-2027.zip"
    with zipfile.ZipFile(download.value.path()) as archive:
        names = [name for name in archive.namelist() if name.endswith(".pdf")]
        assert len(names) == forms > 0
        sums = dict(
            line.split("  ")[::-1] for line in archive.read("SHA256SUMS").decode().splitlines()
        )
        for name in names:
            content = archive.read(name)
            assert content.startswith(b"%PDF")
            assert sums[name] == hashlib.sha256(content).hexdigest()
    miriam.page.reload()
    miriam.sees("Fetched")
    miriam.go("/hr/archives/")
    miriam.sees("Ready")


def test_the_archive_that_the_demonstration_asks_for_is_made(enter: Enter) -> None:
    miriam = enter(MIRIAM)
    miriam.go("/hr/archives/")
    miriam.press(re.compile("^Forms of Day Patrol Branch, FY 2026"))
    link = miriam.page.get_by_role("link", name=re.compile("^Download"))
    expect(link).to_be_visible(timeout=MADE)
    with miriam.page.expect_download() as download:
        link.click()
    with zipfile.ZipFile(download.value.path()) as archive:
        names = archive.namelist()
    assert {"index.csv", "index.xlsx", "SHA256SUMS"} <= set(names)
    assert sum(name.endswith(".pdf") for name in names) > 1


def test_an_archive_is_called_off_and_a_wrong_choice_is_explained(enter: Enter) -> None:
    miriam = enter(MIRIAM, javascript=False)
    miriam.go("/hr/archives/new/")
    miriam.fill("People", "12345")
    miriam.press("Show what it holds")
    miriam.sees("Line 1: “12345” has 5 digits, and a DoD ID has 10.")
    choose(miriam, "CALLOWAY")
    miriam.press("Start the archive")
    miriam.press("Cancel the archive")
    miriam.sees("The archive is cancelled, and what was made of it is deleted.")


def test_it_fits_a_telephone(enter: Enter) -> None:
    miriam = enter(MIRIAM)
    miriam.page.set_viewport_size({"width": 320, "height": 900})
    choose(miriam, "DES-FIRE")
    miriam.go("/hr/archives/")
