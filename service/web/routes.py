"""The table of everything that is served: routing, CapabilityStatement, OpenAPI and error texts are made from it."""

from collections.abc import Iterable

from service.mapping.search.parameters import PACKAGE_TYPES, STORED_TYPES
from service.web.route import FHIR, Method, Route
from service.web.views.documents import metadata, openapi
from service.web.views.exchanges import exchange, process_message
from service.web.views.histories import history
from service.web.views.operations import (
    apply,
    expand,
    extract,
    extract_stored,
    populate,
    validate,
    validate_code,
)
from service.web.views.reads import read_package, read_stored, read_version
from service.web.views.searches import search
from service.web.views.states import live, ready
from service.web.views.triage import triage, triage_stored
from service.web.views.writes import create, update

METADATA, OPENAPI = "metadata", "openapi"
RESPONSE = "QuestionnaireResponse"
RESPONSES = f"{FHIR}/{RESPONSE}"
ONE = "<id:identity>"
METHODS: tuple[Method, ...] = ("GET", "POST")
WRITES = (408, 413, 415, 422, 501)

ALWAYS = (
    Route("POST", f"{RESPONSES}/$triage", "triage", triage, RESPONSE, operation="triage", statuses=WRITES),
    Route("GET", f"{FHIR}/metadata", METADATA, metadata, statuses=(304, 400, 406)),
    Route("GET", "/openapi.json", OPENAPI, openapi, statuses=(304,)),
    Route("GET", "/livez", "livez", live),
    Route("GET", "/readyz", "readyz", ready, statuses=(503,)),
)

WHERE_STORED = (
    Route("POST", RESPONSES, "create", create, RESPONSE, "create", statuses=(201, 409, 412, *WRITES)),
    Route(
        "PUT", f"{RESPONSES}/{ONE}", "update", update, RESPONSE, "update", statuses=(201, 404, 405, 409, 412, *WRITES)
    ),
    Route(
        "GET",
        f"{RESPONSES}/{ONE}/$triage",
        "triage stored",
        triage_stored,
        RESPONSE,
        operation="triage",
        statuses=(404, 422),
    ),
    Route(
        "POST",
        f"{RESPONSES}/{ONE}/$triage",
        "triage stored with parameters",
        triage_stored,
        RESPONSE,
        operation="triage",
        statuses=(404, *WRITES),
    ),
)


VALIDATED = "http://hl7.org/fhir/OperationDefinition/Resource-validate"
EXPANDED = "http://hl7.org/fhir/OperationDefinition/ValueSet-expand"
CODE_VALIDATED = "http://hl7.org/fhir/OperationDefinition/ValueSet-validate-code"
APPLIED = "http://hl7.org/fhir/OperationDefinition/PlanDefinition-apply"
MESSAGE = "http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message"
SDC = "http://hl7.org/fhir/uv/sdc/OperationDefinition"
EXTRACTED, POPULATED = f"{SDC}/QuestionnaireResponse-extract", f"{SDC}/Questionnaire-populate"
CODE_QUERY = ("url", "valueSetVersion", "code", "system", "display")
EXPAND_QUERY = ("url", "valueSetVersion", "filter", "offset", "count")

OPERATIONS = (
    Route("POST", f"{RESPONSES}/$validate", "validate", validate, RESPONSE, "", "validate", VALIDATED, WRITES,
          "OperationOutcome", (), (RESPONSE, "Parameters")),
    Route("POST", f"{RESPONSES}/$extract", "extract", extract, RESPONSE, "", "extract", EXTRACTED, WRITES,
          "Bundle", (), (RESPONSE, "Parameters")),
    *(
        Route("POST", f"{FHIR}/Questionnaire{one}/$populate", f"populate{one}", populate, "Questionnaire", "",
              "populate", POPULATED, (404, *WRITES), "Parameters", (), ("Parameters",))
        for one in ("", f"/{ONE}")
    ),
    *(
        Route(method, f"{FHIR}/PlanDefinition/{ONE}/$apply", f"apply by {method}", apply, "PlanDefinition", "", "apply",
              APPLIED, (404, *WRITES), "CarePlan", ("subject",), ("Parameters",) if method == "POST" else ())
        for method in METHODS
    ),
)  # fmt: skip

TERMINOLOGY = tuple(
    Route(method, f"{FHIR}/ValueSet{one}/${name}", f"{name}{one} by {method}", view, "ValueSet", "", name, definition,
          (404, *WRITES), answers, query, ("Parameters",) if method == "POST" else ())
    for name, view, definition, answers, query in (
        ("expand", expand, EXPANDED, "ValueSet", EXPAND_QUERY),
        ("validate-code", validate_code, CODE_VALIDATED, "Parameters", CODE_QUERY),
    )
    for one in ("", f"/{ONE}")
    for method in METHODS
)  # fmt: skip

OPERATIONS_WHERE_STORED = (
    Route("GET", f"{RESPONSES}/{ONE}/$extract", "extract stored", extract_stored, RESPONSE, "", "extract", EXTRACTED,
          (404, 422), "Bundle"),
)  # fmt: skip

EXCHANGES = (
    Route("POST", FHIR, "exchange", exchange, interaction="batch", statuses=(200, 400, 406, 409, 412, *WRITES),
          answers="Bundle", bodies=("Bundle",)),
    Route("POST", f"{FHIR}/$process-message", "process message", process_message, operation="process-message",
          definition=MESSAGE, statuses=WRITES, answers="Bundle", bodies=("Bundle", "Parameters")),
)  # fmt: skip


def route_table(*, stores: bool, operates: bool = False) -> tuple[Route, ...]:
    """Return everything that is served, in a fixed order.

    ``stores`` says whether responses and results are stored, ``operates`` whether there are operations beside $triage.
    """
    package = tuple(row for kind in PACKAGE_TYPES for row in _package(kind))
    stored = tuple(row for kind in STORED_TYPES for row in _stored(kind))
    operations = OPERATIONS + (OPERATIONS_WHERE_STORED if stores else ()) if operates else ()
    return ALWAYS + TERMINOLOGY + operations + package + (WHERE_STORED + stored + EXCHANGES if stores else ())


def resource_types(routes: Iterable[Route]) -> tuple[str, ...]:
    """Return the resource types that are offered, each once, in alphabetical order."""
    return tuple(sorted({route.resource_type for route in routes if route.resource_type}))


def _package(kind: str) -> tuple[Route, ...]:
    return (Route("GET", f"{FHIR}/{kind}/{ONE}", f"read {kind}", read_package, kind, "read"), *_searches(kind))


def _stored(kind: str) -> tuple[Route, ...]:
    versions = f"{FHIR}/{kind}/{ONE}/_history"
    return (
        Route("GET", f"{FHIR}/{kind}/{ONE}", f"read {kind}", read_stored, kind, "read"),
        Route("GET", f"{versions}/<id:version>", f"vread {kind}", read_version, kind, "vread"),
        Route("GET", versions, f"history of one {kind}", history, kind, "history-instance"),
        Route("GET", f"{FHIR}/{kind}/_history", f"history of every {kind}", history, kind, "history-type"),
        *_searches(kind),
    )


def _searches(kind: str) -> tuple[Route, ...]:
    by_form = (408, 413, 415, 501)
    return (
        Route("GET", f"{FHIR}/{kind}", f"search {kind}", search, kind, "search-type"),
        Route(
            "POST",
            f"{FHIR}/{kind}/_search",
            f"search {kind} by form",
            search,
            kind,
            "search-type",
            statuses=by_form,
        ),
    )
