"""Responses to be stored, each with an identifier of its own: a second one alike would be a resend."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

from tests.bench.bodies import mix
from tests.bench.load import request
from tests.bench.moment import authored_now

PATH = "/fhir/QuestionnaireResponse"
PLACE = b"the-number-of-this-response"


@dataclass(frozen=True, slots=True)
class Storable:
    """Kinds of responses, and a name that no other run has given; a body of a number is always the same one."""

    kinds: tuple[bytes, ...]
    run: str

    def body(self, number: int) -> bytes:
        """Make the response of a number."""
        return self.kinds[number % len(self.kinds)].replace(PLACE, self._name(number))

    def requests(self) -> Iterator[bytes]:
        """Make one request to store after another, without an end; none of them alike."""
        kinds = [request(PATH, kind.replace(PLACE, self._name(0))) for kind in self.kinds]
        number = 0
        while True:
            yield kinds[number % len(kinds)].replace(self._name(0), self._name(number))
            number += 1

    def _name(self, number: int) -> bytes:
        return f"{self.run}-{number:09d}".encode()


def storable() -> Storable:
    """Take the responses of the mix that come alone, as forms and as EHRs send them."""
    contents = [json.loads(body) for body in authored_now(mix(of_each=60))]
    alone = [one for one in contents if one["resourceType"] == "QuestionnaireResponse"]
    for one in alone:
        one["identifier"] = {"system": "urn:ehr:answers", "value": PLACE.decode()}
    kinds = tuple(json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode() for one in alone)
    return Storable(kinds, uuid4().hex)
