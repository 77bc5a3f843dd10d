package mallstream.bootstrap.infrastructure;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A piece of network between a client and a server: a TCP proxy that can be cut. While it is, bytes of both directions
 * stay where they are and new connections get no answer, and neither side is told anything, as it is when packets are
 * lost; when it is mended all goes on, as TCP would after sending again.
 */
public final class Link implements AutoCloseable {
    private final ServerSocket server;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition mended = lock.newCondition();
    private boolean cut;

    /**
     * @param port a free port, where it takes connections
     * @param target the port on this machine where they go
     */
    Link(int port, int target) {
        this.target = target;
        try {
            server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
        Thread.ofVirtual().name("link").start(this::accept);
    }

    /** Takes the network away. */
    public void cut() {
        set(true);
    }

    /** Brings the network back. */
    public void mend() {
        set(false);
    }

    private void set(boolean to) {
        lock.lock();
        try {
            cut = to;
            mended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void awaitMended() {
        lock.lock();
        try {
            while (cut) {
                mended.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        awaitMended();
        try {
            Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(client);
            open.add(upstream);
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> pump(client, upstream));
            pump(upstream, client);
        } catch (IOException refused) {
            close(client);
        }
    }

    /** What was read before the cut is held, not lost. */
    private void pump(Socket from, Socket to) {
        try (from;
                to) {
            byte[] buffer = new byte[64 * 1024];
            InputStream input = from.getInputStream();
            OutputStream output = to.getOutputStream();
            for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
                awaitMended();
                output.write(buffer, 0, read);
            }
            awaitMended();
        } catch (IOException gone) {
            // One side is gone; the other learns it by the closing of its socket.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // As wanted.
        }
    }

    @Override
    public void close() {
        mend();
        try {
            server.close();
        } catch (IOException gone) {
            // As wanted.
        }
        open.forEach(Link::close);
    }
}
