package mallstream.notification;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A mail server that does what a test wants at one point, and what is right at all others. */
final class ScriptedSmtp implements AutoCloseable {
    /** Recipients of the messages that it took. */
    final Queue<String> taken = new ConcurrentLinkedQueue<>();
    /** Commands as they came. */
    final Queue<String> commands = new ConcurrentLinkedQueue<>();

    private final AtomicInteger dialogues = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final RawServer server;

    /** What the test wants. */
    interface Script {
        /**
         * @param step {@code banner}, a command's first word, {@code text} before the text of a message is read, or
         *     {@code .} after it
         * @param to the number in the recipient's address, -1 before there is one
         * @return another answer than the usual one
         * @throws Exception to close the connection
         */
        @Nullable
        String at(String step, int to, Dialogue dialogue) throws Exception;
    }

    /** One connection. */
    static final class Dialogue {
        /** From 1. */
        final int number;

        private final Socket socket;
        private final BufferedReader in;

        private final CountDownLatch closed;

        private Dialogue(int number, Socket socket, CountDownLatch closed) throws IOException {
            this.number = number;
            this.socket = socket;
            this.closed = closed;
            this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        }

        /** Says nothing until the other side has gone. */
        String silence() throws IOException {
            while (in.read() >= 0) {
                // What comes is not for us.
            }
            throw new IOException("gone");
        }

        /** Neither says nor reads anything, so that the other side's buffers fill. */
        String stall() throws Exception {
            closed.await();
            throw new IOException("over");
        }

        /** Writes a character of an answer that never ends, again and again, until the other side has gone. */
        void trickle(Duration every) throws Exception {
            CountDownLatch pause = new CountDownLatch(1);
            while (true) {
                RawServer.write(socket.getOutputStream(), "2");
                pause.await(every.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        /** Reads so many characters of a text, and resets the connection. */
        String reset(int after) throws IOException {
            for (int i = 0; i < after && in.read() >= 0; i++) {
                // As far as it goes.
            }
            socket.setSoLinger(true, 0);
            throw new IOException("reset");
        }
    }

    ScriptedSmtp(Script script) throws IOException {
        server = new RawServer(socket -> converse(script, new Dialogue(dialogues.incrementAndGet(), socket, closed)));
    }

    int port() {
        return server.port();
    }

    int connections() {
        return server.connections.get();
    }

    private void converse(Script script, Dialogue dialogue) throws Exception {
        int to = -1;
        answer(script, "banner", to, dialogue, "220 ready");
        for (String line = dialogue.in.readLine(); line != null; line = dialogue.in.readLine()) {
            commands.add(line);
            String verb = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
            switch (verb) {
                case "EHLO" -> answer(script, verb, to, dialogue, "250 here");
                case "RCPT" -> {
                    to = Integer.parseInt(line.replaceAll(".*<p([0-9]+)@.*", "$1"));
                    answer(script, verb, to, dialogue, "250 ok");
                }
                case "DATA" -> {
                    if (answer(script, verb, to, dialogue, "354 go on").startsWith("354")) {
                        script.at("text", to, dialogue);
                        String text = dialogue.in.readLine();
                        while (text != null && !text.equals(".")) {
                            text = dialogue.in.readLine();
                        }
                        if (text == null) {
                            return;
                        }
                        if (answer(script, ".", to, dialogue, "250 taken").startsWith("250")) {
                            taken.add("p" + to);
                        }
                    }
                }
                case "QUIT" -> {
                    answer(script, verb, to, dialogue, "221 bye");
                    return;
                }
                default -> answer(script, verb, to, dialogue, "250 ok");
            }
        }
    }

    private static String answer(Script script, String step, int to, Dialogue dialogue, String usual) throws Exception {
        String scripted = script.at(step, to, dialogue);
        String answer = scripted == null ? usual : scripted;
        RawServer.write(dialogue.socket.getOutputStream(), answer + "\r\n");
        return answer;
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        server.close();
    }
}
