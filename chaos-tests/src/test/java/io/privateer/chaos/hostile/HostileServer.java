package io.privateer.chaos.hostile;

import io.privateer.chaos.TcpPipe;
import io.privateer.chaos.hostile.HostileInput.Connection;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that plays a {@link HostileInput} to who connects first, and is an honest server's door afterwards. */
final class HostileServer implements Closeable {

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final HostileInput input;
    private final String honest;
    private final AtomicInteger played = new AtomicInteger();
    private final AtomicInteger piped = new AtomicInteger();
    private final List<Closeable> open = new ArrayList<>();

    HostileServer(HostileInput input, String honest) throws IOException {
        this.input = input;
        this.honest = honest;
        Thread acceptor = new Thread(this::accept, "hostile-server");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    String endpoint() {
        return "tcp://127.0.0.1:" + listener.getLocalPort();
    }

    /** Returns how many connections met the hostile input. */
    int played() {
        return played.get();
    }

    /** Returns how many connections were handed through to the honest server. */
    int piped() {
        return piped.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                int number = played.get();
                if (number < input.connections().size()) {
                    keep(socket);
                    greet(socket, input.connections().get(number));
                    played.incrementAndGet();
                } else {
                    keep(TcpPipe.join(socket, honest));
                    piped.incrementAndGet();
                }
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void greet(Socket socket, Connection connection) {
        try {
            HostilePeer.speak(socket, connection);
        } catch (IOException e) {
            // Whoever connected has given up already; the next one gets the next.
        }
    }

    private synchronized void keep(Closeable connection) {
        open.add(connection);
    }

    @Override
    public synchronized void close() throws IOException {
        listener.close();
        for (Closeable connection : open) {
            connection.close();
        }
    }
}
