"""What no tool checks: lengths, names that lead somewhere, nothing unused, nothing half done."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import crispy_forms
import pytest
from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from dpmap import practice

ROOT = Path(settings.BASE_DIR)
HERE = Path(__file__)
PACKAGES = ("dpmap", "orgchart", "appraisals", "scripts", "bench", "tests")
FRAME = "base.html"
# Crispy-forms hands its own context to the templates of a pack.
PACK = "uswds/"
# Django and dpmap.errors find these by the status alone.
ERROR_PAGE = re.compile(r"[45]\d\d\.html")

FILE_LINES, TEMPLATE_LINES, FUNCTION_LINES, VIEW_LINES = 400, 250, 60, 40


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


MODULES = {
    shown(path): path.read_text()
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in path.parts
}
TEMPLATES = {
    str(path.relative_to(ROOT / "templates")): path.read_text()
    for path in sorted((ROOT / "templates").rglob("*.html"))
}
LETTER = "post/letter.html"
OURS_IN_THE_BROWSER = {
    shown(path): path.read_text()
    for folder in ("css", "js")
    for path in sorted((ROOT / "static" / folder).iterdir())
}


@dataclass(frozen=True)
class Function:
    where: str
    name: str
    lines: int

    @property
    def limit(self) -> int:
        is_view = "/views/" in self.where and not self.where.startswith("tests/")
        return VIEW_LINES if is_view else FUNCTION_LINES


def functions() -> Iterator[Function]:
    for where, text in MODULES.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                yield Function(where, node.name, (node.end_lineno or 0) - node.lineno + 1)


def tags(name: str) -> Iterator[tuple[str, str]]:
    """Each `{% name … %}` of each template, with the template it stands in."""
    for template, text in TEMPLATES.items():
        for found in re.finditer(rf"{{%\s*{name}\s+(.*?)\s*%}}", text, re.DOTALL):
            yield template, found.group(1)


# ---------------------------------------------------------------------------------------- lengths


def test_no_file_is_too_long():
    lengths = {name: text.count("\n") for name, text in (MODULES | OURS_IN_THE_BROWSER).items()}
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES} == {}


def test_no_template_is_too_long():
    lengths = {name: text.count("\n") for name, text in TEMPLATES.items()}
    assert {name: lines for name, lines in lengths.items() if lines > TEMPLATE_LINES} == {}


def test_no_function_is_too_long():
    assert [function for function in functions() if function.lines > function.limit] == []


# -------------------------------------------------------------------------------------- templates


def templates_in_use() -> set[str]:
    named = {
        name
        for text in (*TEMPLATES.values(), *MODULES.values())
        for name in re.findall(r"""["']([\w/]+\.html)["']""", text)
    }
    package = Path(crispy_forms.__file__).parent
    of_the_pack = {
        PACK + name
        for path in package.rglob("*.py")
        for name in re.findall(r'"%s/([\w/-]+\.html)"', path.read_text())
    }
    return named | of_the_pack | set(filter(ERROR_PAGE.fullmatch, TEMPLATES))


def test_no_template_is_unused():
    assert set(TEMPLATES) - templates_in_use() == set()


def test_every_template_named_in_a_template_exists():
    named = {
        (template, name)
        for tag in ("include", "extends")
        for template, arguments in tags(tag)
        for name in re.findall(r'^"([^"]+)"', arguments)
    }
    assert {(template, name) for template, name in named if name not in TEMPLATES} == set()


def test_a_component_gets_only_what_it_is_given():
    loose = [
        (template, arguments)
        for template, arguments in tags("include")
        if arguments.startswith('"components/')
        and template != FRAME
        and not arguments.endswith(" only")
    ]
    assert loose == []


def test_a_fragment_is_no_page():
    pages = {template for template, _ in tags("extends")}
    assert {name for name in pages if Path(name).name.startswith("_")} == set()


def test_every_posting_form_carries_its_token():
    forms = re.compile(r"<form\b[^>]*method=[\"']?post.*?</form>", re.IGNORECASE | re.DOTALL)
    bare = [
        (template, form)
        for template, text in TEMPLATES.items()
        for form in forms.findall(text)
        if "csrf" not in form and "{% crispy" not in form
    ]
    assert bare == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("inline style", r"\sstyle\s*="),
        ("style element", r"<style\b"),
        ("inline script", r"<script\b(?![^>]*\bsrc=)"),
        ("event attribute", r"<[a-z][^>]*\son[a-z]+\s*="),
        ("script address", r"javascript:"),
    ],
)
def test_templates_ask_for_nothing_the_security_policy_blocks(what, pattern):
    # An e-mail is shown by no page of ours, and can fetch no style sheet.
    pages = {name: text for name, text in TEMPLATES.items() if name != LETTER}
    found = [name for name, text in pages.items() if re.search(pattern, text, re.IGNORECASE)]
    assert found == [], what


def test_pages_load_nothing_from_elsewhere():
    loading = re.compile(
        r"""(?:\b(?:src|srcset|action|data|poster)\s*=\s*["']|<link\b[^>]*href\s*=\s*["']"""
        r"""|url\(\s*["']?|@import\s+["']|\b(?:import|fetch)\b[^;\n]*["'])(?:https?:)?//"""
    )
    texts = TEMPLATES | OURS_IN_THE_BROWSER
    assert [name for name, text in texts.items() if loading.search(text)] == []


# -------------------------------------------------------------------------------------- addresses


def patterns(found: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for entry in found:
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns)
        else:
            yield entry


ADDRESSES = [*patterns(get_resolver().url_patterns), *practice.urlpatterns]


def test_every_named_address_exists():
    in_templates = {
        (template, name)
        for template, arguments in tags("url")
        for name in re.findall(r"""^["'](\w+)["']""", arguments)
    }
    in_code = {
        (where, name)
        for where, text in MODULES.items()
        if not where.startswith("tests/")
        for name in re.findall(r"""\b(?:reverse|redirect|resolve_url)\(\s*"(\w+)\"""", text)
    }
    known = {address.name for address in ADDRESSES}
    assert {pair for pair in in_templates | in_code if pair[1] not in known} == set()


def test_an_address_and_its_view_share_one_word():
    pairs = {
        (address.name, address.callback.__name__)
        for address in ADDRESSES
        if address.callback.__module__.startswith(("orgchart.", "appraisals."))
    }
    assert {pair for pair in pairs if pair[0] != pair[1]} == set()


def test_no_address_has_two_owners():
    names = [address.name for address in ADDRESSES]
    assert sorted(names) == sorted(set(names))


# ---------------------------------------------------------------------------------- the database


def test_every_constraint_is_tried():
    tried = {
        app: "".join(
            text
            for name, text in MODULES.items()
            if name.startswith(f"tests/{app}/") and "/test_constraints" in name
        )
        for app in ("orgchart", "appraisals")
    }
    untried = [
        f"{model._meta.label}: {constraint.name}"
        for app in tried
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
        if constraint.name not in tried[app]
    ]
    assert untried == []


# ---------------------------------------------------------------------------- who imports whom


def module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imported(text: str, known: set[str]) -> Iterator[str]:
    """Modules of ours that this one imports: `from package import module` means the module."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else node.module


def test_imports_go_in_no_circle():
    texts = {module_name(path): text for path, text in MODULES.items()}
    graph = {name: set(imported(text, set(texts))) - {name} for name, text in texts.items()}
    assert list(TopologicalSorter(graph).static_order())


# ------------------------------------------------------------------------------------ house style


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("work left for later", r"\b(?:TODO|FIXME|XXX|HACK)\b"),
        ("test put aside", r"\b(?:mark|pytest)\.(?:skip|skipif|xfail|importorskip)\b|\bskipTest\b"),
        ("error swallowed", r"except\s*(?:\(?\s*(?:Base)?Exception\b[^:]*)?:"),
        ("signal", r"@receiver\b|django\.(?:db\.models|dispatch|core)\S* import .*\bsignals?\b"),
    ],
)
def test_code_holds_no(what, pattern):
    found = [
        f"{name}:{text[: match.start()].count(chr(10)) + 1}"
        for name, text in MODULES.items()
        if ROOT / name != HERE
        for match in re.finditer(pattern, text)
    ]
    assert found == [], what


def test_the_day_comes_from_the_practice_clock():
    direct = re.compile(r"\btimezone\.(?:now\(|localdate\(\))|\bdate\.today\(|\bdatetime\.now\(")
    found = [
        name
        for name, text in MODULES.items()
        if name.startswith(("orgchart/", "appraisals/")) and direct.search(text)
    ]
    assert [name for name in found if name != "orgchart/clock.py"] == []


def test_no_module_is_named_after_nothing():
    vague = {"utils", "helpers", "common", "misc", "manager", "managers", "policies"}
    assert [name for name in MODULES if vague & set(Path(name).with_suffix("").parts)] == []


def test_locks_name_packages_and_not_where_they_come_from():
    locks = ["requirements.txt", "requirements-production.txt", "package-lock.json"]
    named = re.compile(r'"resolved"|--(?:extra-)?index-url|--find-links|--trusted-host|\s@\s\w+://')
    assert [name for name in locks if named.search((ROOT / name).read_text())] == []
