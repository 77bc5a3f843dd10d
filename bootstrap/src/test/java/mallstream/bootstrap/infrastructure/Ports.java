package mallstream.bootstrap.infrastructure;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Finds TCP ports. */
final class Ports {
    /** Free is also what was given away and is not yet listened on. */
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private Ports() {}

    /** The wanted port where nothing listens on it, else (and for 0) any free one. */
    static int preferably(int wanted) {
        return wanted != 0 && isFree(wanted) ? wanted : free();
    }

    /**
     * A free port below the range that systems hand out by themselves: a server that is stopped for a while gets it
     * back, because no outgoing connection takes it meanwhile. Never the same twice.
     */
    static int free() {
        return IntStream.generate(() -> ThreadLocalRandom.current().nextInt(20_000, 30_000))
                .filter(port -> GIVEN.add(port) && isFree(port))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
