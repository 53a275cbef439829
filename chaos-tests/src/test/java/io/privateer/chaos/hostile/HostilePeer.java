package io.privateer.chaos.hostile;

import io.privateer.chaos.hostile.HostileInput.Connection;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Plays a {@link HostileInput} to a bound socket, and keeps its connections until it is closed. */
final class HostilePeer implements Closeable {

    private static final int GREETING_MILLIS_MAX = 10_000;

    private final List<Socket> sockets = new ArrayList<>();

    private HostilePeer() {}

    static HostilePeer play(HostileInput input, String endpoint) throws IOException {
        URI at = URI.create(endpoint);
        HostilePeer peer = new HostilePeer();
        for (Connection connection : input.connections()) {
            Socket socket = new Socket(at.getHost(), at.getPort());
            peer.sockets.add(socket);
            speak(socket, connection);
        }
        if (input.leaves()) {
            peer.close();
        }
        return peer;
    }

    /** Says everything, unless the other side has had enough before. */
    static void speak(Socket socket, Connection connection) throws IOException {
        socket.setSoTimeout(GREETING_MILLIS_MAX);
        socket.setTcpNoDelay(true);
        if (connection.ready().length > 0) {
            shakeHands(socket);
        }
        try {
            socket.getOutputStream().write(Zmtp.join(connection.ready(), connection.bytes()));
        } catch (IOException e) {
            // Thrown out in the middle, which is what should happen.
        }
    }

    /** Waits for the other side's READY, because what comes before that counts as part of the handshake. */
    private static void shakeHands(Socket socket) throws IOException {
        socket.getOutputStream().write(Zmtp.greeting());
        InputStream in = socket.getInputStream();
        int greeted = in.readNBytes(Zmtp.GREETING_BYTES).length;
        byte[] header = in.readNBytes(2);
        if (greeted < Zmtp.GREETING_BYTES || header.length < 2) {
            throw new IOException("the victim did not shake hands: " + greeted + " bytes");
        }
        in.readNBytes(header[1]);
    }

    @Override
    public void close() {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
