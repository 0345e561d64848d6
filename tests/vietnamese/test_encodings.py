"""The tables below are written out on their own, letter by letter, and not taken from the code under test."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khuyencong.vietnamese.encodings import from_tcvn3, from_vni, guess_encoding, syllable_share

# Unicode letters, then bytes of TCVN3 in hexadecimal, then VNI.
TABLE = """
ăâêôơưđ A8 A9 AA AB AC AD AE aê aâ eâ oâ ô ö ñ
àảãáạ B5 B6 B7 B8 B9 aø aû aõ aù aï
ằẳẵắặ BB BC BD BE C6 aè aú aü aé aë
ầẩẫấậ C7 C8 C9 CA CB aà aå aã aá aä
èẻẽéẹ CC CE CF D0 D1 eø eû eõ eù eï
ềểễếệ D2 D3 D4 D5 D6 eà eå eã eá eä
ìỉĩíị D7 D8 DC DD DE ì æ ó í ò
òỏõóọ DF E1 E2 E3 E4 oø oû oõ où oï
ồổỗốộ E5 E6 E7 E8 E9 oà oå oã oá oä
ờởỡớợ EA EB EC ED EE ôø ôû ôõ ôù ôï
ùủũúụ EF F1 F2 F3 F4 uø uû uõ uù uï
ừửữứự F5 F6 F7 F8 F9 öø öû öõ öù öï
ỳỷỹýỵ FA FB FC FD FE yø yû yõ yù î
"""
TCVN3, VNI = {}, {}
for line in TABLE.split("\n"):
    letters, *codes = line.split() or [""]
    for index, letter in enumerate(letters):
        TCVN3[letter] = bytes.fromhex(codes[index]).decode("latin-1")
        VNI[letter] = codes[len(letters) + index]
SENTENCES = [
    "Trung tâm Khuyến công tỉnh Bạc Liêu",
    "Sở Công Thương",
    "Đông Hải, Giá Rai, Hồng Dân, Phước Long, Vĩnh Lợi",
    "Hỗ trợ ứng dụng máy móc thiết bị tiên tiến trong chế biến thủy sản",
    "Nghề dệt chiếu Ngan Dừa",
    "Cộng tác viên khuyến công huyện",
]


def to_tcvn3(text):
    return "".join(TCVN3.get(letter, letter) for letter in text)


def to_vni(text):
    capitals = {letter.upper(): code.upper() for letter, code in VNI.items()}
    return "".join((VNI | capitals).get(letter, letter) for letter in text)


def test_the_table_has_every_marked_letter():
    assert len(TCVN3) == len(VNI) == len(set(TCVN3.values())) == len(set(VNI.values())) == 67


@pytest.mark.parametrize("letter", TCVN3)
def test_every_letter_from_tcvn3_in_both_cases(letter):
    assert from_tcvn3(TCVN3[letter]) == letter
    assert from_tcvn3(TCVN3[letter], upper_font=True) == letter.upper()


def test_capitals_that_tcvn3_does_have():
    assert from_tcvn3(bytes(range(0xA1, 0xA8)).decode("latin-1")) == "ĂÂÊÔƠƯĐ"


@pytest.mark.parametrize("letter", VNI)
def test_every_letter_from_vni_in_both_cases(letter):
    assert from_vni(VNI[letter]) == letter
    assert from_vni(VNI[letter].upper()) == letter.upper()
    assert from_vni(VNI[letter][0].upper() + VNI[letter][1:]) == letter.upper()


def test_examples():
    assert from_tcvn3("B¹c Liªu") == from_vni("Baïc Lieâu") == "Bạc Liêu"
    assert from_tcvn3("trung t©m khuyÕn c«ng", upper_font=True) == "TRUNG TÂM KHUYẾN CÔNG"
    assert from_vni("TRUNG TAÂM KHUYEÁN COÂNG") == "TRUNG TÂM KHUYẾN CÔNG"


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3).map(", ".join))
def test_sentences_are_recognised_and_come_back(text):
    vni = to_vni(text)
    assert guess_encoding(vni) == "vni"
    assert from_vni(vni) == from_vni(unicodedata.normalize("NFD", vni)) == text
    assert guess_encoding(to_vni(text.upper())) == "vni"
    assert from_vni(to_vni(text.upper())) == text.upper()
    tcvn3 = to_tcvn3(text.lower())
    assert guess_encoding(tcvn3) == "tcvn3"
    assert from_tcvn3(tcvn3) == text.lower()
    assert guess_encoding(text) == guess_encoding(unicodedata.normalize("NFD", text)) == "unicode"


@pytest.mark.parametrize(
    "text",
    ["B¹c Liªu", "§«ng H¶i", "Ph\u00adíc Long", "TRUNG T¢M", "«n tËp", "UBND tØnh B¹c Liªu", "M¸y Ðp mÝa 5 m³"],
)
def test_tcvn3_is_recognised(text):
    assert guess_encoding(text) == "tcvn3"


@pytest.mark.parametrize("text", ["Baïc Lieâu", "Ñoâng Haûi", "Giaù Rai", "Hoàng Daân", "COÂNG", "UBND tænh"])
def test_vni_is_recognised(text):
    assert guess_encoding(text) == "vni"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Plain ASCII 123",
        "Hòa Bình",
        "Cà Mau",
        "xã",
        "THÔN",
        "Bạc Liêu",
        "Thép ø10",
        "Café Bình Minh",
        "Nestlé",
        "Müller & Söhne",
        "São Paulo",
        "20 m² × 3 m³",
        "25°C ± 2",
        "5 µm",
        "© 2020 ABC®",
        "«Xuân»",
        "½",
    ],
)
def test_right_unicode_is_left_alone(text):
    assert guess_encoding(text) == "unicode"


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=60))
def test_ascii_is_always_unicode_and_never_changes(text):
    assert guess_encoding(text) == "unicode"
    assert from_tcvn3(text) == from_vni(text) == text


def test_the_share_of_syllables():
    assert syllable_share("Bạc Liêu") == syllable_share("abc 123") == 1.0
    assert syllable_share("B¹c Liªu Hòa") < 0.9
