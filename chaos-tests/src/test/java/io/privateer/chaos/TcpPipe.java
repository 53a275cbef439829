package io.privateer.chaos;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Carries the bytes of TCP connections to an endpoint, and can cut them. Thread-safe. */
public final class TcpPipe implements Closeable {

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final String target;
    private final List<Closeable> open = new ArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    /** Opens a pipe whose connections end at {@code target}, {@code tcp://host:port}. */
    public TcpPipe(String target) throws IOException {
        this.target = target;
        start("pipe-acceptor", this::accept);
    }

    /** Returns where to connect instead of the target. */
    public String endpoint() {
        return "tcp://127.0.0.1:" + listener.getLocalPort();
    }

    /** Returns how many connections were made so far. */
    public int connections() {
        return connections.get();
    }

    /** Cuts every connection; new ones are taken as before. */
    public synchronized void cut() throws IOException {
        for (Closeable connection : open) {
            connection.close();
        }
        open.clear();
    }

    private void accept() {
        try {
            while (true) {
                Closeable connection = join(listener.accept(), target);
                synchronized (this) {
                    open.add(connection);
                }
                connections.incrementAndGet();
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    /** Joins {@code socket} with a new connection to {@code target} until either ends. */
    public static Closeable join(Socket socket, String target) throws IOException {
        URI at = URI.create(target);
        Socket far = new Socket(at.getHost(), at.getPort());
        socket.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        Closeable both = () -> {
            socket.close();
            far.close();
        };
        start("pipe-there", () -> carry(socket, far, both));
        start("pipe-back", () -> carry(far, socket, both));
        return both;
    }

    private static void carry(Socket from, Socket to, Closeable both) {
        try (both) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException e) {
            // One side has closed; so does the other.
        }
    }

    private static void start(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
