package mallstream.bootstrap.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The list of every consumer group ever released. A group that is forgotten keeps its offsets at the broker for a while, and
 * a name that is used again would go on from there; so names are only ever added, and leave by being marked.
 *
 * @param file a Markdown file with a table of the columns group, topic, class, since and state
 */
record ConsumerRegister(Path file) {
    private static final String LIVE = "live";
    private static final String RETIRED = "retired";

    /** One line of the table. */
    private record Line(String group, String topic, String owner, String since, String state) {
        static Optional<Line> parse(String text) {
            if (!text.startsWith("| mallstream.")) {
                return Optional.empty();
            }
            List<String> cells =
                    Arrays.stream(text.split("\\|", -1)).map(String::strip).toList();
            return Optional.of(new Line(cells.get(1), cells.get(2), cells.get(3), cells.get(4), cells.get(5)));
        }

        /** A class that copies the name does not take over the line; that two have it is rule 14's to report. */
        Optional<Subscriptions.Declared> in(List<Subscriptions.Declared> found) {
            return found.stream()
                    .filter(each -> each.simpleName().equals(owner))
                    .findFirst()
                    .or(() -> found.stream().findFirst());
        }

        String text() {
            return "| " + String.join(" | ", group, topic, owner, since, state) + " |";
        }
    }

    /**
     * Adds a line for each new group and brings topic and class of the others up to date.
     *
     * @param declared what the code subscribes to
     * @param today the date that new lines get
     * @return what a human must decide, in words; empty where code and list agree
     * @throws IOException if the file cannot be read or written
     */
    List<String> update(List<Subscriptions.Declared> declared, LocalDate today) throws IOException {
        Map<String, List<Subscriptions.Declared>> missing =
                new TreeMap<>(declared.stream().collect(Collectors.groupingBy(Subscriptions.Declared::group)));
        List<String> problems = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        int end = 0;
        String before = Files.readString(file);
        for (String text : before.lines().toList()) {
            Optional<Line> line = Line.parse(text);
            lines.add(line.map(known -> {
                        Optional<Subscriptions.Declared> now =
                                known.in(Optional.ofNullable(missing.remove(known.group()))
                                        .orElse(List.of()));
                        problem(known, now).ifPresent(problems::add);
                        return now.map(found -> line(found, known.since(), known.state()))
                                .orElse(known)
                                .text();
                    })
                    .orElse(text));
            if (text.startsWith("|")) {
                end = lines.size();
            }
        }
        List<String> added = missing.values().stream()
                .map(found -> line(found.getFirst(), today.toString(), LIVE).text())
                .toList();
        lines.addAll(end, added);
        String after = String.join("\n", lines) + "\n";
        if (!after.equals(before)) {
            Files.writeString(file, after);
        }
        return problems;
    }

    private static Line line(Subscriptions.Declared found, String since, String state) {
        return new Line(found.group(), found.topic(), found.simpleName(), since, state);
    }

    private static Optional<String> problem(Line known, Optional<Subscriptions.Declared> now) {
        return switch (known.state()) {
            case LIVE ->
                now.isPresent()
                        ? Optional.empty()
                        : Optional.of(known.group()
                                + " is live in docs/consumers.md, but no class of the code has it any"
                                + " more. If only the name was changed, give " + known.owner() + " its old one back."
                                + " If the group is to end, set its state to '" + RETIRED + "' in the same change, and"
                                + " once no instance runs it, delete it at the broker:"
                                + " kafka-consumer-groups.sh --delete --group " + known.group());
            case RETIRED ->
                now.map(found -> known.group() + " is retired in docs/consumers.md, and " + found.owner()
                        + " would go on from its old offsets. Choose a name that was never used.");
            default ->
                Optional.of(known.group() + " has the state '" + known.state() + "' in docs/consumers.md;"
                        + " there are '" + LIVE + "' and '" + RETIRED + "'");
        };
    }
}
