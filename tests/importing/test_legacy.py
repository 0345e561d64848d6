"""Letters of the old fonts: by the font of a cell first, by all letters of its column second, never by one word."""

import pytest

from khuyencong.importing.reading.book import SheetData
from khuyencong.importing.reading.fonts import FontEncoding, font_encoding
from khuyencong.importing.reading.legacy import SheetLetters, texts_encoding
from tests.importing.corpus import TCVN3, VNI, WORDS, nfd, to_tcvn3, to_vni

LETTERS = list(TCVN3)


def column(texts, fonts=None):
    """The texts of one column as they are shown after decoding."""
    rows = [[text] for text in texts]
    sheet = SheetData("S", rows, {(row, 0): font for row, font in (fonts or {}).items()})
    letters = SheetLetters(sheet, 0, len(rows))
    return [letters.row(row, number)[0][0] for number, row in enumerate(rows)]


def test_a_word_for_every_letter():
    assert len(WORDS) == len(LETTERS) == len(VNI) == 67
    assert [letter for letter, word in zip(LETTERS, WORDS, strict=True) if letter not in word] == []


@pytest.mark.parametrize(("letter", "word"), list(zip(LETTERS, WORDS, strict=True)))
class TestEveryLetter:
    """134 letters: small and capital, each in a word, by the font alone."""

    def test_small(self, letter, word):
        assert column([to_tcvn3(word)], {0: ".VnTime"}) == [word]
        assert column([to_vni(word)], {0: "VNI-Times"}) == [word]

    def test_capital(self, letter, word):
        assert column([to_tcvn3(word)], {0: ".VnTimeH"}) == [word.upper()]
        assert column([to_vni(word.upper())], {0: "VNI-Helve"}) == [word.upper()]


class TestByColumn:
    @pytest.mark.parametrize("encode", [to_tcvn3, to_vni])
    def test_all_words_together(self, encode):
        assert column([encode(word) for word in WORDS]) == WORDS

    def test_capitals_of_vni(self):
        capitals = [word.upper() for word in WORDS]
        assert column([to_vni(word) for word in capitals]) == capitals

    @pytest.mark.parametrize("encode", [to_tcvn3, to_vni])
    def test_one_word_alone_is_left_as_it_is(self, encode):
        assert column([encode("Hòa")]) == [encode("Hòa")]
        assert column([encode("Hòa")] * 5) == [encode("Hòa")] * 5

    def test_unicode_in_latin_letters_alone(self):
        for texts in (["Hòa Bình", "Cà Mau", "xã Hòa An"], ["Café", "Nestlé Bình Dân"], [nfd("Hòa Bình"), "Hòa"]):
            assert column(texts) == texts

    def test_a_column_with_unicode_is_unicode(self):
        texts = ["Bạc Liêu", "Hòa Bình", "Cà Mau"]
        assert column(texts) == texts

    def test_texts_that_are_no_text(self):
        assert texts_encoding([None, 5, "ASCII", True]) == "unicode"


def test_a_short_column_goes_with_the_others_of_its_sheet():
    words = [[to_tcvn3(word), to_tcvn3("Hòa")] for word in WORDS]
    letters = SheetLetters(SheetData("S", words), 0, len(words))
    assert letters.cell(words[0][1], 0, 1)[0] == "Hòa"
    mixed = [*words, ["x", "Bạc Liêu"]]
    letters = SheetLetters(SheetData("S", mixed), 0, len(mixed))
    assert letters.cell(words[0][1], 0, 1)[0] == words[0][1]


class TestByFont:
    @pytest.mark.parametrize(
        ("font", "found"),
        [
            (".VnTime", FontEncoding("tcvn3")),
            (".vntime", FontEncoding("tcvn3")),
            (".VnTimeH", FontEncoding("tcvn3", True)),
            (".VnArial NarrowH", FontEncoding("tcvn3", True)),
            ("VNI-Times", FontEncoding("vni")),
            ("VNI-Helve-Condense", FontEncoding("vni")),
            ("Times New Roman", None),
            ("VnTime", None),
            ("", None),
        ],
    )
    def test_names(self, font, found):
        assert font_encoding(font) == found

    def test_the_font_goes_before_the_column(self):
        texts = [to_tcvn3("Bạc Liêu"), to_vni("Bạc Liêu"), "Hòa"]
        assert column(texts, {0: ".VnTime", 1: "VNI-Times", 2: "Arial"}) == ["Bạc Liêu", "Bạc Liêu", "Hòa"]

    def test_unicode_text_in_an_old_font_stays(self):
        assert column(["Bạc Liêu"], {0: ".VnTime"}) == ["Bạc Liêu"]

    def test_it_is_said(self):
        sheet = SheetData("S", [["x", to_tcvn3("Bạc Liêu")]], {(0, 1): ".VnTime"})
        cells, notes = SheetLetters(sheet, 0, 1).row(sheet.rows[0], 0)
        assert (cells, notes) == (["x", "Bạc Liêu"], ["Cột B: chữ TCVN3 (phông .Vn…) đã đổi sang Unicode."])
