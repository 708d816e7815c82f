"""Runs `triage run` itself, on a free port, for clients from elsewhere; it is no client and judges nothing."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue
from urllib.request import urlopen

TRIAGE = (sys.executable, "-m", "service.cli")
RUN = (*TRIAGE, "run", "--port", "0")
START_SECONDS = 60


@contextmanager
def running(database: str) -> Iterator[str]:
    """Run the service on an empty database (its URL), whose tables are made first; give its FHIR base."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGE_")}
    environment["TRIAGE_DATABASE"] = database
    subprocess.run([*TRIAGE, "db", "upgrade"], env=environment, check=True, stdout=subprocess.DEVNULL)
    process = subprocess.Popen(RUN, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    log: list[str] = []
    address: Queue[str] = Queue()
    follower = threading.Thread(target=_follow, args=(process, log, address))
    follower.start()
    try:
        listens_at = address.get(timeout=START_SECONDS)
        assert listens_at, "".join(log)
        yield f"{listens_at}/fhir"
    finally:
        process.terminate()
        process.wait(START_SECONDS)
        follower.join(START_SECONDS)
        assert process.stderr is not None
        process.stderr.close()


def _follow(process: subprocess.Popen[str], log: list[str], address: "Queue[str]") -> None:
    """Read the log to its end, so that it never blocks the service; tell where it listens, or that it never will."""
    assert process.stderr is not None
    for line in process.stderr:
        log.append(line)
        if "Listening at: " in line:
            address.put(line.split("Listening at: ")[1].split(" ")[0])
    address.put("")


def offered(base: str) -> frozenset[str]:
    """Read from /metadata what the service offers: `Type.interaction`, `Type.$operation`, `system.interaction`."""
    with urlopen(f"{base}/metadata") as answer:  # noqa: S310 - our own service on loopback
        (rest,) = json.load(answer)["rest"]
    found = {f"system.{one['code']}" for one in rest.get("interaction", [])}
    for resource in rest["resource"]:
        found |= {f"{resource['type']}.{one['code']}" for one in resource.get("interaction", [])}
        found |= {f"{resource['type']}.${one['name']}" for one in resource.get("operation", [])}
        found |= {f"{resource['type']}.conditional-create"} if resource.get("conditionalCreate") else set()
    return frozenset(found)
