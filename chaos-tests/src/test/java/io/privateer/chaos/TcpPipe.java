package io.privateer.chaos;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Carries the bytes of TCP connections to an endpoint, and can cut them, or hold the bytes back. Thread-safe. */
public final class TcpPipe implements Closeable {

    private static final int BUFFER_BYTES = 16 * 1024;

    private final ServerSocket listener;
    private final String target;
    private final List<Closeable> open = new ArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Gate there = new Gate();
    private final Gate back = new Gate();

    /** What passes in one direction, when it is open. */
    private static final class Gate {
        private boolean shut;

        synchronized void set(boolean isShut) {
            shut = isShut;
            notifyAll();
        }

        synchronized void pass() throws IOException {
            try {
                while (shut) {
                    wait();
                }
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
        }
    }

    /** Opens a pipe whose connections end at {@code target}, {@code tcp://host:port}. */
    public TcpPipe(String target) throws IOException {
        this(InetAddress.getLoopbackAddress(), 0, target);
    }

    /** As the other constructor does, with the entrance at a place of choice. */
    public TcpPipe(InetAddress address, int port, String target) throws IOException {
        this.listener = new ServerSocket(port, 50, address);
        this.target = target;
        start("pipe-acceptor", this::accept);
    }

    /** Returns where to connect instead of the target. */
    public String endpoint() {
        return "tcp://" + listener.getInetAddress().getHostAddress() + ":" + listener.getLocalPort();
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

    /** Connections stay, but nothing that is sent arrives, in either direction, before {@link #release}. */
    public void hold() {
        there.set(true);
        back.set(true);
    }

    /** The same, for what is sent to the target only. */
    public void holdThere() {
        there.set(true);
    }

    /** The same, for what is sent to the target, what the target sends, both or neither; the end of a connection is held back too. */
    public void hold(boolean toTarget, boolean fromTarget) {
        there.set(toTarget);
        back.set(fromTarget);
    }

    /** What was held back arrives. */
    public void release() {
        there.set(false);
        back.set(false);
    }

    private void accept() {
        try {
            while (true) {
                accept(listener.accept());
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void accept(Socket socket) throws IOException {
        try {
            Closeable connection = join(socket, target, there, back);
            synchronized (this) {
                open.add(connection);
            }
            connections.incrementAndGet();
        } catch (ConnectException e) {
            socket.close(); // Nobody is there yet.
        }
    }

    /** Joins {@code socket} with a new connection to {@code target} until either ends. */
    public static Closeable join(Socket socket, String target) throws IOException {
        return join(socket, target, new Gate(), new Gate());
    }

    private static Closeable join(Socket socket, String target, Gate there, Gate back) throws IOException {
        URI at = URI.create(target);
        Socket far = new Socket(at.getHost(), at.getPort());
        socket.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        Closeable both = () -> {
            socket.close();
            far.close();
        };
        start("pipe-there", () -> carry(socket, far, there, both));
        start("pipe-back", () -> carry(far, socket, back, both));
        return both;
    }

    private static void carry(Socket from, Socket to, Gate gate, Closeable both) {
        try (both) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                gate.pass();
                out.write(buffer, 0, length);
            }
            gate.pass();
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
        release();
    }
}
