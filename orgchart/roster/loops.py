from collections.abc import Mapping


def in_loops(above: Mapping[str, str]) -> dict[str, list[str]]:
    """Whoever stands above themselves, with the whole loop from them on; each is walked once."""
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
            for place, member in enumerate(members):
                found[member] = members[place:] + members[:place]
        done.update(walk)
    return found
