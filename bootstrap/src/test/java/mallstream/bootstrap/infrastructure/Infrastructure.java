package mallstream.bootstrap.infrastructure;

/**
 * Kafka and PostgreSQL, started once per JVM and shared by everything in it; they end with the JVM, and so do their
 * data. The system property {@code infrastructure} says where they come from: {@code embedded} (the default; real
 * servers from Maven Central) or {@code containers} (Docker).
 *
 * <p>Stopping one of them is an outage for all tests of the JVM: a test that does it starts it again, whatever
 * happens. Data and addresses survive an outage.
 */
public interface Infrastructure {

    /** The infrastructure of this JVM, started on any free ports if it was not running. */
    static Infrastructure running() {
        return RunningInfrastructure.get(0, 0);
    }

    /** The Kafka bootstrap servers, {@code host:port}. */
    String bootstrapServers();

    /** The JDBC URL of an empty database that the user may do anything with. */
    String jdbcUrl();

    /** The owner of the database. */
    String username();

    /** The password of {@link #username()}. */
    String password();

    /** Takes the broker away. An embedded broker refuses connections then, one in a container hangs. */
    void stopBroker();

    /** Brings the broker back, with its data, on its address. */
    void startBroker();

    /** Takes the database away. An embedded one refuses connections then, one in a container hangs. */
    void stopDatabase();

    /** Brings the database back, with its data, on its address. */
    void startDatabase();

    /** Ends both and deletes their data. Called by itself when the JVM ends, after the platform has stopped. */
    void close();
}
