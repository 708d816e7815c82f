"""A request chooses how sources are weighed only where the server lets it, even where all is signed off."""

from dataclasses import replace

import pytest

from service.settings import Settings
from tests.mapping.responses import filled
from tests.usecases.test_triage import SIGNED, parameters, refused

SIGNED_OFF = replace(Settings(), **SIGNED)


@pytest.mark.parametrize("named", ["reconciled", "source:GM", "source:CC", "source:SP"])
def test_a_request_may_not_choose_another_policy_than_the_servers(named: str) -> None:
    refusal = refused(parameters(filled(), policy=named), SIGNED_OFF)
    assert refusal.status == 422
    assert "does not let a request name another policy" in refusal.issues[0].text
