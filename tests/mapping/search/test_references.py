"""What the text of a reference points to, without a version, and of which type it says that is."""

import pytest

from service.mapping.search.references import Target, local, read_reference

# fmt: off
READ = [
    # written                                    target                                             comment
    ("Patient/7",                                Target("Patient/7", "Patient"),                    "one of ours"),
    ("Patient/7/_history/2",                     Target("Patient/7", "Patient"),                    "whatever version"),
    ("http://a/fhir/Patient/7",                  Target("http://a/fhir/Patient/7", "Patient"),      "elsewhere"),
    ("https://a/fhir/Patient/7/_history/2",      Target("https://a/fhir/Patient/7", "Patient"),     "with a version"),
    (f"Patient/{'a' * 64}",                      Target(f"Patient/{'a' * 64}", "Patient"),          "the longest id"),
    (f"Patient/{'a' * 65}",                      Target(f"Patient/{'a' * 65}", ""),                 "that is no id"),
    ("urn:uuid:7",                               Target("urn:uuid:7", ""),                          "says no type"),
    ("http://a/b",                               Target("http://a/b", ""),                          "nor does this"),
    ("patient/7",                                Target("patient/7", ""),                           "no type is small"),
    ("x Patient/7",                              Target("x Patient/7", ""),                         "something before"),
    ("",                                         None,                                              "nothing"),
    ("#p",                                       None,                                              "contained"),
    ("#",                                        None,                                              "the whole"),
]
# fmt: on


@pytest.mark.parametrize(("written", "target", "comment"), READ)
def test_a_reference_is_read(written: str, target: Target | None, comment: str) -> None:
    assert read_reference(written) == target, comment


def test_an_address_below_our_own_is_a_type_and_an_id() -> None:
    assert local("http://here/fhir/Patient/7", "http://here/fhir") == "Patient/7"
    for other in ("http://there/fhir/Patient/7", "http://here/fhirs/Patient/7", "Patient/7"):
        assert local(other, "http://here/fhir") == other
