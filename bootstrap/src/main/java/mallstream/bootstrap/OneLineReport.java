package mallstream.bootstrap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

/**
 * Says in one line why the start failed and what to do. Boot's own report of the same, over many lines, is switched off
 * in application.yaml: a line is found by a search in the logs of a fleet, a block is not.
 */
class OneLineReport implements FailureAnalysisReporter {
    private static final Logger log = LoggerFactory.getLogger(Mallstream.class);

    @Override
    public void report(FailureAnalysis analysis) {
        log.error("Mallstream did not start: {}", line(analysis));
    }

    static String line(FailureAnalysis analysis) {
        String description = analysis.getDescription();
        String action = analysis.getAction();
        return (action == null || action.isBlank() ? description : description.strip() + " -> " + action)
                .strip()
                .replaceAll("\\s+", " ");
    }
}
