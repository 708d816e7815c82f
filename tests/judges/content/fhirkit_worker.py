"""Reads resources with fhirkit-rs and writes down its errors; a Python of its own runs it.

python fhirkit_worker.py SEEN REPORT
"""

import sys
from pathlib import Path

import fhirkit  # type: ignore[import-not-found]  # the judge's own Python has it


def main(seen: Path, report: Path) -> None:
    """Write one line per error."""
    with report.open("w", encoding="utf-8") as lines:
        for path in sorted(seen.iterdir()):
            for issue in fhirkit.validate(path.read_bytes()):
                if issue.severity == "error":
                    lines.write(f"{path.name}\terror\tstructure\t{issue.path}\t{' '.join(issue.message.split())}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
