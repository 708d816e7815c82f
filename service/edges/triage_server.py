"""Speaks to a running triage server with requests: waits until it is ready and posts a body; reads no FHIR."""

import time
from dataclasses import dataclass

import requests

FHIR_JSON = "application/fhir+json"
SECONDS_PER_REQUEST = 30


class NoAnswerError(Exception):
    """Say that the server could not be reached in time."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The server's answer: its HTTP status and its body as sent."""

    status: int
    body: bytes


def wait_until_ready(url: str, seconds: float) -> None:
    """Wait until ``/readyz`` answers 200; raise NoAnswerError after ``seconds``."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if requests.get(f"{url}/readyz", timeout=SECONDS_PER_REQUEST).ok:
                return
        except requests.ConnectionError:
            pass
        if time.monotonic() >= deadline:
            raise NoAnswerError(f"no server is ready at {url} after {seconds:g} seconds")
        time.sleep(0.1)


def post_triage(url: str, body: bytes) -> Reply:
    """Post a body to ``$triage`` and return the reply, whatever its status; raise NoAnswerError where none came."""
    try:
        reply = requests.post(
            f"{url}/fhir/QuestionnaireResponse/$triage",
            data=body,
            headers={"Content-Type": FHIR_JSON, "Accept": FHIR_JSON},
            timeout=SECONDS_PER_REQUEST,
        )
    except requests.RequestException as error:
        raise NoAnswerError(f"no answer from {url}: {type(error).__name__}") from error
    return Reply(reply.status_code, reply.content)
