from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.matching import StringIndex, StringSet, TooComplex, known, template_problem
from meshlint.matching.deciding import member
from meshlint.matching.forms import Meet, Not
from meshlint.matching.istio_strings import istio_namespace, istio_service_account
from meshlint.matching.specimens import specimens

from .string_sets import boundary_texts, leaves, probes, sets


@settings(max_examples=150)
@given(sets, sets, probes)
def test_operations_agree_with_membership(left: StringSet, right: StringSet, probed: list[str]) -> None:
    either, both, only, outside = left | right, left & right, left - right, ~left
    for text in boundary_texts(probed, left, right):
        mine, theirs = left.admits(text), right.admits(text)
        assert either.admits(text) is (mine or theirs)
        assert both.admits(text) is (mine and theirs)
        assert only.admits(text) is (mine and not theirs)
        assert outside.admits(text) is not mine


@settings(max_examples=150)
@given(sets, sets, probes)
def test_questions_agree_with_membership(left: StringSet, right: StringSet, probed: list[str]) -> None:
    subset, overlap = left.is_subset(right), left.overlaps(right)
    for text in boundary_texts(probed, left, right):
        mine, theirs = left.admits(text), right.admits(text)
        assert not (subset and mine and not theirs)
        assert overlap or not (mine and theirs)
    left_over, common = (left - right).example(), (left & right).example()
    assert (left_over is None) is subset
    assert left_over is None or (left.admits(left_over) and not right.admits(left_over))
    assert (common is None) is not overlap
    assert common is None or (left.admits(common) and right.admits(common))


@settings(max_examples=150)
@given(leaves, leaves)
def test_plain_decisions_agree_with_the_automaton(left: StringSet, right: StringSet) -> None:
    beyond = member(Meet(frozenset((left.form, Not(right.form)))))
    assert left.is_subset(right) is (beyond is None)
    common = member(Meet(frozenset((left.form, right.form))))
    assert left.overlaps(right) is (common is not None)


@settings(max_examples=100)
@given(sets)
def test_the_example_is_a_member(held: StringSet) -> None:
    example = held.example()
    assert (example is None) is held.is_empty()
    assert example is None or held.admits(example)


@settings(max_examples=150)
@given(sets)
def test_texts_that_are_plain_to_see_are_members(held: StringSet) -> None:
    assert all(map(held.admits, specimens(held.form)))


@pytest.mark.parametrize(
    ("held", "found"),
    [
        (istio_namespace("web"), ("ns/web/",)),
        (istio_service_account("web", "shop"), ("a/ns/shop/sa/web",)),
        (StringSet.exact("b", "a"), ("a", "b")),
        (StringSet.regex("[b-d]{2}(x|y)+"), ("bbx",)),
        (StringSet.regex(r"\bx"), ()),
        (~StringSet.exact("a"), ()),
    ],
)
def test_some_texts_are_plain_to_see(held: StringSet, found: tuple[str, ...]) -> None:
    assert specimens(held.form) == found


def test_a_text_of_two_namespaces_is_found_without_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StringSet, "_search", lambda _: pytest.fail("it was searched"))
    one, other = istio_namespace("web"), istio_namespace("shop")
    assert one.overlaps(other)
    assert not one.is_subset(other)


@settings(max_examples=80)
@given(sets, sets, sets)
def test_the_laws_of_sets_hold(one: StringSet, two: StringSet, three: StringSet) -> None:
    assert (~(one | two)).equals(~one & ~two)
    assert (~(one & two)).equals(~one | ~two)
    assert (one & (two | three)).equals((one & two) | (one & three))
    assert (one | (two & three)).equals((one | two) & (one | three))
    assert (~~one).equals(one)
    assert (one - two).equals(one & ~two)
    assert (one & ~one).is_empty()
    assert (one | ~one).is_anything()


@settings(max_examples=100)
@given(sets, sets, sets)
def test_order_does_not_matter(one: StringSet, two: StringSet, three: StringSet) -> None:
    forwards, backwards = StringSet.union_of([one, two, three]), StringSet.union_of([three, two, one])
    assert forwards.equals(backwards)
    inwards, outwards = (
        StringSet.intersection_of([one, two, three]),
        StringSet.intersection_of([three, one, two]),
    )
    assert inwards.equals(outwards)


@settings(max_examples=100)
@given(st.lists(sets, max_size=8), sets)
def test_the_index_agrees_with_a_scan(many: list[StringSet], asked: StringSet) -> None:
    index = StringIndex((held, place) for place, held in enumerate(many))
    assert index.covering(asked) == tuple(n for n, held in enumerate(many) if asked.is_subset(held))
    assert index.overlapping(asked) == tuple(n for n, held in enumerate(many) if asked.overlaps(held))


def test_the_index_leaves_open_what_is_not_known() -> None:
    unknown = StringSet.regex(r"/a/\p{Greek}")
    index = StringIndex(
        [(unknown, "unknown"), (StringSet.prefix("/b"), "other"), (StringSet.prefix("/a"), "known")]
    )
    assert index.covering(StringSet.exact("/a/b")) == ("known",)
    assert index.overlapping(StringSet.exact("/a/b")) == ("unknown", "known")


def test_plain_unions_are_written_once() -> None:
    union = StringSet.exact("a") | StringSet.prefix("/b") | StringSet.exact("/bc")
    assert union == StringSet.prefix("/b") | StringSet.exact("a", "/bd")
    assert StringSet.exact("") | StringSet.nonempty() == StringSet.anything()
    assert ~StringSet.nonempty() == StringSet.exact("")
    assert StringSet.prefix("a") & StringSet.prefix("ab") == StringSet.prefix("ab")
    assert (StringSet.prefix("a") & StringSet.prefix("b")) == StringSet.nothing()


def test_case_is_ignored_for_ascii_letters_only() -> None:
    held = StringSet.exact("Straße.K", ignore_case=True)
    assert held.admits("STRAßE.k")
    assert not held.admits("STRASSE.k")
    assert not held.admits("straße.\u212a")
    assert StringSet.exact("GET").is_subset(StringSet.exact("get", ignore_case=True))
    assert not StringSet.exact("get", ignore_case=True).is_subset(StringSet.exact("get"))
    assert StringSet.exact("ab", ignore_case=True).is_subset(StringSet.exact("ab", "AB", "Ab", "aB"))


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (StringSet.exact("GET", "PUT"), '"GET" or "PUT"'),
        (StringSet.prefix("/api/"), 'prefix "/api/"'),
        (StringSet.suffix(".com", ignore_case=True), 'suffix ".com" (in any case)'),
        (StringSet.nothing(), "nothing"),
        (StringSet.anything(), "anything"),
        (StringSet.nonempty(), "anything non-empty"),
        (~StringSet.exact("a", "b"), 'all but ("a" or "b")'),
        (StringSet.prefix("/") - StringSet.exact("/x"), 'prefix "/" but not "/x"'),
        (StringSet.prefix("/") & StringSet.suffix(".js"), 'prefix "/" and suffix ".js"'),
        (StringSet.regex("[a-z]{9}"), 'regular expression "[a-z]{9}"'),
        (StringSet.template("/a/*"), 'path template "/a/*"'),
    ],
)
def test_sets_are_described(held: StringSet, words: str) -> None:
    assert held.describe() == words


@pytest.mark.parametrize(
    ("held", "example"),
    [
        (StringSet.exact("PUT", "GET"), "GET"),
        (StringSet.suffix(".example.com"), "a.example.com"),
        (StringSet.prefix("/a") & StringSet.suffix(".js"), "/a.js"),
        (StringSet.prefix("/api/") - StringSet.exact("/api/"), "/api/a"),
        (StringSet.regex("[^a]{2}"), "bb"),
        (StringSet.nothing(), None),
    ],
)
def test_examples_are_short_and_plain(held: StringSet, example: str | None) -> None:
    assert held.example() == example


@pytest.mark.parametrize(
    ("template", "path", "admitted"),
    [
        ("/foo/*", "/foo/a", True),
        ("/foo/*", "/foo/a%2Fb", True),
        ("/foo/*", "/foo", False),
        ("/foo/*", "/foo/", False),
        ("/foo/*", "/foo/a/b", False),
        ("/foo/**", "/foo/", True),
        ("/foo/**", "/foo/a/b", True),
        ("/foo/**", "/foo", False),
        ("/foo/*/bar", "/foo//bar", False),
        ("/foo/*/bar", "/foo/a/bar/", False),
        ("/**/bar", "/a/b/bar", True),
        ("/foo/*", "/foo/a*b", True),
        ("/foo/*", "/foo/a[b", False),
        ("/foo/*.js", "/foo/x.js", True),
        ("/foo/*.js", "/foo/.js", False),
        ("/foo/**.js", "/foo/a/b.js", True),
        ("/**/", "/a/", True),
        ("/**/", "/", False),
        ("/a*", "/aaa", True),
        ("/a*", "/a*", False),
        ("/q/***", "/q/a", False),
        ("/q/a.b", "/q/axb", False),
    ],
)
def test_templates_take_whole_segments(template: str, path: str, admitted: bool) -> None:
    assert StringSet.template(template).admits(path) is admitted


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("", "start with `/`"),
        ("a/b", "start with `/`"),
        ("//", "empty segment"),
        ("/a//b", "empty segment"),
        ("/**/*", "after `**`"),
        ("/**/a/**", "after `**`"),
        ("/*.js/a", "goes on after"),
        ("/a^b", "`^`"),
        ("/{*}", "`{`"),
        ("/a b", "` `"),
        ("/" + "a" * 256, "longer"),
    ],
)
def test_malformed_templates_are_told(template: str, words: str) -> None:
    assert words in (template_problem(template) or "")
    assert StringSet.template(template) == StringSet.nothing()


@pytest.mark.parametrize("template", ["/", "/a/", "/*/", "/*/**/a", "/a*b", "/***", "/a%20b", "/a=b"])
def test_sound_templates_are_told(template: str) -> None:
    assert template_problem(template) is None


def test_a_question_beyond_the_budget_is_not_known() -> None:
    twisted = StringSet.regex("(a|b)*a(a|b){18}")
    assert twisted.admits("a" * 19)
    assert not twisted.admits("b" * 40)
    with pytest.raises(TooComplex):
        StringSet.regex("(a|b)*").is_subset(twisted | StringSet.regex("(a|b)*b(a|b){18}|(a|b){0,18}"))
    assert known(StringSet.regex(r"\p{Greek}+").is_empty) is None
    assert known(StringSet.regex("x{1000}y{1000}(abc){1000}").example) is None
    assert known(twisted.is_empty) is False


def test_a_thousand_routes_are_told_apart() -> None:
    earlier = StringSet.union_of(StringSet.prefix(f"/service-{number}/") for number in range(1000))
    assert StringSet.exact("/service-77/users").is_subset(earlier)
    assert StringSet.regex("/service-77/users/[0-9]+").is_subset(earlier)
    assert not StringSet.regex("/service-[0-9]+/users/[0-9]+").is_subset(earlier)
