"""Sends a running service requests of every kind that each route takes, and keeps the answers; it judges none.

What is sent is sound, but for what must be refused; what comes back is judged elsewhere (`test_recorded_answers.py`).
"""

from collections.abc import Mapping

from service.mapping.search.parameters import PACKAGE_TYPES, STORED_TYPES, included, including
from service.mapping.xml_writer import to_xml
from service.web.negotiation import FHIR_JSON, FHIR_XML
from tests.judges.rest import bodies
from tests.judges.rest.recorder import Recorded, Recorder, plain
from tests.stored_server import Reply, Service

RESPONSES = "/fhir/QuestionnaireResponse"
SUBSETS = ("_summary=true", "_summary=text", "_summary=data", "_elements=status,identifier")
RELEASE_4B = "_format=application/fhir%2Bjson;fhirVersion=4.3"
FORMS = ("", "_format=xml", "_pretty=true", RELEASE_4B, "_format=application/xml")
PARTS = ("_count=3", "_sort=-_lastUpdated&_count=2", "_total=none&_count=2", "_pretty=true&_count=2")
REFUSED = ("nonsense=1", "_sort=no", "_count=many")
XML = {"Content-Type": FHIR_XML, "Accept": FHIR_XML}
MANY = 12
"""How many responses are stored one by one; with those of batches, transactions and messages there are 60."""


def record(service: Service) -> tuple[list[Recorded], frozenset[str]]:
    """Record the answers of every route, and name the routes; the store is empty before."""
    recorder = Recorder(service)
    recorder.learn()
    _write(recorder)
    _exchange(recorder)
    _operate(recorder)
    for kind in STORED_TYPES:
        _read_stored(recorder, kind)
    for kind in PACKAGE_TYPES:
        _read_package(recorder, kind)
    _search_deeper(recorder)
    _err(recorder)
    recorder.get("/fhir/metadata", *FORMS, *SUBSETS[:3])
    recorder.get("/livez")
    recorder.get("/readyz")
    recorder.get("/openapi.json")
    return recorder.kept, frozenset(recorder.routes)


def _write(recorder: Recorder) -> None:
    """Store responses in every way, and change some."""
    for number in range(MANY):
        created = recorder.send("POST", RESPONSES, bodies.response(number))
        again = {**created.resource, "status": "amended"}
        path = f"{RESPONSES}/{created.resource['id']}"
        match number % 4:
            case 0:
                recorder.send("PUT", path, again, If_Match='W/"1"')
                recorder.send("PUT", path, again, If_Match='W/"9"')
            case 1:
                recorder.send("POST", RESPONSES, bodies.response(number))
                recorder.send("POST", RESPONSES, bodies.response(number, authored="2026-01-31T10:00:00Z"))
            case 2:
                recorder.send("PUT", path, {**created.resource, "status": "entered-in-error"})
            case _:
                recorder.send("PUT", path, to_xml(again), **_headers(XML))
    for number, prefer in enumerate(("return=minimal", "return=OperationOutcome", "return=representation")):
        recorder.send("POST", RESPONSES, bodies.response(20 + number), Prefer=prefer)
        recorder.send("POST", RESPONSES, to_xml(plain(bodies.response(23 + number))), Prefer=prefer, **_headers(XML))
        condition = f"identifier={bodies.SYSTEM}|answers-{20 + number}"
        recorder.send("POST", RESPONSES, bodies.response(20 + number), If_None_Exist=condition)
    recorder.send("POST", RESPONSES, bodies.response(26, status="in-progress"))
    recorder.send("PUT", f"{RESPONSES}/none", bodies.response(26, id="none"))


def _exchange(recorder: Recorder) -> None:
    """Send Bundles and messages."""
    for number in range(30, 60, 6):
        recorder.post("/fhir", bodies.batch(number))
        recorder.post("/fhir", bodies.transaction(number + 2))
        recorder.post("/fhir/$process-message", bodies.message(number + 4))
        recorder.post("/fhir/$process-message", bodies.message(number + 5, questionnaire="urn:other"))
    for kind in ("collection", "message", "document", "history"):
        recorder.send("POST", "/fhir", bodies.bundle(kind))
    recorder.send("POST", "/fhir", bodies.bundle("transaction", bodies.posted(bodies.response(60, status="done"))))
    recorder.send("POST", "/fhir", bodies.bundle("batch"))


def _operate(recorder: Recorder) -> None:
    """Ask every operation, at the type and of what is stored."""
    for number in range(70, 78):
        recorder.post(f"{RESPONSES}/$triage", bodies.response(number))
        recorder.post(f"{RESPONSES}/$extract", bodies.response(number))
        recorder.post("/fhir/PlanDefinition/upper-back-pain/$apply", bodies.to_apply(number))
        recorder.send("POST", f"{RESPONSES}/$validate", {**bodies.response(number), "status": "completed"})
    recorder.post(f"{RESPONSES}/$triage", bodies.with_record(82))
    recorder.post(f"{RESPONSES}/$triage", bodies.to_triage(83))
    for wrong in ({"status": "done"}, {"questionnaire": "urn:other"}, {"item": []}, {"subject": {"display": "x"}}):
        for name in ("triage", "validate", "extract"):
            recorder.send("POST", f"{RESPONSES}/${name}", bodies.response(84, **wrong))
    for path in ("/fhir/Questionnaire", "/fhir/Questionnaire/upper-back-pain", "/fhir/Questionnaire/none"):
        recorder.post(f"{path}/$populate", bodies.to_populate())
        recorder.send("POST", f"{path}/$populate", bodies.parameters(local={"valueBoolean": True}))
    recorder.get("/fhir/PlanDefinition/upper-back-pain/$apply", *(f"subject=Patient/recorded-{n}" for n in range(9)))
    _ask_terminology(recorder)
    for entry in _entries(recorder, "QuestionnaireResponse")[:6]:
        path = f"{RESPONSES}/{entry['id']}"
        recorder.get(f"{path}/$triage", "", "_format=xml", "at=2026-11-21T12:00:00Z", "policy=none")
        recorder.get(f"{path}/$extract", "", "_format=xml")
        recorder.post(f"{path}/$triage", bodies.parameters(at={"valueDateTime": bodies.NOW}))
    recorder.get(f"{RESPONSES}/none/$triage")


def _ask_terminology(recorder: Recorder) -> None:
    for one in ("finding", "activity", "answers-answered-by", "none"):
        recorder.post("/fhir/ValueSet/$expand", bodies.to_expand(one))
        recorder.post(f"/fhir/ValueSet/{one}/$expand", bodies.parameters(count={"valueInteger": 2}))
        recorder.get("/fhir/ValueSet/$expand", f"url={bodies.BASE}/ValueSet/{one}&offset=1", "")
        recorder.get(f"/fhir/ValueSet/{one}/$expand", "", "_format=xml", "filter=pain", "count=many")
    for code in (bodies.a_finding(), "none"):
        recorder.post("/fhir/ValueSet/$validate-code", bodies.to_validate_code(code))
        recorder.post("/fhir/ValueSet/finding/$validate-code", bodies.to_validate_code(code))
        asked = f"code={code}&system={bodies.FINDING}"
        recorder.get("/fhir/ValueSet/$validate-code", f"url={bodies.BASE}/ValueSet/finding&{asked}", asked)
        recorder.get("/fhir/ValueSet/finding/$validate-code", asked, f"{asked}&_format=xml")


def _read_stored(recorder: Recorder, kind: str) -> None:
    """Read, list and search what is stored of a type."""
    for entry in _entries(recorder, kind)[:10]:
        path = f"/fhir/{kind}/{entry['id']}"
        recorder.get(path, *FORMS, *SUBSETS)
        recorder.get(f"{path}/_history", "", "_format=xml", "_count=1")
        recorder.get(f"{path}/_history/1", "", "_format=xml", SUBSETS[0])
    recorder.send("GET", path, If_None_Match='W/"1"')
    recorder.send("HEAD", path)
    recorder.get(f"/fhir/{kind}/none")
    recorder.get(f"{path}/_history/99")
    recorder.get(f"/fhir/{kind}/_history", "", "_format=xml", "_count=2", "_count=many", "_since=a")
    _search(recorder, kind)


def _read_package(recorder: Recorder, kind: str) -> None:
    """Read and search what the package holds of a type; these are large, and judged one by one elsewhere."""
    for entry in _entries(recorder, kind)[:2]:
        recorder.get(f"/fhir/{kind}/{entry['id']}", *FORMS[:2], SUBSETS[0])
    recorder.get(f"/fhir/{kind}/none")
    _search(recorder, kind, ())


def _search(recorder: Recorder, kind: str, parts: tuple[str, ...] = PARTS) -> None:
    """Search a type by GET and by form, page by page, whole and in parts."""
    recorder.get(f"/fhir/{kind}", "_count=0", "_summary=count", "_id=none", *REFUSED)
    for query in (*parts, *(f"{part}&_count=1" for part in (*SUBSETS, FORMS[1]))):
        answer = recorder.send("GET", f"/fhir/{kind}?{query}")
        for relation in ("next", "previous"):
            answer = _follow(recorder, answer, relation)
    for query in ("_count=1", "_count=1&_format=xml", f"_count=1&{SUBSETS[0]}", "nonsense=1"):
        form = {"Content_Type": "application/x-www-form-urlencoded"}
        recorder.send("POST", f"/fhir/{kind}/_search", query.encode(), **form)
    recorder.send("GET", f"/fhir/{kind}?nonsense=1&_count=1", Prefer="handling=lenient")


def _follow(recorder: Recorder, answer: Reply, relation: str) -> Reply:
    """Follow a link of a page in JSON, where it has one."""
    if answer.status != 200 or "json" not in answer.headers["content-type"]:
        return answer
    links = {each["relation"]: each["url"] for each in answer.resource.get("link", ())}
    if relation not in links:
        return answer
    return recorder.send("GET", f"/fhir{links[relation].partition('/fhir')[2]}")


def _search_deeper(recorder: Recorder) -> None:
    """Include what is referred to and what refers, by each parameter that is offered."""
    for kind in STORED_TYPES:
        for row in included(kind):
            recorder.get(f"/fhir/{kind}", f"_include={kind}:{row.name}&_count=2", f"_include={kind}:{row.name}:None")
        for other, row in including(kind):
            recorder.get(f"/fhir/{kind}", f"_revinclude={other}:{row.name}&_count=2&_format=xml")
    recorder.get("/fhir/RiskAssessment", "triage-level=ambulance", "patient=recorded-1", "date=ge2026&_count=4")
    recorder.get("/fhir/RiskAssessment", "date=yesterday", "risk:text=a", "patient=")
    recorder.get("/fhir/CarePlan", "status=draft&_count=2", "category=none", "date=yesterday", "patient:other=1")


def _err(recorder: Recorder) -> None:
    """Ask for what must be refused, in JSON and in XML; 401, 403, 429 and 503 need a service of their own."""
    large = bodies.response(99, text={"status": "generated", "div": "x" * 300_000})
    for accept in (FHIR_JSON, FHIR_XML, "text/turtle"):
        wanted = {"Accept": accept}
        recorder.send("GET", "/fhir/Patient/1", **wanted)
        recorder.send("GET", "/elsewhere", **wanted)
        recorder.send("DELETE", "/fhir/CarePlan/1", **wanted)
        recorder.send("POST", RESPONSES, b"{", **wanted)
        recorder.send("POST", RESPONSES, b"<a/>", Content_Type=FHIR_XML, **wanted)
        recorder.send("POST", RESPONSES, b"[]", Content_Type="text/csv", **wanted)
        recorder.send("POST", RESPONSES, large, **wanted)
        recorder.send("POST", RESPONSES, {**bodies.response(98), "subject": None}, **wanted)
        recorder.send("POST", RESPONSES, {**bodies.response(98), "questionnaire": "urn:other"}, **wanted)
        recorder.send("POST", f"{RESPONSES}?a=b", bodies.response(98), **wanted)
        recorder.send("GET", f"/fhir/CarePlan?_id={'a' * 5000}", **wanted)
        recorder.send("GET", "/fhir/CarePlan", X_Long="a" * 9000, **wanted)
        recorder.send("POST", RESPONSES, b"{}", Transfer_Encoding="gzip", **wanted)


def record_guarded(service: Service, weak: str) -> list[Recorded]:
    """Record what a service answers to whoever has no token, or a ``weak`` one, and once its limit is reached."""
    recorder = Recorder(service)
    recorder.learn()
    for accept in (FHIR_JSON, FHIR_XML):
        recorder.send("GET", "/fhir/RiskAssessment", Accept=accept)
        recorder.send("GET", "/fhir/RiskAssessment", Accept=accept, Authorization="Bearer none")
        recorder.send("GET", "/fhir/RiskAssessment", Accept=accept, Authorization=f"Bearer {weak}")
    while recorder.kept[-1].status != 429:
        recorder.send("GET", "/fhir/CarePlan")
    recorder.send("GET", "/fhir/CarePlan", Accept=FHIR_XML)
    return recorder.kept


def record_without_store(service: Service) -> list[Recorded]:
    """Record what a service answers whose database is gone."""
    recorder = Recorder(service)
    recorder.learn()
    for accept in (FHIR_JSON, FHIR_XML):
        recorder.send("GET", "/fhir/RiskAssessment", Accept=accept)
        recorder.send("POST", RESPONSES, bodies.response(97), Accept=accept)
        recorder.send("POST", f"{RESPONSES}/$triage", bodies.response(97), Accept=accept)
    return recorder.kept


def _entries(recorder: Recorder, kind: str) -> list[bodies.Json]:
    found = recorder.service.send("GET", f"/fhir/{kind}?_count=40").resource
    return [entry["resource"] for entry in found["entry"]]


def _headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("-", "_"): value for name, value in headers.items()}
