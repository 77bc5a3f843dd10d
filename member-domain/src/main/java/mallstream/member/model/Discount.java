package mallstream.member.model;

import org.jspecify.annotations.Nullable;

/** What a coupon takes off the price of an order. */
public sealed interface Discount {
    /** The highest amount, cap or minimum order, in won. */
    long MOST = 1_000_000_000;

    /**
     * @param order price of the order, whole won, 0 to {@link #MOST}
     * @return what is taken off, whole won, rounded down, not more than the price
     */
    long of(long order);

    /**
     * A share of the price.
     *
     * @param percent 1 to 100
     * @param cap the most that is taken off, whole won, 1 to {@link #MOST}; {@code null} for no cap
     */
    record Percent(int percent, @Nullable Long cap) implements Discount {
        /** @throws InvalidValue if a number is out of its range */
        public Percent {
            if (percent < 1 || percent > 100) {
                throw new InvalidValue("percent", "must be 1 to 100");
            }
            if (cap != null) {
                check("cap", cap);
            }
        }

        @Override
        public long of(long order) {
            long share = order * percent / 100;
            return cap == null ? share : Math.min(share, cap);
        }
    }

    /**
     * The same for every order.
     *
     * @param won whole won, 1 to {@link #MOST}
     */
    record Amount(long won) implements Discount {
        /** @throws InvalidValue if the amount is out of its range */
        public Amount {
            check("amount", won);
        }

        @Override
        public long of(long order) {
            return Math.min(order, won);
        }
    }

    private static void check(String field, long won) {
        if (won < 1 || won > MOST) {
            throw new InvalidValue(field, "must be 1 to " + MOST);
        }
    }
}
