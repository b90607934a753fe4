#!/usr/bin/env python
import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dpmap.settings")
    # Production is the default mode and refuses to start half configured. A command typed
    # where no database is named is typed by a developer; the Docker image sets DPMAP_PRODUCTION.
    named = {"DATABASE_URL", "DPMAP_PRODUCTION", "DPMAP_PRACTICE"}
    if not named & os.environ.keys():
        os.environ.setdefault("DPMAP_DEVELOPMENT", "1")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
