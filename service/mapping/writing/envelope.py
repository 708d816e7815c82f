"""The parts that all results share: names, profile, labels, patient, encounter, author; no clinical content."""

from typing import Any

from service.mapping.writing import canonicals
from service.mapping.writing.material import Material


def named(material: Material, resource_type: str, profile: str) -> dict[str, Any]:
    """Begin a resource: its type, meta and identifier. It has no id, because it is not stored."""
    return {
        "resourceType": resource_type,
        "meta": {"profile": [profile], **labels(material)},
        "identifier": [{"system": canonicals.URI_IDENTIFIER, "value": material.urns[resource_type]}],
    }


def labels(material: Material) -> dict[str, Any]:
    """Label a replay, a result under a policy that is not live, and one by unproven rules, as test data."""
    if not material.is_test_data:
        return {}
    return {"security": [{"system": canonicals.ACT_REASON, "code": "HTEST", "display": "test health data"}]}


def whose(material: Material) -> dict[str, Any]:
    """Name the patient and the encounter as the response does; a patient that it does not name is unknown."""
    absent = {"extension": [{"url": canonicals.DATA_ABSENT_REASON, "valueCode": "unknown"}]}
    subject = material.header.subject
    told: dict[str, Any] = {"subject": absent if subject is None else dict(subject)}
    if material.header.encounter is not None:
        told["encounter"] = dict(material.header.encounter)
    return told


def software(material: Material) -> dict[str, Any]:
    """Refer to this software as a Device, with its version in words."""
    return {
        "type": "Device",
        "identifier": {"system": canonicals.SOFTWARE_IDENTIFIER, "value": canonicals.SOFTWARE},
        "display": f"{canonicals.SOFTWARE} {material.run.software_version}",
    }


def written_at(material: Material, element: str) -> dict[str, str]:
    """Date a result by the moment its answers were written; without one it has no date."""
    return {element: material.header.authored} if material.header.authored else {}
