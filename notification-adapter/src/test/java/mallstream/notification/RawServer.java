package mallstream.notification;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on loopback that behaves as badly as a test wants: it hands each connection to the test's own lines. */
final class RawServer implements AutoCloseable {
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger requests = new AtomicInteger();
    private final ServerSocket socket;

    /** What is done with one connection; it is closed afterwards, and an I/O error is the end of it. */
    interface Behaviour {
        void serve(Socket connection) throws Exception;
    }

    RawServer(Behaviour behaviour) throws IOException {
        socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!socket.isClosed()) {
                try {
                    Socket connection = socket.accept();
                    connections.incrementAndGet();
                    Thread.ofVirtual().start(() -> {
                        try (connection) {
                            behaviour.serve(connection);
                        } catch (Exception e) {
                            // The client has gone, as it should.
                        }
                    });
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    /** Answers every request with these bytes. */
    static RawServer answering(String answer) throws IOException {
        RawServer[] self = new RawServer[1];
        self[0] = new RawServer(connection -> {
            readRequest(connection.getInputStream());
            self[0].requests.incrementAndGet();
            write(connection.getOutputStream(), answer);
        });
        return self[0];
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Reads head and body, and gives both. */
    static String readRequest(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no whole request");
            }
            head.append((char) next);
        }
        int length = head.toString()
                .lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
