"""Numbers and names as a sentence has them."""

from collections.abc import Sequence
from datetime import date

_NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def number_word(count: int) -> str:
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else str(count)


def capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def counted(count: int, one: str, many: str = "") -> str:
    """counted(1, "day") is "1 day", counted(2, "day") is "2 days"."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def joined(parts: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def date_words(day: date) -> str:
    """ "31 March 2027", whatever the server's locale."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
