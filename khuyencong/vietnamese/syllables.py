"""Whether a run of letters is a Vietnamese syllable: the evidence by which a legacy encoding is recognised."""

from khuyencong.vietnamese.text import nfc, split_tone

_WRITTEN_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_ONSETS = frozenset(_WRITTEN_ONSETS.split()) | {""}
# Each vowel nucleus with the endings that it takes ("-" is none).
_RIMES_BY_NUCLEUS = {
    "a": "- c ch i m n ng nh o p t u y",
    "ă": "c m n ng p t",
    "â": "c m n ng p t u y",
    "e": "- c m n ng o p t",
    "ê": "- c ch m n ng nh p t u",
    "i": "- a c ch m n nh p t u",
    "iê": "c m n ng p t u",
    "yê": "m n ng t u",
    "o": "- c i m n ng p t",
    "oa": "- c ch i m n ng nh o p t y",
    "oă": "c m n ng t",
    "oe": "- n o t",
    "oo": "c ng",
    "ô": "- c i m n ng p t",
    "ơ": "- i m n p t",
    "u": "- a c i m n ng p t",
    "uâ": "n ng t y",
    "uê": "- ch n nh",
    "uô": "c i m n ng t",
    "uơ": "-",
    "uy": "- a ch n nh p t u",
    "uyê": "n t",
    "ư": "- a c i m n ng t u",
    "ươ": "c i m n ng p t u",
    "y": "- a ch n nh p t u",
}
# A rime and the number of letters, from its start, that may carry the tone ("hòa", "hoà", but never "maù").
_RIMES = {
    nucleus + ending.strip("-"): len(nucleus)
    for nucleus, endings in _RIMES_BY_NUCLEUS.items()
    for ending in endings.split()
}
_STOPS = ("c", "ch", "p", "t")
_STOP_TONES = ("\u0301", "\u0323")  # sắc, nặng
_LONGEST_ONSET = 3


def is_syllable(word: str) -> bool:
    """Whether `word` can be one written Vietnamese syllable, in its letters, their order and its tone."""
    pairs = [split_tone(letter) for letter in nfc(word).lower()]
    bare = "".join(letter for letter, _ in pairs)
    toned = [index for index, (_, tone) in enumerate(pairs) if tone]
    if len(toned) > 1 or (toned and bare.endswith(_STOPS) and pairs[toned[0]][1] not in _STOP_TONES):
        return False
    return any(_fits(bare, cut, toned) for cut in range(min(_LONGEST_ONSET, len(bare)) + 1))


def _fits(bare: str, cut: int, toned: list[int]) -> bool:
    nucleus = _RIMES.get(bare[cut:])
    return bare[:cut] in _ONSETS and nucleus is not None and all(cut <= index < cut + nucleus for index in toned)
