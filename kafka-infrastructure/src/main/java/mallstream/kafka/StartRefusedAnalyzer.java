package mallstream.kafka;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says the refusal alone, without the chain of beans that were being made. */
class StartRefusedAnalyzer extends AbstractFailureAnalyzer<StartRefused> {
    @Override
    protected FailureAnalysis analyze(Throwable root, StartRefused refusal) {
        return new FailureAnalysis(refusal.getMessage(), null, refusal);
    }
}
