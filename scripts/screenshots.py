"""Pictures of what each part sees first, taken from a fresh demonstration: docs/screenshots/*.png."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from scripts.assets import BASE_DIR

PICTURES = BASE_DIR / "docs" / "screenshots"
# In the order in which the sign-in page offers them, and the part of the site each works in.
PARTS = (
    ("employee", "Home"),
    ("first-level-supervisor", "Home"),
    ("second-level-supervisor", "Reviews"),
    ("senior-leader", "Organization"),
    ("hr-administrator", "HR"),
)
VIEWPORT = ViewportSize(width=1280, height=1000)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


def main() -> None:
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        sys.exit("Install Chromium to take pictures.")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with dpmap() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        for number, (part, place) in enumerate(PARTS):
            take(browser, address, number=number, part=part, place=place)
        browser.close()


@contextmanager
def dpmap() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as var:
        process = subprocess.Popen(
            [sys.executable, "-m", "dpmap.run"],
            cwd=BASE_DIR,
            env={**os.environ, "DPMAP_PRACTICE": "1", "DPMAP_VAR": var, "PORT": str(port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            wait_until_ready(process)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)


def wait_until_ready(process: subprocess.Popen[str]) -> None:
    for line in process.stdout or ():
        if "is ready" in line:
            return
    sys.exit("dpmap did not start.")


def take(browser: Browser, address: str, *, number: int, part: str, place: str) -> None:
    page = browser.new_context(viewport=VIEWPORT).new_page()
    page.goto(f"{address}sign-in/")
    page.get_by_role("button", name="Become").nth(number).click()
    page.locator(".main-nav:visible").get_by_role("link", name=place, exact=True).click()
    page.wait_for_load_state("networkidle")
    picture = PICTURES / f"{part}.png"
    page.screenshot(path=picture)
    print(f"{picture.relative_to(BASE_DIR)}: {page.title()}")


if __name__ == "__main__":
    main()
