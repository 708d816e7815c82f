"""Writes the clinical safety file as one page of HTML that needs nothing beside it; same file, same bytes."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.knowledge.model import RuleBook
from service.knowledge.safety import SafetyFile, controls_of

PART_TITLES = {
    "answers": "What was answered",
    "record": "What the record says",
    "rules": "What the rules make of it",
    "plan": "What the plan suggests",
    "result": "What the result says",
    "service": "What runs the rules",
}


def safety_page(book: RuleBook, file: SafetyFile) -> str:
    """Write the page: intended use, what guidance asks for, how risks are rated, then the hazards by part."""
    surroundings = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return surroundings.get_template("safety_page.html").render(
        sentence=book.intended_use,
        use=file.intended_use,
        scheme=file.scheme,
        parts=[(title, [one for one in file.hazards if one.part == part]) for part, title in PART_TITLES.items()],
        hazards=len(file.hazards),
        controls=len(list(controls_of(file))),
    )
