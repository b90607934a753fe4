import re

import pytest

from dpmap.embedded import BASE_DIR
from scripts.assets import CSS_URL, FILES, VENDOR

STATIC = BASE_DIR / "static"
SHEETS = sorted(path.relative_to(STATIC) for path in STATIC.rglob("*.css"))


@pytest.mark.parametrize("sheet", SHEETS, ids=str)
def test_every_file_a_style_sheet_names_is_there(sheet):
    found = CSS_URL.findall((STATIC / sheet).read_text())
    # The sheet of the printed form names its fonts for WeasyPrint's fetcher.
    named = [name for name in found if not name.startswith("static:")]
    missing = [name for name in named if not ((STATIC / sheet).parent / name).resolve().exists()]
    assert missing == []


@pytest.mark.parametrize("sheet", SHEETS, ids=str)
def test_no_style_sheet_asks_another_site(sheet):
    assert not re.search(r"url\(\s*[\"']?(https?:)?//", (STATIC / sheet).read_text())


def test_every_file_copied_from_npm_is_there():
    assert [name for name in FILES.values() if not (VENDOR / name).exists()] == []
