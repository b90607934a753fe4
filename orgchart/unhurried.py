"""Work without looks for garbage in between.

A form, or a roster, is some hundred thousand small objects, all in use until it is done. While they
are made, Python keeps walking over them, and over everything else in the process, and finds nothing to free.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_at_work = 0
_was_on = False


@contextmanager
def garbage_later() -> Iterator[None]:
    """Collection rests until the last of the threads that asked is done; then it is as it was."""
    global _at_work, _was_on
    with _lock:
        if not _at_work:
            _was_on = gc.isenabled()
            gc.disable()
        _at_work += 1
    try:
        yield
    finally:
        with _lock:
            _at_work -= 1
            if not _at_work and _was_on:
                gc.enable()
