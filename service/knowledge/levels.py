"""Which level a policy gives a rule: the highest of its statements that the policy counts; no rule writes its own."""

from collections.abc import Mapping

from service.knowledge.model import Level, Policy, Rule, Statement


def level_under(
    policy: Policy,
    rule: Rule,
    statements: Mapping[str, Statement],
    levels: Mapping[str, Level],
) -> str:
    """Name the level the rule asks for under the policy; empty where it asks for none."""
    counted = [statements[one] for one in rule.statements if one in statements]
    if policy.sources:
        counted = [one for one in counted if one.source in policy.sources]
    elif policy.rows_replace_articles and _has_row(rule.topic, statements):
        counted = [one for one in counted if one.origin != "article"]
    asked = [one.level for one in counted if one.level in levels]
    return max(asked, key=lambda level: levels[level].rank, default="")


def _has_row(topic: str, statements: Mapping[str, Statement]) -> bool:
    prefix = f"RC-{topic}."
    return any(one.startswith(prefix) for one in statements)
