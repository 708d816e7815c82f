"""Packs the definitions compiled from FSH into the service, which serves them also where fhir_profiles is not.

python3 -m tests.judges.pack_compiled
"""

import json
import sys
from pathlib import Path

from service.mapping.artefacts.compiled import FILE
from tests.judges import fsh_digest

PROFILES = Path(__file__).parents[2] / "fhir_profiles"


def main() -> int:
    """Write the file anew."""
    FILE.write_text(packed(PROFILES), encoding="utf-8")
    return 0


def packed(folder: Path) -> str:
    """Return what the file is to hold: a JSON array with one definition per line, in the order of their names."""
    contents = (json.loads((folder / name).read_text("utf-8")) for name in sorted(fsh_digest.compiled_names(folder)))
    lines = (json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in contents)
    return "[\n" + ",\n".join(lines) + "\n]\n"


if __name__ == "__main__":
    sys.exit(main())
