package mallstream.bootstrap.infrastructure;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * A PostgreSQL server with its data in a folder that goes with it.
 *
 * <p>A shell stands between the JVM and the server and reads its orders from a pipe. When the JVM is gone, however it
 * went, the pipe ends, and the shell stops the server and deletes the folder. It ignores Ctrl-C, and pg_ctl gives the
 * server a session of its own, so Ctrl-C in a terminal reaches the platform first and the database outlives it. That
 * is why zonky's own starter was turned down: its server dies of the same Ctrl-C, under the platform's feet. The
 * price is that Windows needs {@code -Dinfrastructure=containers}.
 *
 * <p>PostgreSQL refuses to run as root. For root it gets a user namespace, where it is nobody, and where a machine
 * has none (many containers), the user nobody.
 */
final class PostgresServer {

    static final String NAME = "mallstream";

    private static final String GUARD = """
            trap '' INT TERM HUP
            folder=$1 binaries=$2 port=$3 name=$4 as=
            if [ "$(id -u)" = 0 ]; then
              if unshare --user true 2> /dev/null; then as='unshare --user'
              else as='setpriv --reuid=65534 --regid=65534 --clear-groups'; chmod 755 "$folder"; chmod 777 "$folder/postgresql"
              fi
            fi
            cd "$folder/postgresql"
            pg_ctl() { $as "$binaries/bin/pg_ctl" -w -D "$PWD/data" -l "$PWD/log" "$@" > answer 2>&1; }
            say() { if [ "$1" = 0 ]; then echo done; else cat answer log 2> /dev/null; echo failed; fi; }
            options="-p $port -c unix_socket_directories= -c fsync=off -c max_connections=300 -c track_commit_timestamp=on"
            $as "$binaries/bin/initdb" -U "$name" -A trust -E UTF8 --locale=C --no-sync -D "$PWD/data" \\
              > answer 2>&1 && pg_ctl -o "$options" start
            say $?
            while read -r order; do
              case $order in
                start) pg_ctl -o "$options" start ;;
                stop) pg_ctl -m fast stop ;;
              esac
              say $?
            done
            pg_ctl -m immediate stop
            cd / && rm -rf "$folder"
            """;

    private final String jdbcUrl;
    private final Process guard;
    private final Writer orders;
    private final BufferedReader answers;

    /**
     * Begins to start, and does not wait for it: see {@link #awaitStart()}.
     *
     * @param folder an existing folder; the server takes the folder {@code postgresql} in it, and at the end all of it
     *     is deleted
     * @param port a free port
     */
    PostgresServer(Path folder, int port) {
        jdbcUrl = "jdbc:postgresql://localhost:" + port + "/";
        try {
            Path binaries = binaries();
            Files.createDirectory(folder.resolve("postgresql"));
            guard = new ProcessBuilder(
                            "sh", "-c", GUARD, "sh", "" + folder, "" + binaries, Integer.toString(port), NAME)
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException cause) {
            throw new UncheckedIOException("PostgreSQL cannot be started", cause);
        }
        orders = guard.outputWriter();
        answers = guard.inputReader();
    }

    /** Waits until the server takes connections, and creates the database. */
    void awaitStart() {
        awaitAnswer();
        try (Connection connection = DriverManager.getConnection(jdbcUrl + "postgres", NAME, NAME);
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + NAME);
        } catch (SQLException cause) {
            throw new IllegalStateException("The database cannot be created", cause);
        }
    }

    String jdbcUrl() {
        return jdbcUrl + NAME;
    }

    void stop() {
        order("stop");
    }

    void start() {
        order("start");
    }

    /** Stops the server and deletes the folder. */
    void close() {
        try {
            orders.close();
            if (!guard.waitFor(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("PostgreSQL did not stop within 20 s");
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        } catch (InterruptedException cause) {
            Thread.currentThread().interrupt();
        }
    }

    private void order(String order) {
        try {
            orders.write(order + "\n");
            orders.flush();
        } catch (IOException cause) {
            throw new UncheckedIOException("PostgreSQL is gone", cause);
        }
        awaitAnswer();
    }

    private void awaitAnswer() {
        List<String> said = new ArrayList<>();
        try {
            String line = answers.readLine();
            while (line != null && !line.equals("failed")) {
                if (line.equals("done")) {
                    return;
                }
                said.add(line);
                line = answers.readLine();
            }
        } catch (IOException cause) {
            throw new UncheckedIOException("PostgreSQL is gone", cause);
        }
        throw new IllegalStateException("PostgreSQL: " + String.join("\n", said));
    }

    /** The folder of the server's programs, unpacked under the build's folder once and kept until it is cleaned. */
    private static Path binaries() throws IOException {
        byte[] archive;
        String system = System.getProperty("os.name").startsWith("Mac") ? "Darwin" : System.getProperty("os.name");
        try (InputStream packed =
                DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, System.getProperty("os.arch"))) {
            archive = packed.readAllBytes();
        }
        CRC32C checksum = new CRC32C();
        checksum.update(archive);
        Path unpacked = Path.of("target", "postgresql-%08x".formatted(checksum.getValue()))
                .toAbsolutePath();
        if (!Files.exists(unpacked)) {
            Files.createDirectories(unpacked.getParent());
            Path partly = Files.createTempDirectory(unpacked.getParent(), "postgresql-");
            Files.setPosixFilePermissions(partly, PosixFilePermissions.fromString("rwxr-xr-x"));
            unpack(archive, partly);
            try {
                Files.move(partly, unpacked, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileSystemException another) {
                // Another JVM was faster: its copy is as good, and the build's next clean takes ours.
            }
        }
        return unpacked;
    }

    private static void unpack(byte[] archive, Path folder) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new ByteArrayInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = folder.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                    continue;
                }
                Files.createDirectories(target.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, target);
                    if ((entry.getMode() & 0100) != 0) {
                        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
                    }
                }
            }
        }
    }
}
