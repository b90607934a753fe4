"""Bring head counts and the directory of the search up to date now, as the worker does each minute."""

from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand

from orgchart import clock, directory, headcounts


class Command(BaseCommand):
    help = "Bring head counts and the directory of the search up to date, as after an import."

    def handle(self, *args: Any, **options: Any) -> None:
        started = perf_counter()
        headcounts.fold(on=clock.today())
        written = directory.sweep(on=clock.today())
        self.stdout.write(f"{written:,} entries written in {perf_counter() - started:.1f} s.")
