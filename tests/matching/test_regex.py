from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.matching import StringSet, TooComplex, re2_problem, rust_regex_problem

LETTERS = "abB_-1. "
atoms = st.one_of(
    st.sampled_from(
        [
            "a",
            "b",
            "B",
            "1",
            "-",
            r"\.",
            ".",
            r"\d",
            r"\w",
            r"\s",
            r"\W",
            "[ab]",
            "[^a]",
            "[a-b_-]",
            r"[\d.]",
            r"[^\w]",
        ]
    ),
    st.sampled_from(
        [r"\b", r"\B", "^", "$", "(?:)", "[b-]", r"\x61", r"\-", "[]a]", r"[\]-a]", "(?i:b)", "(?P<n>a)"]
    ),
)
patterns = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "*?", "{2}", "{1,}", "{0,2}", "{1,3}?"])).map(
            lambda two: f"(?:{two[0]}){two[1]}"
        ),
        inner.map(lambda one: f"(?i:{one})"),
        inner.map(lambda one: f"(?s:{one})"),
    ),
    max_leaves=6,
).filter(lambda pattern: pattern.count("?P<n>") <= 1)
texts = st.text(alphabet=LETTERS, max_size=6)


def _reference(pattern: str) -> re.Pattern[str]:
    # Python's `$` also stands before a last line feed, and its `\B` does not hold in an empty text.
    return re.compile(pattern.replace("$", r"\Z").replace(r"\B", r"(?!\b)"), re.ASCII)


@settings(max_examples=400)
@given(patterns, st.lists(texts, min_size=4, max_size=12))
def test_membership_agrees_with_python(pattern: str, probed: list[str]) -> None:
    assert re2_problem(pattern) is None
    held, reference = StringSet.regex(pattern), _reference(pattern)
    for text in [*probed, "", "a", "ab", "1"]:
        assert held.admits(text) is (reference.fullmatch(text) is not None)


@settings(max_examples=150)
@given(patterns)
def test_the_search_finds_what_python_matches(pattern: str) -> None:
    held, reference = StringSet.regex(pattern), _reference(pattern)
    member, outsider = held.example(), (~held).example()
    assert (member is None) is held.is_empty()
    # Where case is ignored, few letters beyond ASCII count otherwise in Python than in RE2.
    assert member is None or not member.isascii() or reference.fullmatch(member)
    assert outsider is None or not (outsider.isascii() and reference.fullmatch(outsider))


@settings(max_examples=150)
@given(st.text(alphabet="ab()[]{}|*+?\\^$.-:<>=!P1,pdQE&~#xi ", max_size=12))
def test_any_text_is_read_without_a_crash(pattern: str) -> None:
    for problem in (re2_problem(pattern), rust_regex_problem(pattern)):
        assert problem is None or problem
    if re2_problem(pattern) is not None:
        assert StringSet.regex(pattern).is_empty()


REFUSED = [
    ("a(?=b)", "look-ahead"),
    ("(?!a)b", "look-ahead"),
    ("(?<=a)b", "look-behind"),
    ("(?<!a)b", "look-behind"),
    (r"(a)\1", "back-reference"),
    ("(?P<n>a)(?P=n)", "back-reference"),
    ("a++", "possessive"),
    ("a*+", "possessive"),
    ("(?>a)", "atomic"),
    ("a**", "repetition of a repetition"),
    ("a{2}{3}", "repetition of a repetition"),
    ("*a", "nothing for `*`"),
    ("a|*", "nothing for `*`"),
    ("(+)", "nothing for `+`"),
    ("(a", "without its `)`"),
    ("a)", "without its `(`"),
    ("[a", "without its `]`"),
    ("[]", "without its `]`"),
    ("[b-a]", "wrong way round"),
    ("a{3,2}", "wrong way round"),
    ("a{1001}", "1001 times"),
    ("a{99999999999}", "beyond any limit"),
    ("(a{100}){100}", "nested counts"),
    ("a\\", "lone backslash"),
    (r"\Z", r"`\Z`"),
    (r"\y", r"`\y`"),
    (r"[\b]", r"`\b`"),
    (r"\xg0", "hexadecimal"),
    (r"\x{100}", "more than a byte"),
    (r"\p{Elvish}", "Unicode class `Elvish`"),
    ("[[:elf:]]", "`[:elf:]`"),
    ("(?P<a>x)(?P<a>y)", "two groups"),
    ("(?P<a-b>x)", "no name"),
    ("(?x)a b", "no known kind of group"),
    ("(?#note)", "comment"),
]


@pytest.mark.parametrize(("pattern", "words"), REFUSED)
def test_re2_refuses(pattern: str, words: str) -> None:
    assert words in (re2_problem(pattern) or "")


SOUND = [
    "", "a||b", "()", "(?:)", "a{", "a{,5}", "a{1", "x{1000}", "a{0}", "[a-]", "[-a]", "[]a]", "[^]a]", "}",
    r"\Qa.b\E+", r"\Qa*", r"\x{ff}", r"\101", r"\0", r"\pL", r"\p{Greek}", r"\P{^Lu}", r"[\pN_]",
    "[[:^alpha:]]", "(?i)abc", "(?i-s:abc)", "(?ims)a", "(?U)a+", "(?<n>a)", r"\A\z", r"\a\f\t\n\r\v", "^*",
    "a+?", r"\/", r"\-", "]",
]  # fmt: skip


@pytest.mark.parametrize("pattern", SOUND)
def test_re2_accepts(pattern: str) -> None:
    assert re2_problem(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "text", "admitted"),
    [
        (r"\Qa.b\E+", "a.bb", True),
        (r"\Qa.b\E+", "axb", False),
        (r"\101{2}", "AA", True),
        ("a{,2}", "a{,2}", True),
        ("(?i)straße", "STRAßE", True),
        ("(?i)k", "\u212a", False),
        ("é", "é", True),
        (".", "é", False),
        ("..", "é", True),
        ("[^a]{2}", "É", True),
        ("(?i)é", "É", False),
        ("[é]", "é", False),
        (r"\xc3\xa9", "é", True),
        (r"\pL+", "añ", False),
        (r"\p{Lu}", "a", False),
        (r"\P{Lu}", "a", True),
        (r"[[:^digit:]]", "5", False),
        ("(?i)a(?-i)b", "Ab", True),
        ("(?i)a(?-i)b", "AB", False),
        ("((?i)a)b", "AB", False),
        ("a|b$|^c", "c", True),
        ("x^y", "xy", False),
        (r"foo\b.*", "foo/bar", True),
        (r"foo\b.*", "foobar", False),
        ("(a{2}){2}", "aaaa", True),
        ("(a{2}){2}", "aaa", False),
        ("a.{4}c", "a\U0001f600c", True),
    ],
)
def test_the_fine_print_of_matching(pattern: str, text: str, admitted: bool) -> None:
    assert StringSet.regex(pattern).admits(text) is admitted


def test_plain_expressions_become_plain_sets() -> None:
    assert StringSet.regex("/api/.*") == StringSet.prefix("/api/")
    assert StringSet.regex(r"^.*\.js$") == StringSet.suffix(".js")
    assert StringSet.regex("GET|P(OS|U)T") == StringSet.exact("GET", "POST", "PUT")
    assert StringSet.regex("/a/.*|/b") == StringSet.prefix("/a/") | StringSet.exact("/b")
    assert StringSet.regex(".*") == StringSet.anything()
    assert StringSet.regex(".+") == StringSet.nonempty()


def test_counts_nested_deep_or_written_large_stay_bounded() -> None:
    assert StringSet.regex("(" * 400 + "a" + ")" * 400).admits("a")
    assert re2_problem("(" * 2000 + ")" * 2000) is not None
    assert re2_problem("(a" * 500 + ")" * 500) is None
    assert not StringSet.regex("(a*)*b").admits("a" * 5000)
    with pytest.raises(TooComplex):
        StringSet.rust_regex("(((a?){1000}){1000}){1000}").admits("a")


RUST_REFUSED = [
    "a(?=b)", r"(a)\1", "a{", "{", "*a", "(a", "a)", "[a", r"\Z", r"\Q", "(?<=a)", r"\101", "a{3,2}", r"\u12",
]  # fmt: skip
RUST_SOUND = [
    "a**", "a++", "a{,5}", "(?x) a b", "[a-z&&[^b]]", "[[a-b]c]", r"\u{61}", r"\u0061", r"\b{start}a",
    "a{2}{3}", "(?R)a", r"\pL", r"\p{Greek}", r"\p{scx=Greek}", "}", "]", r"\<a\>", "a{5000}",
]  # fmt: skip


@pytest.mark.parametrize("pattern", RUST_REFUSED)
def test_rust_refuses(pattern: str) -> None:
    assert rust_regex_problem(pattern)


@pytest.mark.parametrize("pattern", RUST_SOUND)
def test_rust_accepts(pattern: str) -> None:
    assert rust_regex_problem(pattern) is None


def test_expressions_over_bytes_stand_beside_plain_text() -> None:
    assert StringSet.regex("é.*") == StringSet.prefix("é")
    assert StringSet.exact("é").is_subset(StringSet.regex("[^a-z]{2}"))
    assert StringSet.prefix("é").overlaps(StringSet.regex(".{3}"))
    assert StringSet.regex("[^ -~][^ -~]").example() is not None
    lone = StringSet.regex(r"\xe9")
    assert lone.admits(lone.example() or "")
    assert not lone.admits("é")
    assert not lone.admits("\ud800")
    with pytest.raises(TooComplex):
        StringSet.regex("[a-z]{9}").is_subset(StringSet.rust_regex("[a-z]{8}.{1}"))


def test_rust_classes_span_unicode() -> None:
    assert StringSet.rust_regex(r"\d+").admits("٣")
    assert not StringSet.regex(r"\d+").admits("٣")
    assert StringSet.rust_regex(r"\w\s[[a-b]c]").admits("é c")
    with pytest.raises(TooComplex):
        StringSet.rust_regex("[a-z&&[^b]]").admits("a")
