"""Pictures for README.md, taken from a fresh demonstration: docs/images/*.png."""

import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.assets import BASE_DIR

PICTURES = BASE_DIR / "docs" / "images"
WIDTH, HEIGHT = 1280, 900
# A list may be long; its picture need not be.
TALLEST = 1800
COLORS = 256
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


def home(page: Page) -> None:
    """The first page, as it comes up after signing in."""


def rating(page: Page) -> None:
    """Maria Ortega’s second element, half written."""
    page.get_by_role("link", name="Continue Maria Ortega").first.click()
    page.get_by_role("link", name="Rate element 2").click()


def unit(page: Page) -> None:
    page.goto(f"{page.url}organizations/CALLOWAY/cycle/")


# What is on the picture, who sees it and how to get there.
TAKEN: tuple[tuple[str, str, Callable[[Page], None]], ...] = (
    ("employee", "Maria Ortega", home),
    ("first-level-supervisor", "Dana Whitfield", home),
    ("second-level-supervisor", "Henry Okafor", home),
    ("senior-leader", "Ana Reyes", home),
    ("hr-administrator", "Miriam Castellano", home),
    ("rating", "Dana Whitfield", rating),
    ("unit", "Ana Reyes", unit),
)


def main() -> None:
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        sys.exit("Install Chromium to take pictures.")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with dpmap() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        for name, person, go in TAKEN:
            take(browser, address, name=name, person=person, go=go)
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


def take(
    browser: Browser, address: str, *, name: str, person: str, go: Callable[[Page], None]
) -> None:
    page = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}).new_page()
    page.goto(f"{address}sign-in/")
    page.get_by_role("button", name=f"Become {person}").click()
    page.wait_for_load_state("networkidle")
    go(page)
    page.wait_for_load_state("networkidle")
    height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": WIDTH, "height": height})
    picture = PICTURES / f"{name}.png"
    picture.write_bytes(smaller(page.screenshot()))
    print(f"{picture.relative_to(BASE_DIR)}: {page.title()}, {picture.stat().st_size // 1024} KiB")


def smaller(png: bytes) -> bytes:
    """A third of the bytes: the commonest colors stay as they are, edges of letters take the nearest."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    flat = picture.tobytes()
    pixels = [flat[start : start + 3] for start in range(0, len(flat), 3)]
    counted = [color for color, _ in Counter(pixels).most_common()]
    kept = counted[:COLORS]
    place = {color: kept.index(nearest(color, kept)) for color in counted}
    few = Image.frombytes("P", picture.size, bytes(place[pixel] for pixel in pixels))
    few.putpalette(b"".join(kept))
    out = io.BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def nearest(color: bytes, kept: list[bytes]) -> bytes:
    return min(kept, key=lambda each: sum((a - b) ** 2 for a, b in zip(each, color, strict=True)))


if __name__ == "__main__":
    main()
