"""Unicode classes that a pattern may name by `\\p{...}`: general categories, and names of scripts."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from meshlint.matching import intervals

if TYPE_CHECKING:
    from meshlint.matching.intervals import Intervals

_GROUPS = {
    "C": ("Cc", "Cf", "Co", "Cs"),
    "L": ("Ll", "Lm", "Lo", "Lt", "Lu"),
    "M": ("Mc", "Me", "Mn"),
    "N": ("Nd", "Nl", "No"),
    "P": ("Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps"),
    "S": ("Sc", "Sk", "Sm", "So"),
    "Z": ("Zl", "Zp", "Zs"),
}

# Scripts are accepted by name; which characters belong to them is not known here.
_SCRIPT_NAMES = """
    Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak Bengali
    Bhaiksuki Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian
    Chakma Cham Cherokee Chorasmian Common Coptic Cuneiform Cypriot Cypro_Minoan Cyrillic Deseret
    Devanagari Dives_Akuru Dogra Duployan Egyptian_Hieroglyphs Elbasan Elymaic Ethiopic Georgian
    Glagolitic Gothic Grantha Greek Gujarati Gunjala_Gondi Gurmukhi Han Hangul Hanifi_Rohingya
    Hanunoo Hatran Hebrew Hiragana Imperial_Aramaic Inherited Inscriptional_Pahlavi
    Inscriptional_Parthian Javanese Kaithi Kannada Katakana Kawi Kayah_Li Kharoshthi
    Khitan_Small_Script Khmer Khojki Khudawadi Lao Latin Lepcha Limbu Linear_A Linear_B Lisu Lycian
    Lydian Mahajani Makasar Malayalam Mandaic Manichaean Marchen Masaram_Gondi Medefaidrin
    Meetei_Mayek Mende_Kikakui Meroitic_Cursive Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani
    Myanmar Nabataean Nag_Mundari Nandinagari New_Tai_Lue Newa Nko Nushu Nyiakeng_Puachue_Hmong
    Ogham Ol_Chiki Old_Hungarian Old_Italic Old_North_Arabian Old_Permic Old_Persian Old_Sogdian
    Old_South_Arabian Old_Turkic Old_Uyghur Oriya Osage Osmanya Pahawh_Hmong Palmyrene Pau_Cin_Hau
    Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic Samaritan Saurashtra Sharada Shavian Siddham
    SignWriting Sinhala Sogdian Sora_Sompeng Soyombo Sundanese Syloti_Nagri Syriac Tagalog Tagbanwa
    Tai_Le Tai_Tham Tai_Viet Takri Tamil Tangsa Tangut Telugu Thaana Thai Tibetan Tifinagh Tirhuta
    Toto Ugaritic Vai Vithkuqi Wancho Warang_Citi Yezidi Yi Zanabazar_Square
"""
SCRIPTS = frozenset(_SCRIPT_NAMES.split())


def category(name: str) -> Intervals | None:
    """Return the characters of a general category (`Lu`) or a group of them (`L`); None for another name."""
    members = _GROUPS.get(name) or ((name,) if any(name in group for group in _GROUPS.values()) else None)
    if members is None:
        return None
    return intervals.normalise(pair for member in members for pair in _categories()[member])


@cache
def _categories() -> dict[str, list[tuple[int, int]]]:
    """Collect runs of equal category over all of Unicode, in one pass of some tenths of a second."""
    found: dict[str, list[tuple[int, int]]] = {name: [] for group in _GROUPS.values() for name in group}
    start, current = 0, unicodedata.category(chr(0))
    for code in range(1, 0x110000):
        kind = unicodedata.category(chr(code))
        if kind != current:
            found.setdefault(current, []).append((start, code - 1))
            start, current = code, kind
    found.setdefault(current, []).append((start, 0x10FFFF))
    return found
