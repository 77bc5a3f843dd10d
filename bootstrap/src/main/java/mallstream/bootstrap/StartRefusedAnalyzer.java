package mallstream.bootstrap;

import java.util.Objects;
import mallstream.kafka.StartRefused;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what the consumers refuse to start with: a setting of theirs, or two subscriptions with one group. */
class StartRefusedAnalyzer extends AbstractFailureAnalyzer<StartRefused> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, StartRefused cause) {
        return new FailureAnalysis(Objects.requireNonNull(cause.getMessage()), "", cause);
    }
}
