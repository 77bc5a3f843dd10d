package mallstream.bootstrap.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A mail server and a receiver of webhooks on this machine. Both fail, and say of whom. */
final class Strangers implements AutoCloseable {
    /** What it says to a recipient and then to the text, by the number in the address. */
    private static final List<Map.Entry<String, String>> ANSWERS = List.of(
            Map.entry("550 5.1.1 <%s> is nobody here", ""),
            Map.entry("450 4.2.2 <%s> is full", ""),
            Map.entry("421 4.3.2 <%s> was the last of this connection", ""),
            Map.entry("250 2.1.5 <%s> is welcome", "554 5.6.0 <%s> would not read that"),
            Map.entry("250 2.1.5 <%s> is welcome", "451 4.3.0 <%s> is not to be had now"),
            Map.entry("250 2.1.5 <%s> is welcome", "250 2.0.0 <%s> has it"));

    private final ServerSocket mail;
    private final Receiver webhooks;
    private final String somebody;
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();

    /** @param somebody whom they name where they were told of nobody */
    Strangers(String somebody) {
        this.somebody = somebody;
        try {
            mail = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
            webhooks = new Receiver(500, call -> somebody + " does not want " + call.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.startVirtualThread(this::accept);
    }

    /** What the platform has to be told of them, as environment variables. */
    Map<String, String> settings() {
        return Map.of(
                "SPRING_MAIL_HOST",
                "127.0.0.1",
                "SPRING_MAIL_PORT",
                Integer.toString(mail.getLocalPort()),
                "MALLSTREAM_NOTICE_MAIL_FROM",
                "notice@mall.example",
                // A call's lease must be three times as long.
                "MALLSTREAM_NOTICE_MAIL_TIMEOUT",
                "10s",
                "MALLSTREAM_WEBHOOK_ALLOW",
                "127.0.0.0/8",
                "MALLSTREAM_WEBHOOK_ALLOWHTTP",
                "true");
    }

    /** Where webhooks go. */
    String url() {
        return webhooks.url();
    }

    /** How many recipients the mail server was told of. */
    int told() {
        return told.size();
    }

    private void accept() {
        while (!mail.isClosed()) {
            try {
                Socket client = mail.accept();
                Thread.startVirtualThread(() -> converse(client));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    /** The first connection is refused as a whole, as it would be after too many errors. */
    private void converse(Socket client) {
        boolean refused = connections.incrementAndGet() == 1;
        try (client) {
            var in = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
            OutputStream out = client.getOutputStream();
            say(out, "220 here");
            String to = "";
            boolean text = false;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (text && !line.equals(".")) {
                    continue;
                }
                text = line.equals("DATA");
                String answer = "250 ok";
                if (refused) {
                    answer = "554 5.3.2 no more of this since " + somebody;
                } else if (text) {
                    answer = "354 go on";
                } else if (line.startsWith("RCPT")) {
                    to = line.replaceAll(".*<(.*)>.*", "$1");
                    told.add(to);
                    answer = of(to).getKey().formatted(to);
                } else if (line.equals(".")) {
                    answer = of(to).getValue().formatted(to);
                }
                say(out, answer);
                if (answer.startsWith("421")) {
                    return;
                }
            }
        } catch (IOException e) {
            // The other side has gone.
        }
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(UTF_8));
    }

    private static Map.Entry<String, String> of(String to) {
        return ANSWERS.get(Integer.parseInt(to.replaceAll("[^0-9]", "")) % ANSWERS.size());
    }

    @Override
    public void close() {
        webhooks.close();
        try {
            mail.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
