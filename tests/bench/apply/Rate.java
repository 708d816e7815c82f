import ca.uhn.fhir.parser.IParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.hl7.fhir.r4.model.CarePlan;

/**
 * Times PlanDefinition/$apply, from the JSON of a response to the JSON of the CarePlan, one after another in one thread.
 *
 * <p>Two arguments: the folder that Apply reads, and a file with one response per line. Once every condition is
 * compiled and some
 * responses have warmed the machine it prints {@code ready}. For each line on its input, a number of seconds, it prints the milliseconds of
 * each application of that round, separated by blanks. There is no HTTP here.
 */
public final class Rate {
    private static final int WARM = 20;

    public static void main(String[] arguments) throws IOException {
        Apply apply = new Apply(Path.of(arguments[0]));
        IParser parser = Apply.CONTEXT.newJsonParser();
        List<String> responses = Files.readAllLines(Path.of(arguments[1]));
        for (String response : responses.subList(0, WARM)) {
            Apply.actions(apply.to(response));
        }
        System.out.println("ready");
        BufferedReader asked = new BufferedReader(new InputStreamReader(System.in));
        int next = 0;
        for (String line = asked.readLine(); line != null; line = asked.readLine()) {
            long end = System.nanoTime() + (long) (Double.parseDouble(line) * 1e9);
            StringBuilder said = new StringBuilder();
            while (System.nanoTime() < end) {
                long begin = System.nanoTime();
                CarePlan made = apply.to(responses.get(next++ % responses.size()));
                Apply.actions(made);
                parser.encodeResourceToString(made);
                said.append((System.nanoTime() - begin) / 1e6).append(' ');
            }
            System.out.println(said);
        }
    }
}
