"""Compiles the FSH of fhir_profiles with SUSHI and keeps the result beside the other artefacts; a tool of `make fsh`.

    python3 -m tests.judges.compile_fsh

It needs Node 20 or later. SUSHI and HL7's packages come from npm, into build/; no other server is asked.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.judges import fhir_cache, fsh_digest, pack_compiled

REPOSITORY = Path(__file__).parents[2]
PROFILES = REPOSITORY / "fhir_profiles"
BUILD = REPOSITORY / "build"
SUSHI = "fsh-sushi@3.21.0"

Json = dict[str, Any]


def main() -> int:
    """Compile, replace the compiled files, and record the digests."""
    home, node, compiled = BUILD / "fhir", BUILD / "sushi", BUILD / "fsh"
    fhir_cache.build(home)
    _run("npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(node), SUSHI)
    sushi = node / "node_modules" / ".bin" / "sushi"
    _run(str(sushi), "build", str(PROFILES), "--snapshot", "--out", str(compiled), HOME=str(home))
    for name in fsh_digest.compiled_names(PROFILES):
        (PROFILES / name).unlink(missing_ok=True)
    made = [path for path in (compiled / "fsh-generated" / "resources").glob("*.json") if _is_ours(path)]
    for path in made:
        content = json.loads(path.read_text(encoding="utf-8"))
        (PROFILES / path.name).write_text(written(content), encoding="utf-8")
    fsh_digest.record(PROFILES, [path.name for path in made])
    pack_compiled.main()
    sys.stdout.write(f"{len(made)} definitions compiled from FSH\n")
    return 0


def written(resource: Json) -> str:
    """Write a definition with one element per line, and without the mappings to other standards that HL7's own have."""
    resource = {key: value for key, value in resource.items() if key != "mapping"}
    parts = [f"  {_line(key)}: {_part(value)}" for key, value in resource.items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _part(value: object) -> str:
    """Write the elements of a snapshot or differential one per line, all else on one."""
    if not isinstance(value, dict) or "element" not in value:
        return _line(value)
    elements = ({key: part for key, part in one.items() if key != "mapping"} for one in value["element"])
    return '{"element": [\n' + ",\n".join(f"    {_line(one)}" for one in elements) + "\n  ]}"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _is_ours(path: Path) -> bool:
    return path.name.startswith(fsh_digest.COMPILED)


def _run(*command: str, **variables: str) -> None:
    """Run one command; SUSHI ends with another code than 0 where it finds an error."""
    subprocess.run(command, check=True, env={**os.environ, **variables})


if __name__ == "__main__":
    sys.exit(main())
