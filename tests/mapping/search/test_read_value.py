"""What a value asks for, by the kind of its parameter; what it cannot ask is refused with what is allowed."""

import pytest

from service.errors import Issue, Refused
from service.mapping.search.parameters import parameter
from service.mapping.search.query import Criterion, Wanted
from service.mapping.search.read_value import modifiers, read_criterion

HERE = "http://here/fhir"
DAY = ("2026-02-28T00:00:00.000000Z", "2026-02-28T23:59:59.999999Z")


def criterion_of(name: str, value: str, base: str = HERE) -> Criterion:
    bare, _, modifier = name.partition(":")
    row = parameter("QuestionnaireResponse", bare)
    assert row is not None
    return read_criterion(row, modifier, value, base)


def texts(*values: str) -> tuple[Wanted, ...]:
    return tuple(Wanted("", value) for value in values)


# fmt: off
ASKED: list[tuple[str, str, tuple[Wanted, ...], str]] = [
    # parameter       value                       alternatives                                     comment
    ("identifier",    "A",                        (Wanted(None, "A"),),                            "any system"),
    ("identifier",    "s|A",                      (Wanted("s", "A"),),                             "one of a system"),
    ("identifier",    "|A",                       (Wanted("", "A"),),                              "of no system"),
    ("identifier",    "s|",                       (Wanted("s", None),),                            "any of a system"),
    ("identifier",    "s|A|B",                    (Wanted("s", "A|B"),),
                                                                                              "the first bar counts"),
    ("identifier",    "s\\|t|A",                  (Wanted("s|t", "A"),),                           "a bar in a system"),
    ("identifier",    "s|A\\|B",                  (Wanted("s", "A|B"),),                           "a bar in a code"),
    ("identifier",    "A\\|B",                    (Wanted(None, "A|B"),),                          "a bar, no system"),
    ("identifier",    "A,s|B",                    (Wanted(None, "A"), Wanted("s", "B")),           "two"),
    ("identifier",    ",A,,B,",                   (Wanted(None, "A"), Wanted(None, "B")),          "nothing between"),
    ("identifier",    "A\\,B",                    (Wanted(None, "A,B"),),                          "a comma in a code"),
    ("identifier",    "A\\\\,B",                  (Wanted(None, "A\\"), Wanted(None, "B")),
                                                                                              "a backslash, a comma"),
    ("identifier",    "A\\$B",                    (Wanted(None, "A$B"),),                          "R4 escapes $, too"),
    ("identifier",    "A\\",                      (Wanted(None, "A\\"),),                          "escapes nothing"),
    ("identifier",    "s|A\\",                    (Wanted("s", "A\\"),),                           "nor in a code"),
    ("identifier",    "A\nB\\\n,s\n|C\nD",        (Wanted(None, "A\nB\n"), Wanted("s\n", "C\nD")), "lines"),
    ("questionnaire", "urn:a\\,b|1,urn:c",        (Wanted(None, "urn:a,b|1"), Wanted(None, "urn:c")), "canonicals"),
    ("authored",      "2026-02-28",               (Wanted(None, None, "eq", *DAY),),               "a day"),
    ("authored",      "sa2026-02-28,ne2026-02-28", (Wanted(None, None, "sa", *DAY), Wanted(None, None, "ne", *DAY)),
                                                                                                   "with prefixes"),
    ("patient",       "7",                        texts("Patient/7", f"{HERE}/Patient/7"),
                                                                                              "an id: one of ours"),
    ("patient",       "a" * 64,                   texts(f"Patient/{'a' * 64}", f"{HERE}/Patient/{'a' * 64}"),
                                                                                                   "the longest id"),
    ("subject",       "7",                        texts("Patient/7", f"{HERE}/Patient/7", "Group/7", f"{HERE}/Group/7"),
                                                                                              "of any of its types"),
    ("subject:Group", "7",                        texts("Group/7", f"{HERE}/Group/7"),             "of one of them"),
    ("subject",       "Group/7",                  texts("Group/7", f"{HERE}/Group/7"),             "type and id"),
    ("subject",       "Group/7/_history/1",       texts("Group/7", f"{HERE}/Group/7"),             "of any version"),
    ("subject",       f"{HERE}/Group/7",          texts("Group/7", f"{HERE}/Group/7"),             "our own address"),
    ("subject:Group", "http://there/Group/7",     texts("http://there/Group/7"),                   "elsewhere"),
    ("subject",       "http://there/Kind/7",      texts("http://there/Kind/7"),                    "not ours to judge"),
    ("subject",       "urn:uuid:7",               texts("urn:uuid:7"),                             "a URN"),
    ("subject",       "urn:a\\,b,http://there/8", texts("urn:a,b", "http://there/8"),              "two"),
]
# fmt: on


@pytest.mark.parametrize(("name", "value", "expected", "comment"), ASKED)
def test_a_value_asks_for_its_alternatives(name: str, value: str, expected: tuple[Wanted, ...], comment: str) -> None:
    assert criterion_of(name, value) == Criterion(name.partition(":")[0], expected), comment


def test_without_an_address_of_our_own_a_reference_is_one_text() -> None:
    assert criterion_of("patient", "7", "").alternatives == texts("Patient/7")
    assert criterion_of("patient", "Patient/7", "").alternatives == texts("Patient/7")
    assert criterion_of("patient", "http://there/Patient/7", "").alternatives == texts("http://there/Patient/7")
    with pytest.raises(Refused):
        criterion_of("patient", "/Patient/7", "")


def test_the_address_of_what_comes_with_the_software_is_a_text() -> None:
    row = parameter("ValueSet", "url")
    assert row is not None
    assert read_criterion(row, "", "Patient/7,urn:a\\,b", HERE) == Criterion(
        "url", (Wanted(None, "Patient/7"), Wanted(None, "urn:a,b"))
    )


def test_modifiers_change_what_is_asked_for() -> None:
    assert criterion_of("status:not", "a,b") == Criterion(
        "status", (Wanted(None, "a"), Wanted(None, "b")), negated=True
    )
    assert criterion_of("subject:identifier", "s|1") == Criterion("subject:identifier", (Wanted("s", "1"),))
    assert criterion_of("authored:missing", "true") == Criterion("authored", missing=True)
    assert criterion_of("authored:missing", "false") == Criterion("authored", missing=False)


# fmt: off
MODIFIERS = [
    # parameter       its modifiers
    ("status",        ("missing", "not")),
    ("subject",       ("missing", "identifier", "Patient", "Group")),
    ("patient",       ("missing", "identifier", "Patient")),
    ("questionnaire", ("missing",)),
    ("authored",      ("missing",)),
]
# fmt: on


@pytest.mark.parametrize(("name", "expected"), MODIFIERS)
def test_a_parameter_takes_the_modifiers_of_its_kind(name: str, expected: tuple[str, ...]) -> None:
    row = parameter("QuestionnaireResponse", name)
    assert row is not None
    assert modifiers(row) == expected


DATE = "a date, after eq, ne, gt, lt, ge, le, sa, eb or nothing"
REFERENCE = "an id, Type/id or a URL, of the type that the modifier names"
ANY = "a value, or several between commas"
# fmt: off
NO_VALUES = [
    # parameter            value                    allowed          comment
    ("identifier",         ",",                     ANY,             "nothing, twice"),
    ("status:not",         ",,",                    ANY,             "not nothing is not everything"),
    ("status:missing",     "yes",                   "true, false",   "neither true nor false"),
    ("status:missing",     "True",                  "true, false",   "case counts"),
    ("authored",           "yesterday",             DATE,            "no date"),
    ("authored",           "2026-02-30",            DATE,            "no day of the calendar"),
    ("authored",           "ap2026",                DATE,            "about is not offered"),
    ("authored",           "gt",                    DATE,            "a prefix alone"),
    ("authored",           "2026,x",                DATE,            "one of two"),
    ("patient",            "Smith John",            REFERENCE,       "a name"),
    ("patient",            "a" * 65,                REFERENCE,       "too long for an id"),
    ("patient",            "Kind/7",                REFERENCE,       "no type of R4"),
    ("patient",            "#7",                    REFERENCE,       "a contained resource"),
    ("subject:Patient",    "Group/7",               REFERENCE,       "type and modifier differ"),
    ("subject:Patient",    "http://there/Group/7",  REFERENCE,       "elsewhere, too"),
    ("subject:Patient",    "urn:uuid:7",            REFERENCE,       "a URN says no type"),
]
# fmt: on


@pytest.mark.parametrize(("name", "value", "allowed", "comment"), NO_VALUES)
def test_a_value_that_its_parameter_does_not_take_is_refused(name: str, value: str, allowed: str, comment: str) -> None:
    bare = name.partition(":")[0]
    says = f"The search parameter {bare} has a value that it does not take; allowed: {allowed}."
    with pytest.raises(Refused) as refusal:
        criterion_of(name, value)
    assert (refusal.value.status, refusal.value.issues) == (400, (Issue("error", "value", says),)), comment


def test_a_modifier_that_is_not_offered_is_refused() -> None:
    says = "The search parameter status has a modifier that is not offered; allowed: :missing, :not."
    with pytest.raises(Refused) as refusal:
        criterion_of("status:text", "completed")
    assert (refusal.value.status, refusal.value.issues) == (400, (Issue("error", "not-supported", says),))
