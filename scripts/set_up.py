"""Make this checkout ready to run: `.venv`, system libraries, npm packages. Standard library only.

Each step looks first whether it is done, so a half-finished set-up goes on where it stopped, and a
finished one costs a tenth of a second. With --tests it also looks for a browser.
"""

import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
VENV = BASE_DIR / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = BASE_DIR / "requirements.txt"
STAMP = VENV / ".installed"
OLDEST_PYTHON = (3, 11)
# WeasyPrint draws the printed form with these; a page without fonts would be empty.
PDF_LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
PDF_PACKAGES = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core"]
# The form's own font has Latin letters. People write in every script and with emoji: without these
# the text is in the file all the same, but a box is drawn for each letter. Unifont is the last resort.
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
FONTS = {
    "fonts-noto-core": "NotoSansThai-Regular.*",
    "fonts-noto-color-emoji": "NotoColorEmoji.*",
    "fonts-wqy-microhei": "wqy-microhei.*",
    "fonts-unifont": "unifont.*",
}
# Printed forms and archives of them are read back with these; `make bench-pdf` times zip.
TEST_TOOLS = ("qpdf", "pdftotext", "unzip", "zip")
TEST_PACKAGES = ["qpdf", "poppler-utils", "unzip", "zip"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(
            f"dpmap needs Python 3.11 or newer; this is {sys.version.split()[0]}. "
            "Name another with `make PYTHON=/path/to/python3 …`."
        )
    make_venv()
    install_packages()
    install_libraries(for_tests="--tests" in sys.argv)
    run([str(PYTHON), "-m", "scripts.assets"], problem="The npm packages could not be fetched.")


def make_venv() -> None:
    if works([str(PYTHON), "-m", "pip", "--version"]):
        return
    if not works([sys.executable, "-c", "import ensurepip, venv"]):
        apt_install([f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"], why="make .venv")
    print("Making .venv …", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    run([sys.executable, "-m", "venv", str(VENV)], problem="Python could not make .venv.")


def install_packages() -> None:
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    print("Installing the Python packages of requirements.txt …", flush=True)
    command = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    run(
        [*command, "--no-deps", "--require-hashes", "-r", str(LOCK)],
        problem="pip could not install requirements.txt; `make` goes on from here when run again.",
    )
    STAMP.write_text(wanted)


def install_libraries(*, for_tests: bool) -> None:
    missing = [] if all(map(ctypes.util.find_library, PDF_LIBRARIES)) else list(PDF_PACKAGES)
    missing += [package for package, file in FONTS.items() if not has_font(file)]
    if for_tests:
        missing += [] if any(map(shutil.which, BROWSERS)) else ["chromium"]
        missing += TEST_PACKAGES if not all(map(shutil.which, TEST_TOOLS)) else []
    if missing:
        apt_install(missing, why="print forms" + " and run the tests" * for_tests)


def has_font(file: str) -> bool:
    return any(next(folder.rglob(file), None) for folder in FONT_FOLDERS if folder.is_dir())


def apt_install(packages: list[str], *, why: str) -> None:
    names = " ".join(packages)
    if os.geteuid() or not shutil.which("apt-get"):
        print(f"To {why}, install these system packages: {names}", file=sys.stderr, flush=True)
        return
    print(f"Installing {names} …", flush=True)
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], problem="apt-get update failed.", **quiet)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    run(install, problem=f"apt-get could not install {names}.", **quiet)


def works(command: list[str]) -> bool:
    try:
        return not subprocess.run(command, check=False, capture_output=True).returncode
    except OSError:
        return False


def run(command: list[str], *, problem: str, **environment: str) -> None:
    done = subprocess.run(
        command,
        check=False,
        cwd=BASE_DIR,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=None if command[0] == str(PYTHON) else subprocess.DEVNULL,
    )
    if done.returncode:
        sys.exit(problem)


if __name__ == "__main__":
    main()
