"""Reads resources with google-fhir-r4 and writes down what it refuses; a Python of its own runs it.

python google_worker.py SEEN REPORT
"""

import functools
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")  # it speaks of its own protobuf

from google.fhir.core.utils import annotation_utils, proto_utils  # type: ignore[import-not-found]  # noqa: E402 - its own Python has it; after the filter
from google.fhir.r4 import json_format  # type: ignore[import-not-found]  # noqa: E402 - likewise
from google.fhir.r4.proto.core.resources.bundle_and_contained_resource_pb2 import ContainedResource  # type: ignore[import-not-found]  # noqa: E402 - likewise

# What it asks of each element of each message again and again, remembered: a fifth of the time.
annotation_utils.field_is_required = functools.cache(annotation_utils.field_is_required)
proto_utils.field_is_repeated = functools.cache(proto_utils.field_is_repeated)


def main(seen: Path, report: Path) -> None:
    """Write one line per resource that is refused; it names the first fault alone."""
    with report.open("w", encoding="utf-8") as lines:
        for path in sorted(seen.iterdir()):
            try:
                json_format.json_fhir_string_to_proto(path.read_text("utf-8"), ContainedResource)
            except Exception as error:
                text = " ".join(str(error).split())
                lines.write(f"{path.name}\terror\t{type(error).__name__}\t\t{text}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
