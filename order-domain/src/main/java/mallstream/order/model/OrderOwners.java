package mallstream.order.model;

import java.util.Map;
import java.util.Set;

/**
 * Whose word counts for a mall's Naver Pay orders: Godomall and Shopby list them beside their own, and their payloads share
 * no number with the Naver pull, so the same order would be counted twice.
 *
 * @param chosen the channel, where a setting names it
 * @param pulled malls with an account that is pulled; without a setting the pull's word counts for them, and for all others
 *     their own channel's
 */
public record OrderOwners(Map<MallId, Channel> chosen, Set<MallId> pulled) {
    /** Copies both. */
    public OrderOwners {
        chosen = Map.copyOf(chosen);
        pulled = Set.copyOf(pulled);
    }

    /**
     * Whether a channel's word counts for the Naver Pay orders of a mall.
     *
     * @param channel who speaks
     * @param mallId the mall
     * @return whether what it says changes its order
     */
    public boolean counts(Channel channel, MallId mallId) {
        Channel owner = chosen.get(mallId);
        if (owner != null) {
            return owner == channel;
        }
        return pulled.contains(mallId) == (channel == Channel.NAVERPAY);
    }
}
