import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.SingleValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fhir.ucum.UcumEssenceService;
import org.fhir.ucum.UcumException;
import org.fhir.ucum.UcumService;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.common.hapi.validation.validator.WorkerContextValidationSupportAdapter;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.CodeSystem;
import org.hl7.fhir.r4.model.Questionnaire;
import org.hl7.fhir.r4.model.StructureDefinition;
import org.hl7.fhir.r4.model.ValueSet;

/**
 * Lets HAPI's FhirInstanceValidator judge resources against R4 and this project's own profiles; it decides nothing.
 *
 * <p>Three arguments: a folder with the definitions to load, a folder with one file per resource to judge, in
 * JSON or XML, and the file to write: per message one line of file, severity, message id, place and text, separated by tabs. It asks no
 * server: codes of systems that it does not have (SNOMED CT, LOINC) are a warning.
 */
public final class Judge {
    /** The hospitals of the samples: what they add to a response is theirs, and need not be known. */
    private static final String MADE_UP_SENDERS = "https://w3id.org/upper-back-triage/example/";

    private final FhirContext context = FhirContext.forR4Cached();
    private final Map<String, IBaseResource> questionnaires = new HashMap<>();

    public static void main(String[] arguments) throws IOException {
        new Judge().judge(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]));
    }

    private void judge(Path definitions, Path folder, Path report) throws IOException {
        FhirValidator validator = validator(definitions);
        Files.write(report, resources(folder).parallelStream().flatMap(file -> lines(validator, file)).toList());
    }

    private static Stream<String> lines(FhirValidator validator, Path file) {
        return messages(validator, read(file)).stream().map(message -> file.getFileName() + "\t" + message);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    private static List<Path> resources(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Judge::isResource).sorted(Comparator.naturalOrder()).toList();
        }
    }

    private static boolean isResource(Path file) {
        return file.toString().endsWith(".json") || file.toString().endsWith(".xml");
    }

    private static List<String> messages(FhirValidator validator, String resource) {
        try {
            return validator.validateWithResult(resource).getMessages().stream().map(Judge::line).toList();
        } catch (DataFormatException unreadable) {
            return List.of("error\tunreadable\t\t" + onOneLine(unreadable.getMessage()));
        } catch (RuntimeException gaveUp) {
            return List.of("error\tgave-up\t\t" + onOneLine(gaveUp.toString()));
        }
    }

    private static String line(SingleValidationMessage message) {
        String severity = message.getSeverity().getCode();
        String place = String.valueOf(message.getLocationString());
        String id = message.getMessageId() == null ? "without-id" : message.getMessageId();
        return String.join("\t", severity, id, place, onOneLine(message.getMessage()));
    }

    private static String onOneLine(String text) {
        return String.valueOf(text).replaceAll("\\s+", " ");
    }

    private FhirValidator validator(Path definitions) throws IOException {
        IValidationSupport support = support(definitions);
        Definitions known = new Definitions(support);
        FhirInstanceValidator instances = new FhirInstanceValidator(support) {
            @Override
            protected WorkerContextValidationSupportAdapter provideWorkerContext() {
                return known;
            }
        };
        instances.setAnyExtensionsAllowed(false);
        instances.setErrorForUnknownProfiles(true);
        instances.setAssumeValidRestReferences(true);
        instances.setCustomExtensionDomains(MADE_UP_SENDERS);
        return context.newValidator().registerValidatorModule(instances);
    }

    /** What HAPI's own context lacks: units, which are needed to compare quantities, and the version as it is compared. */
    private static final class Definitions extends WorkerContextValidationSupportAdapter {
        private final UcumService units;

        Definitions(IValidationSupport support) {
            super(support);
            try {
                units = new UcumEssenceService(UcumEssenceService.class.getResourceAsStream("/ucum-essence.xml"));
            } catch (UcumException broken) {
                throw new IllegalStateException("the units of UCUM cannot be read", broken);
            }
        }

        @Override
        public UcumService getUcumService() {
            return units;
        }

        @Override
        public String getVersion() {
            return "4.0";
        }
    }

    private IValidationSupport support(Path definitions) throws IOException {
        UnknownCodeSystemWarningValidationSupport unknown = new UnknownCodeSystemWarningValidationSupport(context);
        unknown.setNonExistentCodeSystemSeverity(IValidationSupport.IssueSeverity.WARNING);
        return new ValidationSupportChain(
                new DefaultProfileValidationSupport(context),
                own(definitions),
                new CommonCodeSystemsTerminologyService(context),
                new InMemoryTerminologyServerValidationSupport(context),
                new SnapshotGeneratingValidationSupport(context),
                unknown);
    }

    private PrePopulatedValidationSupport own(Path definitions) throws IOException {
        PrePopulatedValidationSupport own = new PrePopulatedValidationSupport(context) {
            @Override
            public <T extends IBaseResource> T fetchResource(Class<T> type, String address) {
                IBaseResource found = questionnaires.get(address);
                return found != null && type.isInstance(found) ? type.cast(found) : super.fetchResource(type, address);
            }
        };
        for (Path file : resources(definitions)) {
            IBaseResource resource = context.newJsonParser().parseResource(read(file));
            if (resource instanceof StructureDefinition || resource instanceof ValueSet || resource instanceof CodeSystem) {
                own.addResource(resource);
            } else if (resource instanceof Questionnaire questionnaire) {
                questionnaires.put(questionnaire.getUrl(), resource);
                questionnaires.put(questionnaire.getUrl() + "|" + questionnaire.getVersion(), resource);
            }
        }
        return own;
    }
}
