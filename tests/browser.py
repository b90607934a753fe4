"""The browser of every test that needs one, and what is looked for on each page."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
]
AXE = Path(settings.BASE_DIR, "node_modules/axe-core/axe.min.js")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What a browser and htmx say of an answer that is an error on purpose.
EXPECTED = ("Failed to load resource", "htmx:", "Response Status Error Code")
AT_REST = "!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')"
"""What is taken out of the page while axe looks at it would be found hanging in the air."""


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def violations(page: Page) -> list[str]:
    """axe-core's findings on the page as it stands."""
    page.wait_for_function(AT_REST)
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE.read_text())
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS
    )
    return [
        f"{page.url} {rule['id']}: {node['target']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
