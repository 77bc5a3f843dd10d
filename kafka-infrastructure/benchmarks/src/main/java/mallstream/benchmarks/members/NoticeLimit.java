package mallstream.benchmarks.members;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import mallstream.kafka.Permitted;

/**
 * What the database can do: a row for each member inserted, marked and ended by batched statements, one transaction each,
 * over several connections, without Kafka, gateway, calls and counters. First all are inserted, then each batch is marked
 * and ended, as in a campaign.
 */
final class NoticeLimit {
    private static final int BATCH = 1_000;

    private static final String INSERT = """
            insert into member.notice_recipient (id, campaign_id, member_id, mall_id, state)
            select member.uuid_v7(), ?, m, 'mall-1', 'READY' from unnest(?::uuid[]) m order by m""";

    private static final String MARK = """
            update member.notice_recipient set state = 'SENDING', call_id = ?, begun_at = now()
            where campaign_id = ? and member_id = any(?::uuid[])""";

    private static final String END = """
            update member.notice_recipient set state = 'ACCEPTED', code = ?, ended_at = now()
            where campaign_id = ? and member_id = any(?::uuid[])""";

    private final String url;
    private final int connections;
    private final List<String[]> batches = new ArrayList<>();
    private final UUID campaign = new UUID(0, 1);

    /**
     * @param url where the database is; its table of recipients is empty
     * @param connections at the same time
     * @param members whose rows are written, in the order of their ids
     */
    NoticeLimit(String url, int connections, List<UUID> members) {
        this.url = url;
        this.connections = connections;
        for (int from = 0; from < members.size(); from += BATCH) {
            batches.add(members.subList(from, Math.min(members.size(), from + BATCH)).stream()
                    .map(UUID::toString)
                    .toArray(String[]::new));
        }
    }

    /** Writes all. @return seconds that it took */
    double run() throws InterruptedException {
        long start = System.nanoTime();
        each((connection, batch) -> {
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                insert.setObject(1, campaign);
                insert.setArray(2, connection.createArrayOf("text", batch));
                insert.executeUpdate();
            }
        });
        each((connection, batch) -> {
            change(connection, MARK, UUID.randomUUID(), batch);
            change(connection, END, UUID.randomUUID().toString(), batch);
        });
        return (System.nanoTime() - start) / 1e9;
    }

    private void change(Connection connection, String statement, Object value, String[] batch) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(statement)) {
            update.setObject(1, value);
            update.setObject(2, campaign);
            update.setArray(3, connection.createArrayOf("text", batch));
            update.executeUpdate();
        }
    }

    @Permitted(reason = "one thread per connection, as many as the platform has calls; all are joined")
    private void each(Step step) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        List<RuntimeException> failures = Collections.synchronizedList(new ArrayList<>());
        IntFunction<Thread> start = number -> Thread.ofPlatform().start(() -> {
            try (Connection connection = DriverManager.getConnection(url)) {
                try (Statement as = connection.createStatement()) {
                    // As the platform's connections are.
                    as.execute("set enable_seqscan = off");
                }
                for (int i = next.getAndIncrement(); i < batches.size(); i = next.getAndIncrement()) {
                    step.make(connection, batches.get(i));
                }
            } catch (SQLException e) {
                failures.add(new IllegalStateException(e));
            }
        });
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            threads.add(start.apply(i));
        }
        for (Thread each : threads) {
            each.join();
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    private interface Step {
        void make(Connection connection, String[] batch) throws SQLException;
    }
}
