package mallstream.benchmarks.orders;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mallstream.kafka.Permitted;
import org.jspecify.annotations.Nullable;

/**
 * What the database can do: the rows that a run left, written again by as many connections as calls have, in big batches,
 * one transaction each, without Kafka and without a domain. Each connection has the orders of its own.
 */
public final class Limit {
    private static final int BATCH = 1_000;

    private Limit() {}

    /**
     * Writes what {@link OrderDatabase#keep} kept. A row of a line is written as often as an order changed in batches of
     * its own, as whoever applies changes has to.
     *
     * @param url where the database is; its tables are empty
     * @param name of what was kept
     * @param changes how many changes the rows stand for
     * @return changes per second
     */
    @Permitted(reason = "one thread per connection, as many as the platform has; all are joined")
    public static double run(String url, String name, int changes) {
        List<List<Batch>> all = new ArrayList<>();
        for (int i = 0; i < OrderDatabase.CALLS; i++) {
            all.add(read(url, name, i));
        }
        List<RuntimeException> failures = Collections.synchronizedList(new ArrayList<>());
        long start = System.nanoTime();
        List<Thread> threads = all.stream()
                .map(each -> Thread.ofPlatform().start(() -> {
                    try {
                        write(url, each);
                    } catch (SQLException e) {
                        failures.add(new IllegalStateException(e));
                    }
                }))
                .toList();
        for (Thread each : threads) {
            try {
                each.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
        return changes / ((System.nanoTime() - start) / 1e9);
    }

    private static List<Batch> read(String url, String name, int part) {
        List<Batch> batches = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url)) {
            connection.setAutoCommit(false);
            // Histories in their order; a batch ends with whole changes of no more than so many rows.
            Rows history = rows(
                    connection,
                    "select * from public." + name + "_history where order_id % " + OrderDatabase.CALLS + " = " + part
                            + " order by id");
            Rows orders = rows(
                    connection,
                    "select * from public." + name + "_sales_order where id % " + OrderDatabase.CALLS + " = " + part
                            + " order by id");
            Rows lines = rows(
                    connection,
                    "select * from public." + name + "_line where order_id % " + OrderDatabase.CALLS + " = " + part
                            + " order by order_id, line_id");
            Map<String, @Nullable String[]> orderById = orders.by("id");
            Map<String, @Nullable String[]> lineById = lines.by("order_id", "line_id");
            Set<String> begun = new HashSet<>();
            for (int from = 0; from < history.values.size(); from += BATCH) {
                List<@Nullable String[]> some =
                        history.values.subList(from, Math.min(history.values.size(), from + BATCH));
                Map<String, @Nullable String[]> newOrders = new LinkedHashMap<>();
                Map<String, @Nullable String[]> changedLines = new LinkedHashMap<>();
                for (@Nullable String[] each : some) {
                    String id = history.of(each, "order_id");
                    if (begun.add(id)) {
                        newOrders.put(id, Objects.requireNonNull(orderById.get(id)));
                    }
                    String line = id + " " + history.of(each, "line_id");
                    changedLines.put(line, Objects.requireNonNull(lineById.get(line)));
                }
                batches.add(new Batch(
                        orders.with(List.copyOf(newOrders.values())),
                        lines.with(List.copyOf(changedLines.values())),
                        history.with(some)));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return batches;
    }

    private static void write(String url, List<Batch> batches) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            connection.setAutoCommit(false);
            for (Batch each : batches) {
                insert(connection, "sales_order", each.orders, "overriding system value", "");
                insert(
                        connection,
                        "line",
                        each.lines,
                        "",
                        "on conflict (order_id, line_id) do update set "
                                + each.lines.columns.stream()
                                        .filter(name -> !name.equals("order_id") && !name.equals("line_id"))
                                        .map(name -> name + " = excluded." + name)
                                        .collect(Collectors.joining(", ")));
                insert(connection, "history", each.history, "overriding system value", "");
                connection.commit();
            }
        }
    }

    private static void insert(Connection connection, String table, Rows rows, String overriding, String conflict)
            throws SQLException {
        if (rows.values.isEmpty()) {
            return;
        }
        String casts =
                rows.types.stream().map(type -> "cast(? as " + type + "[])").collect(Collectors.joining(", "));
        String names = String.join(", ", rows.columns);
        try (PreparedStatement statement = connection.prepareStatement("insert into orders." + table + " (" + names
                + ") " + overriding + " select * from unnest(" + casts + ") " + conflict)) {
            for (int column = 0; column < rows.columns.size(); column++) {
                int at = column;
                statement.setArray(
                        column + 1,
                        connection.createArrayOf(
                                "text", rows.values.stream().map(row -> row[at]).toArray()));
            }
            statement.executeUpdate();
        }
    }

    private static Rows rows(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            var about = result.getMetaData();
            List<String> columns = new ArrayList<>();
            List<String> types = new ArrayList<>();
            for (int i = 1; i <= about.getColumnCount(); i++) {
                columns.add(about.getColumnName(i));
                types.add(about.getColumnTypeName(i));
            }
            List<@Nullable String[]> values = new ArrayList<>();
            while (result.next()) {
                @Nullable String[] row = new @Nullable String[columns.size()];
                for (int i = 0; i < row.length; i++) {
                    row[i] = result.getString(i + 1);
                }
                values.add(row);
            }
            return new Rows(columns, types, values);
        }
    }

    private record Batch(Rows orders, Rows lines, Rows history) {}

    private record Rows(List<String> columns, List<String> types, List<@Nullable String[]> values) {
        Map<String, @Nullable String[]> by(String... keys) {
            Map<String, @Nullable String[]> found = new LinkedHashMap<>();
            values.forEach(row -> found.put(
                    IntStream.range(0, keys.length)
                            .mapToObj(i -> of(row, keys[i]))
                            .collect(Collectors.joining(" ")),
                    row));
            return found;
        }

        String of(@Nullable String[] row, String column) {
            return String.valueOf(row[columns.indexOf(column)]);
        }

        Rows with(List<@Nullable String[]> some) {
            return new Rows(columns, types, some);
        }
    }
}
