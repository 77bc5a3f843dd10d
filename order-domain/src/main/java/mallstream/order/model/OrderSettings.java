package mallstream.order.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settings per mall, {@code mallstream.order.*}.
 *
 * @param owner {@code owner.<mallId>}: whose word counts for the mall's Naver Pay orders, {@code naverpay}, {@code godomall}
 *     or {@code shopby}
 * @param lanes {@code lanes.<mallId>}: {@code mall} or {@code order}; what an operator says at run time goes before it
 */
public record OrderSettings(Map<String, String> owner, Map<String, String> lanes) {
    /** @throws IllegalArgumentException if a mall id or a value is none */
    public OrderSettings(@Nullable Map<String, String> owner, @Nullable Map<String, String> lanes) {
        this.owner = owner == null ? Map.of() : Map.copyOf(owner);
        this.lanes = lanes == null ? Map.of() : Map.copyOf(lanes);
        byMall("owner", this.owner, Channel.class);
        byMall("lanes", this.lanes, Lanes.class);
    }

    /**
     * Whose word counts.
     *
     * @param pulled malls with an account that is pulled
     * @return for every mall
     */
    public OrderOwners owners(Set<MallId> pulled) {
        return new OrderOwners(byMall("owner", owner, Channel.class), pulled);
    }

    /** The lanes of the malls that have a setting. */
    public Map<MallId, Lanes> lanesByMall() {
        return byMall("lanes", lanes, Lanes.class);
    }

    private static <E extends Enum<E>> Map<MallId, E> byMall(String field, Map<String, String> texts, Class<E> type) {
        Map<MallId, E> values = new LinkedHashMap<>();
        texts.forEach((mall, text) -> {
            try {
                values.put(new MallId(mall), Enum.valueOf(type, text.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException(field + ": must be mall ids, each with one of "
                        + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT));
            }
        });
        return values;
    }
}
