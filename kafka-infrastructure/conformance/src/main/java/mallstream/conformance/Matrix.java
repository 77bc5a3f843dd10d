package mallstream.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What the cells of a matrix say, and the notes below it. */
public final class Matrix {
    private final List<String> notes = new ArrayList<>();

    /**
     * @param subject who ran
     * @param scenario what happened
     * @param protocol how its group agreed
     * @param found what was found wrong
     * @return {@code pass}, or what failed with its counts, or what is not claimed and was seen not to hold
     */
    public String cell(Subject subject, Scenario scenario, Protocol protocol, List<Finding> found) {
        List<String> failed = new ArrayList<>();
        List<String> notClaimed = new ArrayList<>();
        for (Finding each : found) {
            String why = subject.notClaimed(scenario, protocol, each.oracle());
            if (why == null) {
                failed.add(each.toString());
            } else {
                notClaimed.add(each + " [" + note(why) + "]");
            }
        }
        List<String> parts = new ArrayList<>();
        if (!failed.isEmpty()) {
            parts.add("**FAIL** " + String.join("; ", failed));
        }
        if (!notClaimed.isEmpty()) {
            parts.add("not claimed: " + String.join("; ", notClaimed));
        }
        return parts.isEmpty() ? "pass" : String.join("; ", parts);
    }

    private int note(String why) {
        if (!notes.contains(why)) {
            notes.add(why);
        }
        return notes.indexOf(why) + 1;
    }

    /** The notes, a numbered list in Markdown. */
    public String notes() {
        return notes.stream()
                .map(each -> (notes.indexOf(each) + 1) + ". " + each)
                .collect(Collectors.joining(System.lineSeparator()));
    }
}
