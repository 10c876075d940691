"""Generated string sets, and texts aimed at their boundaries."""

from __future__ import annotations

from hypothesis import strategies as st

from meshlint.matching import StringSet

# Few letters, so that patterns meet; with both cases, a dot, a slash and a letter of two bytes.
LETTERS = "abA./é"
texts = st.text(alphabet=LETTERS, max_size=4)
probes = st.lists(st.text(alphabet=LETTERS + "zk-", max_size=7), min_size=5, max_size=15)
any_case = st.booleans()

regexes = st.sampled_from(
    [
        "a*",
        "(a|b)*",
        "a.*b",
        ".*a.*",
        "[^a]+",
        "a{2,3}",
        r"(?i)ab.*",
        r"a\b.*",
        r"[ab]/[ab]*",
        "(ab|a)(ba|a)?",
        r"\w+\.\w+",
        "",
        ".",
        r".*\.a",
    ]
)
leaves = st.one_of(
    st.builds(lambda t, c: StringSet.exact(*t, ignore_case=c), st.lists(texts, max_size=3), any_case),
    st.builds(lambda t, c: StringSet.prefix(t, ignore_case=c), texts, any_case),
    st.builds(lambda t, c: StringSet.suffix(t, ignore_case=c), texts, any_case),
    st.just(StringSet.nonempty()),
    st.builds(StringSet.wildcard, st.text(alphabet="ab*/", max_size=5)),
    st.builds(StringSet.template, st.sampled_from(["/a/*", "/*/b", "/a/**", "/**/b", "/"])),
    st.builds(StringSet.regex, regexes),
)
sets = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(StringSet.complement),
        st.tuples(inner, inner).map(lambda two: two[0] | two[1]),
        st.tuples(inner, inner).map(lambda two: two[0] & two[1]),
        st.tuples(inner, inner).map(lambda two: two[0] - two[1]),
    ),
    max_leaves=5,
)


def boundary_texts(probed: list[str], *held: StringSet) -> list[str]:
    """Put members of the sets, of their complements and of their differences beside the probed texts."""
    found = [*probed, ""]
    for one in held:
        found += [text for text in (one.example(), (~one).example()) if text is not None]
    return found + [text + more for text in found for more in ("a", "/", ".b")]
