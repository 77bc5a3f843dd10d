package standin.gateway;

import java.time.Clock;
import java.util.concurrent.CountDownLatch;

/** The stand-in as a program of its own, for measurements that must not share a heap with it. */
public final class GatewayProgram {
    private GatewayProgram() {}

    /**
     * Runs until it is stopped, and prints its address once it is up.
     *
     * @param args {@code --port=<port>} and whatever {@link GatewayStub#set} takes, as {@code --<name>=<value>}. All but the
     *     port can be changed later by {@code POST /control?<name>=<value>}; {@code GET /control} shows what was sent,
     *     {@code GET /control?row=…} or {@code ?phone=…} how often to one, {@code DELETE /control} forgets it
     * @throws InterruptedException when it is interrupted
     */
    public static void main(String[] args) throws InterruptedException {
        int port = 0;
        for (String arg : args) {
            if (arg.startsWith("--port=")) {
                port = Integer.parseInt(arg.substring(7));
            }
        }
        try (GatewayStub gateway = new GatewayStub(port, Clock.systemUTC())) {
            for (String arg : args) {
                String[] parts = arg.replaceFirst("^--", "").split("=", 2);
                if (!parts[0].equals("port")) {
                    gateway.set(parts[0], parts.length == 1 ? "" : parts[1]);
                }
            }
            System.out.println("Gateway at " + gateway.url());
            new CountDownLatch(1).await();
        }
    }
}
