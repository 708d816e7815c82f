"""Lets HAPI's clinical reasoning apply our PlanDefinition, for the bench; Java and Maven do the work.

There is no HTTP around it: what is timed is one application in one thread, from the JSON of a response without a record
to the JSON of the CarePlan. So the comparison flatters HAPI by the server that it would need.
"""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from service.mapping.artefacts.activity_definitions import activity_definitions
from service.mapping.writing.json_bytes import dump
from tests.bench.servers import BUILD
from tests.bench.told import Ask, told
from tests.judges import apply_judge
from tests.judges.conditions import PLAN
from tests.judges.maven import classpath
from tests.mapping.responses import BOOK

JUDGE = apply_judge.HERE
RATE = JUDGE.parents[1] / "bench" / "apply" / "Rate.java"


def missing_part() -> str:
    """Say why HAPI cannot run here; empty where it can be tried."""
    absent = [name for name in ("java", "javac", "mvn") if shutil.which(name) is None]
    return f"there is no {', no '.join(absent)} here" if absent else ""


@contextmanager
def applying(responses: Sequence[bytes]) -> Iterator[Ask]:
    """Compile every condition, which takes minutes; then apply the plan to the responses in turn.

    Raises PartMissingError where Maven Central does not give what pom.xml names.
    """
    parts = classpath(JUDGE / "pom.xml")
    known, asked, classes = BUILD / "known", BUILD / "responses.ndjson", BUILD / "classes"
    known.mkdir(parents=True, exist_ok=True)
    for number, resource in enumerate([PLAN, *activity_definitions(BOOK)]):
        (known / f"{number}.json").write_bytes(dump(resource))
    asked.write_bytes(b"".join(one + b"\n" for one in responses))
    sources = [str(JUDGE / "Apply.java"), str(RATE)]
    subprocess.run(["javac", "-cp", parts, "-d", str(classes), *sources], check=True, capture_output=True)
    with told(["java", "-cp", f"{classes}:{parts}", "Rate", str(known), str(asked)]) as ask:
        yield ask
