package mallstream.kafka.consume;

import java.time.Duration;

/** The group belongs to another application that has the same subscription, and that application runs. */
final class OtherOwner extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param group the group of both
     * @param application whose it is
     * @param quiet how long that application must be gone before another may have its group
     */
    OtherOwner(ConsumerGroupId group, String application, Duration quiet) {
        super("stopped: the group " + group + " belongs to the application " + application
                + ", which runs; this one gets no event of it. Give this one a cluster or a subscription of its own; if it"
                + " takes the place of " + application + ", it goes on once that has been gone for " + quiet.toSeconds()
                + " s");
    }
}
