import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.repository.IRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kotlin.Pair;
import kotlin.Unit;
import org.cqframework.cql.cql2elm.ModelManager;
import org.cqframework.cql.cql2elm.StringLibrarySourceProvider;
import org.hl7.elm.r1.VersionedIdentifier;
import org.hl7.fhir.instance.model.api.IBase;
import org.hl7.fhir.instance.model.api.IBaseBundle;
import org.hl7.fhir.instance.model.api.IBaseParameters;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.instance.model.api.IIdType;
import org.hl7.fhir.r4.model.CanonicalType;
import org.hl7.fhir.r4.model.CarePlan;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.PlanDefinition;
import org.hl7.fhir.r4.model.QuestionnaireResponse;
import org.hl7.fhir.r4.model.RequestGroup;
import org.hl7.fhir.r4.model.RequestGroup.RequestGroupActionComponent;
import org.opencds.cqf.cql.engine.execution.CqlEngine;
import org.opencds.cqf.cql.engine.execution.EvaluationParams;
import org.opencds.cqf.fhir.cql.Engines;
import org.opencds.cqf.fhir.cql.EvaluationSettings;
import org.opencds.cqf.fhir.cql.LibraryConstructor;
import org.opencds.cqf.fhir.cql.LibraryEngine;
import org.opencds.cqf.fhir.cql.engine.parameters.CqlParameterDefinition;
import org.opencds.cqf.fhir.cr.CrSettings;
import org.opencds.cqf.fhir.cr.plandefinition.PlanDefinitionProcessor;
import org.opencds.cqf.fhir.utility.monad.Eithers;
import org.opencds.cqf.fhir.utility.repository.InMemoryFhirRepository;

/**
 * Lets HAPI's clinical reasoning run PlanDefinition/$apply on responses; it decides nothing.
 *
 * <p>Three arguments: a folder with the PlanDefinition and what it names, a file with one response per line, and the
 * file to write: per response one line with the ids of the actions in the RequestGroup, separated by blanks.
 */
public final class Apply {
    static final FhirContext CONTEXT = FhirContext.forR4Cached();

    public static void main(String[] arguments) throws IOException {
        Apply apply = new Apply(Path.of(arguments[0]));
        List<String> lines = new ArrayList<>();
        for (String response : Files.readAllLines(Path.of(arguments[1]))) {
            lines.add(String.join(" ", actions(apply.to(response))));
        }
        Files.write(Path.of(arguments[2]), lines);
    }

    private final PlanDefinitionProcessor processor;
    private final LibraryEngine engine;
    private final PlanDefinition plan;

    Apply(Path folder) throws IOException {
        IRepository repository = new InMemoryFhirRepository(CONTEXT);
        PlanDefinition found = null;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                IBaseResource resource = CONTEXT.newJsonParser().parseResource(Files.readString(file));
                repository.update(resource);
                found = resource instanceof PlanDefinition one ? one : found;
            }
        }
        repository.update((Patient) new Patient().setId("Patient/1"));
        plan = found;
        engine = new CompiledOnce(repository);
        processor = new PlanDefinitionProcessor(repository, CrSettings.getDefault());
    }

    CarePlan to(String response) {
        Parameters parameters = new Parameters();
        parameters
                .addParameter()
                .setName("%response")
                .setResource(CONTEXT.newJsonParser().parseResource(QuestionnaireResponse.class, response));
        return (CarePlan) processor.apply(
                Eithers.<CanonicalType, IIdType, PlanDefinition>forRight3(plan),
                "Patient/1", null, null, null, null, null, null, null, null, parameters, null, null, engine);
    }

    static List<String> actions(CarePlan made) {
        List<String> ids = new ArrayList<>();
        made.getContained().forEach(one -> {
            if (one instanceof OperationOutcome outcome) {
                throw new IllegalStateException(outcome.getIssueFirstRep().getDiagnostics());
            }
            if (one instanceof RequestGroup group) {
                group.getAction().forEach(action -> collect(action, ids));
            }
        });
        return ids;
    }

    private static void collect(RequestGroupActionComponent action, List<String> ids) {
        if (action.hasCondition()) {
            ids.add(action.getId());
        }
        action.getAction().forEach(inner -> collect(inner, ids));
    }

    /**
     * HAPI's own engine, but each condition is compiled once and not once per response: some 300 conditions take
     * minutes to compile and moments to run. What is compiled, and how it is run, is as in LibraryEngine.
     */
    private static final class CompiledOnce extends LibraryEngine {
        private final List<String> sources = new ArrayList<>();
        private final Map<String, VersionedIdentifier> compiled = new HashMap<>();
        private CqlEngine engine;

        CompiledOnce(IRepository repository) {
            super(repository, settings());
        }

        private static EvaluationSettings settings() {
            EvaluationSettings settings = EvaluationSettings.getDefault();
            ModelManager models = new ModelManager(settings.getModelCache());
            models.resolveModel("System", "1.0.0");
            models.resolveModel("FHIR", "4.0.1");
            return settings;
        }

        @Override
        public IBaseParameters evaluateExpression(
                String expression,
                IBaseParameters parameters,
                Map<String, Object> rawParameters,
                String patient,
                Map<String, String> libraries,
                IBaseBundle bundle,
                IBase context,
                IBase resource) {
            var converter = Engines.getCqlFhirParametersConverter(fhirContext);
            var definitions = converter.toCqlParameterDefinitions(parameters);
            var values = converter.toCqlParameters(parameters);
            for (String name : List.of("%context", "%resource")) {
                definitions.add(new CqlParameterDefinition(name, getModelName(context), false));
                values.put(name, context);
            }
            VersionedIdentifier library =
                    compiled.computeIfAbsent(expression, unknown -> source(expression, libraries, definitions));
            if (engine == null) {
                settings.getLibrarySourceProviders().add(new StringLibrarySourceProvider(sources));
                engine = Engines.forRepository(repository, settings, bundle);
            }
            var asked = new EvaluationParams.Builder();
            asked.setParameters(values);
            asked.setContextParameter(new Pair<>("Patient", patient));
            asked.library(library, one -> {
                one.expressions("return");
                return Unit.INSTANCE;
            });
            return converter.toFhirParameters(engine.evaluate(asked.build()).getOnlyResultOrThrow());
        }

        private VersionedIdentifier source(
                String expression, Map<String, String> libraries, List<CqlParameterDefinition> definitions) {
            String name = "condition" + sources.size();
            sources.add(new LibraryConstructor(fhirContext)
                    .constructCqlLibrary(name, "1.0.0", expression, libraries, definitions));
            return new VersionedIdentifier().withId(name).withVersion("1.0.0");
        }
    }
}
