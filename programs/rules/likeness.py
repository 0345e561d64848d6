"""What two papers or two establishments have in common once spelling no longer counts.

Set similarity: two names are near-equal when they share at least three quarters of all their words. So a word more or
less is forgiven from three words on (3/4), and a word exchanged, as between two persons of one family, only from seven
words on (6/8); spelling, order and legal form do not count. Words with digits must all agree: “số 2” is not “số 3”.
"""

import re

from khuyencong.vietnamese.codes import normalize_phone
from khuyencong.vietnamese.text import fold

KEY_LENGTH = 100
SHORTEST_PHONE = 9
SHORTEST_CITIZEN_ID = 9
# What people write where a number is asked for and there is none.
NO_NUMBER = frozenset({"KHONG", "KHONGCO", "CHUACO", "KHONGRO", "CHUARO", "NA", "NONE", "KXD"})
# Words that say what kind of establishment it is, not which; longest first, so that a phrase goes as a whole.
LEGAL_FORMS = (
    "trach nhiem huu han",
    "doanh nghiep tu nhan",
    "mot thanh vien",
    "ho kinh doanh",
    "lien hiep",
    "hop tac xa",
    "to hop tac",
    "doanh nghiep",
    "cong ty",
    "co phan",
    "san xuat",
    "che bien",
    "kinh doanh",
    "thuong mai",
    "dich vu",
    "co so",
    "xuong",
    "tnhh",
    "dntn",
    "hkd",
    "htx",
    "tht",
    "mtv",
    "ct",
    "cp",
    "cs",
    "dv",
    "sx",
    "tm",
)
PLACE_WORDS = (
    "thanh pho",
    "thi tran",
    "thi xa",
    "bac lieu",
    "nha so",
    "so nha",
    "ca mau",
    "phuong",
    "duong",
    "huyen",
    "khom",
    "tinh",
    "ap",
    "so",
    "tp",
    "tt",
    "tx",
    "xa",
)
_LEGAL_FORM = re.compile(rf"\b(?:{'|'.join(LEGAL_FORMS)})\b")
_PLACE_WORD = re.compile(rf"\b(?:{'|'.join(PLACE_WORDS)})\b")
# A number that belongs to the name of a road or hamlet: "ấp 5", "đường 3/2".
_NAMED_BY_NUMBER = re.compile(r"\b(ap|khom|khu pho|khu|to|duong|quoc lo|ql|tinh lo|hem|lo|km)\.? ?([0-9][0-9a-z/]*)")
_HOUSE = re.compile(r"(?:so nha|nha so|so|sn)?[ .:]*([0-9][0-9a-z/]*)")
_WORD = re.compile(r"[^\W_]+")
_ADDRESS_WORD = re.compile(r"[^\W_]+(?:/[^\W_]+)*")
_DIGIT = re.compile(r"[0-9]")

Words = frozenset[str]


def number_key(number: str) -> str:
    """A serial or invoice number for comparing: letters and digits only, upper case, no accents."""
    return "".join(sign for sign in fold(number).upper() if sign.isalnum())[:KEY_LENGTH]


def is_number(key: str) -> bool:
    """Whether a key names something: not empty, not zeros only, not a word for “none”."""
    return key.strip("0") != "" and key not in NO_NUMBER


def phone_key(phone: str) -> str:
    """The digits of a telephone number from 0, or "" for what is too short to be one."""
    return _digits(normalize_phone(phone), SHORTEST_PHONE)


def citizen_key(citizen_id: str) -> str:
    """The digits of a person's number, or "" for what is too short to be one."""
    return _digits(citizen_id, SHORTEST_CITIZEN_ID)


def name_words(name: str) -> Words:
    """The words of a name that tell it from others, without accents."""
    return frozenset(_WORD.findall(_LEGAL_FORM.sub(" ", fold(name))))


def house_number(address: str) -> str:
    """The number with which an address begins, or "": a hamlet alone is shared by hundreds and says nothing."""
    found = _HOUSE.match(fold(address))
    return found[1] if found else ""


def address_words(address: str) -> Words:
    """The words of an address that has a house number and a road or hamlet; empty for any other."""
    number = house_number(address)
    joined = _NAMED_BY_NUMBER.sub(lambda named: named[1].replace(" ", "") + named[2], fold(address))
    words = frozenset(_ADDRESS_WORD.findall(_PLACE_WORD.sub(" ", joined)))
    return words if number and len(words) > 1 else frozenset()


def near_equal(one: Words, other: Words) -> bool:
    """Whether the two share three quarters of their words, those with digits without exception."""
    if not one or not other or _numbers(one) != _numbers(other):
        return False
    return 4 * len(one & other) >= 3 * len(one | other)


def telling_words(words: Words) -> list[str]:
    """Words of which every near-equal set has at least one: what a database can look for first.

    A near-equal set lacks at most a quarter of the words (|a ∩ b| ≥ ¾ |a ∪ b| ≥ ¾ |a|), so a quarter and one more are
    enough; the longest are the rarest. A word with digits is never lacking.
    """
    numbers = _numbers(words)
    ranked = sorted(numbers or words, key=lambda word: (-len(word), word))
    return ranked[:1] if numbers else ranked[: len(words) // 4 + 1] if words else []


def _numbers(words: Words) -> Words:
    return frozenset(word for word in words if _DIGIT.search(word))


def _digits(text: str, shortest: int) -> str:
    digits = "".join(_DIGIT.findall(text))
    return digits if len(digits) >= shortest and digits.strip("0") else ""
