package mallstream.notification;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import mallstream.member.application.port.out.SendWebhooks;
import mallstream.member.application.port.out.SendWebhooks.Message;
import mallstream.member.application.port.out.SendWebhooks.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpWebhooksIT {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final AddressGuard.Names LOOPBACK = name -> List.of(InetAddress.ofLiteral("127.0.0.1"));

    @Test
    void a_message_arrives_signed_and_unchanged() throws Exception {
        ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
        try (RawServer server = new RawServer(connection -> {
                    seen.add(RawServer.readRequest(connection.getInputStream()));
                    RawServer.write(connection.getOutputStream(), "HTTP/1.1 204 No Content\r\n\r\n");
                });
                HttpWebhooks webhooks = webhooks(LONG)) {
            String body = "{\"name\":\"홍길동\"}";
            Message message = new Message(
                    "msg_1",
                    UUID.randomUUID(),
                    URI.create("http://hooks.example:" + server.port() + "/in/%20?a=b"),
                    List.of(new byte[24], new byte[32]),
                    body,
                    AT);
            assertThat(send(webhooks, List.of(message))).containsExactly(new Result.Delivered(204));
            assertThat(seen.remove().lines())
                    .contains(
                            "POST /in/%20?a=b HTTP/1.1",
                            "Host: hooks.example:" + server.port(),
                            "Content-Type: application/json",
                            "Connection: close",
                            "webhook-id: msg_1",
                            "webhook-timestamp: 1767323045",
                            "webhook-signature: "
                                    + HttpWebhooks.signatures("msg_1", "1767323045", body, message.secrets()),
                            body);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 206, 299})
    void every_2xx_is_success(int status) throws Exception {
        assertThat(answerTo("HTTP/1.1 " + status + " X\r\nContent-Length: 2\r\n\r\nok"))
                .isEqualTo(new Result.Delivered(status));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 408, 429, 500, 502, 503, 504, 599})
    void every_error_fails_with_its_status_and_the_pause_that_was_asked_for(int status) throws Exception {
        assertThat(answerTo("HTTP/1.1 " + status + " X\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n"))
                .isEqualTo(new Result.Failed(status, "http-" + status, Duration.ofSeconds(30)));
    }

    @Test
    void a_date_may_say_how_long_to_wait() throws Exception {
        assertThat(answerTo(
                        "HTTP/1.1 503 X\r\nRetry-After: Fri, 02 Jan 2026 03:05:05 GMT\r\nContent-Length: 0\r\n\r\n"))
                .isEqualTo(new Result.Failed(503, "http-503", Duration.ofSeconds(59, 322_000_000)));
    }

    @Test
    void gone_is_gone() throws Exception {
        assertThat(answerTo("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")).isEqualTo(new Result.Gone());
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 301, 302, 303, 304, 307, 308})
    void a_redirect_fails_and_is_not_followed(int status) throws Exception {
        try (RawServer target = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
            assertThat(answerTo("HTTP/1.1 " + status + " X\r\nLocation: http://localhost:" + target.port()
                            + "/\r\nContent-Length: 0\r\n\r\n"))
                    .isEqualTo(new Result.Failed(status, "redirect", null));
            assertThat(target.connections).hasValue(0);
        }
    }

    @Test
    void a_failed_attempt_is_one_request_only() throws Exception {
        try (RawServer server = RawServer.answering("HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n");
                RawServer dropping = new RawServer(connection -> RawServer.readRequest(connection.getInputStream()));
                HttpWebhooks webhooks = webhooks(LONG)) {
            assertThat(send(webhooks, List.of(to(server), to(dropping))))
                    .containsExactly(
                            new Result.Failed(503, "http-503", null), new Result.Failed(0, "connection", null));
            assertThat(server.requests).hasValue(1);
            assertThat(dropping.connections).hasValue(1);
        }
    }

    @Test
    void nobody_there_and_no_http_are_told_apart() throws Exception {
        int closed;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = taken.getLocalPort();
        }
        try (RawServer noHttp = new RawServer(connection -> {
                    connection.getInputStream().read();
                    RawServer.write(connection.getOutputStream(), "hello\r\n\r\n");
                });
                HttpWebhooks webhooks = webhooks(LONG)) {
            assertThat(send(
                            webhooks,
                            List.of(
                                    message("http://hooks.example:" + closed + "/"),
                                    to(noHttp),
                                    message("https://hooks.example:" + noHttp.port() + "/"))))
                    .extracting(result -> ((Result.Failed) result).why())
                    .containsExactly("connect", "connection", "tls");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\nX: ",
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
            })
    void a_receiver_that_trickles_is_cut_at_the_deadline(String beginning) throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        try (RawServer server = new RawServer(connection -> {
                    RawServer.readRequest(connection.getInputStream());
                    OutputStream out = connection.getOutputStream();
                    CountDownLatch pause = new CountDownLatch(1);
                    try {
                        RawServer.write(out, beginning);
                        // Far beyond the deadline in all, and never silent for as long as a socket timeout.
                        for (int n = 0; n < 8; n++) {
                            RawServer.write(out, beginning.isEmpty() ? "H" : "x");
                            pause.await(SHORT.toMillis() * 6 / 10, TimeUnit.MILLISECONDS);
                        }
                    } finally {
                        gone.countDown();
                    }
                });
                HttpWebhooks webhooks = webhooks(SHORT)) {
            long start = System.nanoTime();
            assertThat(send(webhooks, List.of(to(server)))).containsExactly(new Result.Failed(0, "timeout", null));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SHORT, SHORT.multipliedBy(3));
            assertThat(gone.await(SHORT.toMillis() * 3, TimeUnit.MILLISECONDS))
                    .as("the connection is closed, not only left alone")
                    .isTrue();
        }
    }

    @Test
    void a_receiver_that_says_nothing_or_does_not_even_shake_hands_is_cut_at_the_deadline() throws Exception {
        try (RawServer silent = new RawServer(
                        connection -> connection.getInputStream().transferTo(OutputStream.nullOutputStream()));
                HttpWebhooks webhooks = webhooks(SHORT)) {
            long start = System.nanoTime();
            assertThat(send(webhooks, List.of(to(silent), message("https://hooks.example:" + silent.port() + "/"))))
                    .containsExactly(new Result.Failed(0, "timeout", null), new Result.Failed(0, "timeout", null));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SHORT, SHORT.multipliedBy(3));
        }
    }

    @Test
    void an_endless_answer_is_read_to_64_kB_and_costs_no_memory() throws Exception {
        AtomicLong sent = new AtomicLong();
        byte[] block = new byte[64 * 1024];
        try (RawServer server = new RawServer(connection -> {
                    RawServer.readRequest(connection.getInputStream());
                    OutputStream out = connection.getOutputStream();
                    RawServer.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n");
                    while (true) {
                        out.write(block);
                        sent.addAndGet(block.length);
                    }
                });
                HttpWebhooks webhooks = webhooks(LONG)) {
            long before = ManagementFactory.getPlatformMXBean(com.sun.management.ThreadMXBean.class)
                    .getTotalThreadAllocatedBytes();
            assertThat(send(webhooks, List.of(to(server)))).containsExactly(new Result.Delivered(200));
            long allocated = ManagementFactory.getPlatformMXBean(com.sun.management.ThreadMXBean.class)
                            .getTotalThreadAllocatedBytes()
                    - before;
            // What the kernel's buffers take is sent, but never read.
            assertThat(sent.get()).isLessThan(16L * 1024 * 1024);
            assertThat(allocated).isLessThan(16L * 1024 * 1024);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"line", "lines", "status", "chunk"})
    void endless_headers_end_the_attempt_early(String kind) throws Exception {
        AtomicLong sent = new AtomicLong();
        try (RawServer server = new RawServer(connection -> {
                    RawServer.readRequest(connection.getInputStream());
                    OutputStream out = connection.getOutputStream();
                    RawServer.write(
                            out,
                            switch (kind) {
                                case "status" -> "HTTP/1.1 200 ";
                                case "chunk" -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;";
                                default -> "HTTP/1.1 200 OK\r\nX: ";
                            });
                    byte[] more = (kind.equals("lines") ? "x\r\nX: " : "xxxx")
                            .repeat(1000)
                            .getBytes(StandardCharsets.UTF_8);
                    while (true) {
                        out.write(more);
                        sent.addAndGet(more.length);
                    }
                });
                HttpWebhooks webhooks = webhooks(LONG)) {
            assertThat(send(webhooks, List.of(to(server)))).containsExactly(new Result.Failed(0, "connection", null));
            assertThat(sent.get()).isLessThan(16L * 1024 * 1024);
        }
    }

    @Test
    void receivers_that_hang_hold_their_own_places_and_delay_no_other() throws Exception {
        AtomicInteger arrived = new AtomicInteger();
        try (RawServer dead = new RawServer(
                        connection -> connection.getInputStream().transferTo(OutputStream.nullOutputStream()));
                RawServer alive = new RawServer(connection -> {
                    RawServer.readRequest(connection.getInputStream());
                    arrived.incrementAndGet();
                    RawServer.write(connection.getOutputStream(), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                });
                HttpWebhooks webhooks = webhooks(LONG)) {
            Message toDead = to(dead);
            assertThat(webhooks.mostPerEndpoint()).isEqualTo(4);
            assertThat(webhooks.start(List.of(toDead, toDead, toDead, toDead, toDead)))
                    .isEqualTo(4);
            assertThat(webhooks.ended(Duration.ZERO))
                    .as("one more than the cap of an endpoint")
                    .containsExactly(new SendWebhooks.Ended(toDead, new Result.NotMade()));
            assertThat(webhooks.room()).isEqualTo(12);

            long start = System.nanoTime();
            var sent = new ArrayList<Result>();
            int started = 0;
            while (sent.size() < 200) {
                int more = Math.min(webhooks.room(), 200 - started);
                webhooks.start(IntStream.range(0, more).mapToObj(n -> to(alive)).toList());
                started += more;
                webhooks.ended(LONG).forEach(ended -> sent.add(ended.result()));
            }

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG);
            assertThat(sent).containsOnly(new Result.Delivered(200));
            assertThat(arrived).hasValue(200);
            assertThat(webhooks.running()).as("those that hang").isEqualTo(4);
        }
    }

    @Test
    void a_name_is_resolved_once_per_attempt_and_judged_at_every_attempt() throws Exception {
        AtomicInteger lookUps = new AtomicInteger();
        // The attacker's name service: the first answer is harmless, all later ones lead inward.
        AddressGuard.Names turning =
                name -> List.of(InetAddress.ofLiteral(lookUps.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.2"));
        try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                HttpWebhooks webhooks =
                        new HttpWebhooks(settings(List.of("127.0.0.1/32"), LONG), turning, SSLContext.getDefault())) {
            Message message = to(server);
            assertThat(send(webhooks, List.of(message))).containsExactly(new Result.Delivered(200));
            assertThat(lookUps).hasValue(1);
            assertThat(send(webhooks, List.of(message))).containsExactly(new Result.Failed(0, "address-refused", null));
            assertThat(lookUps).hasValue(2);
            assertThat(server.connections).hasValue(1);
        }
    }

    @Test
    void an_address_that_was_fine_at_registration_is_refused_at_the_attempt_once_it_leads_inward() throws Exception {
        AtomicInteger lookUps = new AtomicInteger();
        AddressGuard.Names turning =
                name -> List.of(InetAddress.ofLiteral(lookUps.getAndIncrement() == 0 ? "93.184.216.34" : "127.0.0.1"));
        try (HttpWebhooks webhooks = new HttpWebhooks(settings(List.of(), LONG), turning, SSLContext.getDefault())) {
            URI url = URI.create("https://hooks.example/");
            assertThat(webhooks.whyNot(url)).isEmpty();
            assertThat(webhooks.whyNot(url)).contains("the host must have public addresses only");
            assertThat(send(webhooks, List.of(message("https://hooks.example/"))))
                    .containsExactly(new Result.Failed(0, "address-refused", null));
        }
    }

    @Test
    void a_name_service_that_hangs_is_cut_and_what_it_says_later_is_not_called() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch resolved = new CountDownLatch(1);
        AddressGuard.Names slow = name -> {
            boolean waiting = true;
            while (waiting) {
                try {
                    answer.await();
                    waiting = false;
                } catch (InterruptedException e) {
                    // A system call is not interrupted either.
                }
            }
            // But the interrupt is still there afterwards.
            Thread.currentThread().interrupt();
            resolved.countDown();
            return List.of(InetAddress.ofLiteral("127.0.0.1"));
        };
        try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                HttpWebhooks webhooks =
                        new HttpWebhooks(settings(List.of("127.0.0.1/32"), SHORT), slow, SSLContext.getDefault())) {
            assertThat(send(webhooks, List.of(to(server)))).containsExactly(new Result.Failed(0, "timeout", null));
            answer.countDown();
            assertThat(resolved.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(send(webhooks, List.of(message("ftp://never")))).hasSize(1);
            assertThat(server.requests).hasValue(0);
        }
    }

    @Test
    void no_proxy_of_the_machine_comes_between() throws Exception {
        ProxySelector before = ProxySelector.getDefault();
        try (RawServer proxy = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                HttpWebhooks webhooks = webhooks(LONG)) {
            ProxySelector.setDefault(new ProxySelector() {
                @Override
                public List<Proxy> select(URI uri) {
                    return List.of(new Proxy(
                            Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port())));
                }

                @Override
                public void connectFailed(URI uri, SocketAddress address, IOException e) {}
            });
            assertThat(send(webhooks, List.of(to(server)))).containsExactly(new Result.Delivered(200));
            assertThat(proxy.connections).hasValue(0);
        } finally {
            ProxySelector.setDefault(before);
        }
    }

    @Test
    void the_receiver_sees_the_name_in_host_and_sni_and_must_prove_it(@TempDir Path folder) throws Exception {
        SSLContext tls = selfSigned(folder, "hooks.example");
        ConcurrentLinkedQueue<String> names = new ConcurrentLinkedQueue<>();
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/", exchange -> {
            ExtendedSSLSession session = (ExtendedSSLSession) ((HttpsExchange) exchange).getSSLSession();
            session.getRequestedServerNames().forEach(name -> names.add(((SNIHostName) name).getAsciiName()));
            names.add(exchange.getRequestHeaders().getFirst("Host"));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        int port = server.getAddress().getPort();
        try (HttpWebhooks webhooks = new HttpWebhooks(settings(List.of("127.0.0.1/32"), LONG), LOOPBACK, tls)) {
            assertThat(send(
                            webhooks,
                            List.of(
                                    message("https://hooks.example:" + port + "/"),
                                    message("https://other.example:" + port + "/"))))
                    .containsExactly(new Result.Delivered(200), new Result.Failed(0, "tls", null));
            assertThat(names).containsExactly("hooks.example", "hooks.example:" + port);
        } finally {
            server.stop(0);
        }
    }

    private static SSLContext selfSigned(Path folder, String name) throws Exception {
        Path store = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "receiver",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=dns:" + name,
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory mine = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        mine.init(keys, "changeit".toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(mine.getKeyManagers(), trusted.getTrustManagers(), null);
        return tls;
    }

    private static Result answerTo(String answer) throws Exception {
        try (RawServer server = RawServer.answering(answer);
                HttpWebhooks webhooks = webhooks(LONG)) {
            return send(webhooks, List.of(to(server))).getFirst();
        }
    }

    /** Starts them as there is room and waits for all; the results come in the order of the messages. */
    static List<Result> send(HttpWebhooks webhooks, List<Message> messages) {
        var results = new IdentityHashMap<Message, Result>();
        int next = 0;
        while (results.size() < messages.size()) {
            int until = Math.min(messages.size(), next + webhooks.room());
            webhooks.start(messages.subList(next, until));
            next = until;
            webhooks.ended(LONG).forEach(ended -> results.put(ended.message(), ended.result()));
        }
        return messages.stream().map(results::get).toList();
    }

    private static HttpWebhooks webhooks(Duration timeout) throws Exception {
        return new HttpWebhooks(settings(List.of("127.0.0.0/8"), timeout), LOOPBACK, SSLContext.getDefault());
    }

    private static WebhookSettings settings(List<String> allow, Duration timeout) {
        return new WebhookSettings(allow, true, timeout, 16, 4);
    }

    private static Message to(RawServer server) {
        return message("http://hooks.example:" + server.port() + "/");
    }

    private static Message message(String url) {
        return new Message("msg_1", UUID.randomUUID(), URI.create(url), List.of(new byte[24]), "{}", AT);
    }
}
