"""Parse every template: a tag that does not exist or is not closed is found before a reader does."""

import sys

import django
from django.template import TemplateSyntaxError, engines

from scripts.assets import BASE_DIR


def main() -> None:
    django.setup()
    engine = engines["django"]
    folder = BASE_DIR / "templates"
    problems = []
    for file in sorted(path for path in folder.rglob("*") if path.suffix in {".html", ".txt"}):
        name = str(file.relative_to(folder))
        try:
            engine.get_template(name)
        except TemplateSyntaxError as error:
            problems.append(f"{name}: {error}")
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
