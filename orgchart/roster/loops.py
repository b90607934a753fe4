from collections.abc import Mapping

SHOWN = 6


def in_loops(above: Mapping[str, str]) -> dict[str, list[str]]:
    """Whoever stands above themselves, with the loop from them on, cut off after SHOWN and one more."""
    done: set[str] = set()
    found: dict[str, list[str]] = {}
    for start in above:
        walk: dict[str, int] = {}
        here = start
        while here and here not in done and here not in walk:
            walk[here] = len(walk)
            here = above.get(here, "")
        if here in walk:
            members = list(walk)[walk[here] :]
            ring = members + members[:SHOWN]
            for place, member in enumerate(members):
                found[member] = ring[place : place + min(len(members), SHOWN + 1)]
        done.update(walk)
    return found


def in_words(loop: list[str]) -> str:
    if len(loop) == 1:
        return "This is the row's own key: nothing can be above itself."
    shown = [*loop[:SHOWN], "..."] if len(loop) > SHOWN else [*loop, loop[0]]
    return f"These are each above the other, in a loop: {' -> '.join(shown)}."
