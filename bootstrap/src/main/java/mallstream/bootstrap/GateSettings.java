package mallstream.bootstrap;

import mallstream.kafka.consume.CallGate;
import org.jspecify.annotations.Nullable;

/**
 * How the connections to the database are shared, {@code mallstream.gate.*}.
 *
 * @param httpConnections connections of the pool that consumers leave to everybody else, HTTP calls and timers, 0 to one
 *     less than {@code spring.datasource.hikari.maximum-pool-size}; {@code null} means a quarter of the pool, rounded up.
 *     Consumers get the others: calls beyond them wait, without failing and without costing an attempt
 */
record GateSettings(@Nullable Integer httpConnections) {
    GateSettings {
        if (httpConnections != null && httpConnections < 0) {
            throw new IllegalArgumentException("httpConnections: must be 0 or more");
        }
    }

    /**
     * @param pool connections of the pool, 1 or more
     * @return lets through as many calls as there are connections for
     * @throws InvalidSetting if none would be left
     */
    CallGate gate(int pool) {
        int others = httpConnections == null ? defaultFor(pool) : httpConnections;
        if (others >= pool) {
            throw new InvalidSetting(
                    "mallstream.gate.http-connections = " + others + ": must be 0 to " + (pool - 1)
                            + ", one less than spring.datasource.hikari.maximum-pool-size = " + pool,
                    "correct it, or enlarge the pool");
        }
        return new CallGate(pool - others);
    }

    /**
     * Three of ten. HTTP calls and timers hold a connection for one transaction, of a few milliseconds as a rule: the
     * outbox asks fifty times a second and the webhooks twenty times, together less than one connection. Of the eight
     * timers the purges and the count of a campaign may take longer; with two of them at work one connection is left for
     * sign-ups, which would otherwise fail after connection-timeout. A fixed number would be too many for a small pool
     * and too few for a large one, which has more callers as well. The price: consumers leave these connections alone
     * even while nobody else wants them.
     */
    private static int defaultFor(int pool) {
        return pool == 1 ? 0 : (pool + 3) / 4;
    }
}
