package mallstream.order.application.port.out;

import mallstream.order.model.PullPlan;
import mallstream.order.model.PullProgress;

/** How far the pull of each account is. Every call belongs inside {@link Transactions#inOne}. */
public interface Pulls {
    /**
     * How far an account is; one that nobody has heard of begins.
     *
     * @param account the account
     * @return as it was stored last
     */
    PullProgress of(PullPlan.Account account);

    /**
     * Stores how far an account is, if nobody else has since it was read. This is what keeps out a puller that went on after
     * its turn was over: it moves no watermark.
     *
     * @param progress as {@link #of} gave it, changed
     * @return whether it is stored
     */
    boolean save(PullProgress progress);
}
