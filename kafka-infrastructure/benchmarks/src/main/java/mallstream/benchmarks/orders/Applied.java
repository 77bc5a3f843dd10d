package mallstream.benchmarks.orders;

import java.util.Arrays;
import java.util.List;
import mallstream.order.application.port.in.ApplyChannelOrders;
import mallstream.order.application.port.in.Outcome;

/** Looks on from outside: how many changes were applied, and how long those of the malls that are not hot were on their way. */
final class Applied implements ApplyChannelOrders {
    private final ApplyChannelOrders orders;
    private final long from;
    private int[] waits = new int[1 << 16];
    private int measured;
    private int count;
    private int calls;
    private int again;

    /**
     * @param orders who applies
     * @param from number of changes after which times are measured
     */
    Applied(ApplyChannelOrders orders, long from) {
        this.orders = orders;
        this.from = from;
    }

    @Override
    public List<Outcome> apply(List<ChannelOrder> list) {
        List<Outcome> outcomes = orders.apply(list);
        applied(list, outcomes, System.currentTimeMillis());
        return outcomes;
    }

    private synchronized void applied(List<ChannelOrder> list, List<Outcome> outcomes, long now) {
        calls++;
        for (int i = 0; i < list.size(); i++) {
            switch (outcomes.get(i)) {
                case Outcome.Done ignored -> count++;
                case Outcome.AlreadyDone ignored -> again++;
                case Outcome.Refused refused -> throw new IllegalStateException(refused.why());
                case Outcome.TryLater ignored -> throw new IllegalStateException("later");
            }
            ChannelOrder order = list.get(i);
            if (count > from && !order.mallId().value().equals(OrderLoad.HOT)) {
                if (measured == waits.length) {
                    waits = Arrays.copyOf(waits, 2 * measured);
                }
                waits[measured++] = (int) (now - order.recordedAt().toEpochMilli());
            }
        }
    }

    /** Changes that were applied. */
    synchronized int count() {
        return count;
    }

    /** Changes per call so far. */
    synchronized double perCall() {
        return calls == 0 ? 0 : (double) (count + again) / calls;
    }

    /** Changes that were there already. */
    synchronized int again() {
        return again;
    }

    /**
     * @param share 0 to 1
     * @return milliseconds within which this share was applied, from the records' time stamps; 0 if none was measured
     */
    synchronized int millis(double share) {
        int[] sorted = Arrays.copyOf(waits, measured);
        Arrays.sort(sorted);
        return measured == 0 ? 0 : sorted[Math.min(measured - 1, (int) (share * measured))];
    }
}
