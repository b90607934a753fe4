"""Printing without looks for garbage in between.

A form is some hundred thousand small objects, all in use until it is printed. While they are made,
Python keeps walking over them, and over everything else in the process, and finds nothing to free.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_printing = 0
_was_on = False


@contextmanager
def garbage_later() -> Iterator[None]:
    """Collection rests until the last of the threads that print is done; then it is as it was."""
    global _printing, _was_on
    with _lock:
        if not _printing:
            _was_on = gc.isenabled()
            gc.disable()
        _printing += 1
    try:
        yield
    finally:
        with _lock:
            _printing -= 1
            if not _printing and _was_on:
                gc.enable()
