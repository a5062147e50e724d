r"""Any text as one that a record keeps unchanged, and back.

A record refuses a text without a visible character and one with NUL, and keeps the others in Unicode normal form C. What it
would refuse or change is escaped: the mark `\{}` in front, `\{hex}` for single characters. Words that need no escape stay
as they are, and are found by a search.

    >>> shield("as it is")
    'as it is'
    >>> shield("") == r"\{}" and unshield(r"\{}") == ""
    True
    >>> unshield(shield("cafe\N{COMBINING ACUTE ACCENT} \0")) == "cafe\N{COMBINING ACUTE ACCENT} \0"
    True
"""

import re
import unicodedata

_MARK = r"\{}"
_WORD = re.compile(r"[^ \t\r\n]+")
_ESCAPED = re.compile(r"\\\{([0-9a-f]+)\}")


def shield(text: str) -> str:
    """The text, escaped if a record would not keep it as it is."""
    if text.strip() and not text.startswith(_MARK) and is_stable(text):
        return text
    return _MARK + _WORD.sub(_escape_word, text)


def unshield(stored: str) -> str:
    """The text that was shielded."""
    if not stored.startswith(_MARK):
        return stored
    return _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), stored.removeprefix(_MARK))


def is_stable(text: str) -> bool:
    """Whether a record keeps these characters as they are."""
    if "\0" in text:
        return False
    # The store may know the normal form of characters that this Python does not know yet; surrogates have no UTF-8.
    odd = not text.isascii() and any(unicodedata.category(char) in ("Cn", "Cs") for char in set(text))
    return not odd and unicodedata.is_normalized("NFC", text)


def _escape_word(word: re.Match[str]) -> str:
    text = word[0]
    if "\\" not in text and is_stable(text):
        return text
    return "".join(char if char.isascii() and char not in "\\\0" else rf"\{{{ord(char):x}}}" for char in text)
