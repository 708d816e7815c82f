"""Writes one assessment as FHIR R4 resources, as plain data; it judges nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.engine.assessment import Assessment
from service.knowledge.model import RuleBook
from service.mapping.header import ResponseHeader, Run
from service.mapping.writing.care_plan import care_plan
from service.mapping.writing.kept import Kept
from service.mapping.writing.material import RESULTS, Material, names_of_results
from service.mapping.writing.notices import notices
from service.mapping.writing.risk_assessment import risk_assessment
from service.mapping.writing.service_request import service_request
from service.mapping.writing.single_dangers import single_dangers


@dataclass(frozen=True, slots=True)
class Writing:
    """How results are written: with what was kept, and by which names, by type, they refer to each other.

    Without ``references`` they do by their urn:uuid, as entries of one Bundle.
    """

    kept: Kept | None = None
    references: Mapping[str, str] = field(default_factory=dict)


ANEW = Writing()
"""Everything is written anew, as plain data."""


def write_results(
    book: RuleBook, assessment: Assessment, header: ResponseHeader, run: Run, writing: Writing = ANEW
) -> tuple[dict[str, Any], ...]:
    """Write the entries of one response: RiskAssessment, CarePlan, ServiceRequest, OperationOutcome, in this order.

    A policy that is not live has no CarePlan; without warnings there is no OperationOutcome. Each entry has ``fullUrl``
    (urn:uuid) and ``resource``, as dicts, lists, str, int, bool and Decimal. Same arguments, same entries. With
    ``kept`` they are only for ``json_bytes.dump``: some parts are JSON already, the bytes are the same.
    """
    names = names_of_results(book, assessment, header, run.tenant, RESULTS)
    parts = writing.kept.parts(assessment.policy, run.emergency_number) if writing.kept else None
    references = writing.references or names
    dangers = single_dangers(book, assessment, parts)
    material = Material(book, assessment, header, run, dangers, names, references, parts)
    resources = [risk_assessment(material)]
    if material.policy.live:
        resources.append(care_plan(material))
    resources.append(service_request(material))
    warnings = notices(material)
    if warnings is not None:
        resources.append(warnings)
        names |= names_of_results(book, assessment, header, run.tenant, (warnings["resourceType"],))
    return tuple({"fullUrl": names[one["resourceType"]], "resource": one} for one in resources)
