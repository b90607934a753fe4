"""Pure functions about names and search words."""

import re
import unicodedata

# Letters that Unicode does not take apart into a base letter and an accent.
_WHOLE = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
        "ħ": "h",
    }
)
_NOT_WORD = re.compile(r"[\W_]+")
_MARK = "Mn"


def fold(text: str) -> str:
    """Lower case, no accents, words of letters and digits only: "Núñez-O'Brien" is "nunez o brien"."""
    bare = text.lower() if text.isascii() else _without_accents(text)
    return _NOT_WORD.sub(" ", bare).strip()


def _without_accents(text: str) -> str:
    # Taken apart before and after: a trade mark sign hides capitals, a capital may hide an accent.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(letter for letter in apart if unicodedata.category(letter) != _MARK)
    return bare.translate(_WHOLE)


def search_text(*, names: tuple[str, ...], dod_id: str, email: str) -> str:
    """Names are kept apart and run together, so that "O'Brien" is found as obrien and as o brien."""
    words = fold(" ".join((*names, dod_id, email))).split()
    words += [run for name in names if (run := fold(name).replace(" ", "")) not in words]
    return " ".join(word for word in words if word)


def prefix_query(asked: str) -> str:
    """Every word begins a word of what is searched, in any order; for a raw tsquery. Empty when no words."""
    return " & ".join(f"{word}:*" for word in fold(asked).split())
