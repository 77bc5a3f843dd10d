package mallstream.order.testing;

import java.util.HashMap;
import java.util.Map;
import mallstream.order.application.port.out.Pulls;
import mallstream.order.model.MallId;
import mallstream.order.model.PullPlan;
import mallstream.order.model.PullProgress;

/** How far pulls are, in memory. */
public final class InMemoryPulls implements Pulls {
    private final Map<MallId, PullProgress> stored = new HashMap<>();

    @Override
    public synchronized PullProgress of(PullPlan.Account account) {
        return stored.getOrDefault(account.mallId(), PullProgress.begin(account));
    }

    @Override
    public synchronized boolean save(PullProgress progress) {
        PullProgress before = stored.get(progress.mallId());
        if (before != null && before.version() != progress.version()) {
            return false;
        }
        stored.put(
                progress.mallId(),
                new PullProgress(
                        progress.mallId(),
                        progress.version() + 1,
                        progress.watermark(),
                        progress.window(),
                        progress.dueAt(),
                        progress.failures(),
                        progress.failure(),
                        progress.traceId()));
        return true;
    }
}
