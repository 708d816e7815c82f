import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Questionnaire;
import org.hl7.fhir.r4.model.QuestionnaireResponse;
import org.hl7.fhir.r4.model.RiskAssessment;

/**
 * The steps as HAPI's generic client takes them, with nothing set but the address; it judges nothing.
 *
 * <p>Arguments: the FHIR base, the file with what to send, the file to write, the steps as JSON. What was seen is
 * written by step, as JSON. The client asks for XML first, as it does by itself, and reads ids from Location alone.
 */
public final class WithHapi {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final IParser parser;
    private final IGenericClient client;
    private final JsonNode material;
    private IdType created;

    private WithHapi(String base, Path file) throws Exception {
        FhirContext context = FhirContext.forR4();
        parser = context.newJsonParser();
        client = context.newRestfulGenericClient(base);
        material = JSON.readTree(file.toFile());
    }

    public static void main(String[] arguments) throws Exception {
        WithHapi visit = new WithHapi(arguments[0], Path.of(arguments[1]));
        Map<String, Map<String, Object>> seen = new LinkedHashMap<>();
        for (JsonNode step : JSON.readTree(arguments[3])) {
            seen.put(step.asText(), visit.taken(step.asText()));
        }
        Files.writeString(Path.of(arguments[2]), JSON.writeValueAsString(seen));
    }

    private Map<String, Object> taken(String step) {
        try {
            return take(step);
        } catch (RuntimeException failed) {
            return Map.of("failed", String.valueOf(failed));
        }
    }

    private Map<String, Object> take(String step) {
        return switch (step) {
            case "metadata" -> metadata();
            case "read the form" -> readForm();
            case "triage parameters" -> triaged(triage("parameters"));
            case "read what is not there" -> refused(() -> read(Questionnaire.class, "no-such-form"));
            case "triage another form" -> refused(() -> triage("foreign parameters"));
            case "create" -> create();
            case "read" -> readCreated();
            case "create on a condition, twice" -> createOnACondition();
            case "search with paging" -> search();
            case "triage what is stored" -> triaged(triageStored());
            case "transaction" -> transaction();
            case "read a response that is not there" -> refused(() -> read(QuestionnaireResponse.class, "no-such-response"));
            case "create without a subject" -> refused(() -> send("nobody"));
            default -> throw new IllegalArgumentException("no such step: " + step);
        };
    }

    private Map<String, Object> metadata() {
        CapabilityStatement statement = client.capabilities().ofType(CapabilityStatement.class).execute();
        return Map.of("kind", statement.fhirType(), "fhirVersion", statement.getFhirVersion().toCode());
    }

    private Map<String, Object> readForm() {
        Questionnaire form = read(Questionnaire.class, material.get("form").asText());
        return Map.of("kind", form.fhirType(), "url", form.getUrl());
    }

    private <T extends IBaseResource> T read(Class<T> kind, String id) {
        return client.read().resource(kind).withId(id).execute();
    }

    private Bundle triage(String name) {
        return client.operation().onType(QuestionnaireResponse.class).named("$triage")
                .withParameters(parsed(Parameters.class, material.get(name))).returnResourceType(Bundle.class).execute();
    }

    private Bundle triageStored() {
        return client.operation().onInstance(created.toVersionless()).named("$triage")
                .withNoParameters(Parameters.class).returnResourceType(Bundle.class).execute();
    }

    private Map<String, Object> triaged(Bundle results) {
        List<BundleEntryComponent> entries = results.getEntry();
        RiskAssessment first = (RiskAssessment) entries.get(0).getResource();
        CodeableConcept level = (CodeableConcept) first.getExtensionByUrl(material.get("level").asText()).getValue();
        return Map.of(
                "kinds", entries.stream().map(entry -> entry.getResource().fhirType()).toList(),
                "level", level.getCodingFirstRep().getCode());
    }

    private Map<String, Object> refused(Runnable attempt) {
        try {
            attempt.run();
            return Map.of();
        } catch (BaseServerResponseException error) {
            OperationOutcome outcome = (OperationOutcome) error.getOperationOutcome();
            String says = outcome == null ? "" : outcome.getIssue().stream()
                    .map(issue -> issue.getDetails().getText()).collect(Collectors.joining("; "));
            return Map.of("status", error.getStatusCode(), "says", says);
        }
    }

    private MethodOutcome send(String name) {
        return client.create().resource(parsed(QuestionnaireResponse.class, material.get(name))).execute();
    }

    private Map<String, Object> create() {
        MethodOutcome outcome = send("created");
        created = (IdType) outcome.getId();
        return Map.of("kind", created.getResourceType(), "id", created.getIdPart(), "version", created.getVersionIdPart());
    }

    private Map<String, Object> readCreated() {
        QuestionnaireResponse found = read(QuestionnaireResponse.class, created.getIdPart());
        return Map.of("id", found.getIdElement().getIdPart(), "subject", found.getSubject().getReference());
    }

    private Map<String, Object> createOnACondition() {
        List<String> ids = new ArrayList<>();
        for (JsonNode one : material.get("conditional")) {
            QuestionnaireResponse content = parsed(QuestionnaireResponse.class, one);
            ids.add(client.create().resource(content).conditional()
                    .where(QuestionnaireResponse.IDENTIFIER.exactly().systemAndIdentifier(
                            content.getIdentifier().getSystem(), content.getIdentifier().getValue()))
                    .execute().getId().getIdPart());
        }
        return Map.of("ids", ids);
    }

    private Map<String, Object> search() {
        String subject = "";
        for (JsonNode one : material.get("paged")) {
            QuestionnaireResponse content = parsed(QuestionnaireResponse.class, one);
            subject = content.getSubject().getReference();
            client.create().resource(content).execute();
        }
        List<Integer> pages = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        Bundle page = client.search().forResource(QuestionnaireResponse.class)
                .where(QuestionnaireResponse.SUBJECT.hasId(subject)).count(material.get("page").asInt())
                .returnBundle(Bundle.class).execute();
        while (page != null) {
            pages.add(page.getEntry().size());
            page.getEntry().forEach(entry -> ids.add(entry.getResource().getIdElement().getIdPart()));
            page = page.getLink(Bundle.LINK_NEXT) == null ? null : client.loadPage().next(page).execute();
        }
        return Map.of("pages", pages, "ids", ids);
    }

    private Map<String, Object> transaction() {
        Bundle answer = client.transaction().withBundle(parsed(Bundle.class, material.get("transaction"))).execute();
        return Map.of(
                "statuses", answer.getEntry().stream().map(entry -> entry.getResponse().getStatus()).toList(),
                "locations", answer.getEntry().stream().map(entry -> entry.getResponse().getLocation()).toList());
    }

    private <T extends IBaseResource> T parsed(Class<T> kind, JsonNode content) {
        return parser.parseResource(kind, content.toString());
    }
}
