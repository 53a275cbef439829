package io.privateer.pirate;

/** The world outside {@link WorkerMachine}: a DEALER socket and handler threads in production. */
interface WorkerPort {

    /** Connects a new socket, under a new routing id. */
    void open();

    /** Closes the socket; what was sent lingers, what was received and not handed over is gone. */
    void closeSocket();

    /** Says that this worker holds nothing. */
    void sendReady();

    /** Gives a sign of life. */
    void sendHeartbeat(boolean whileBusy);

    /** Answers the delivery that came under {@code address}. */
    void sendReply(byte[][] address, byte[][] body);

    /** Hands a request to the handler; {@link WorkerMachine#onHandled} or {@code onFailed} follows, once. */
    void handle(byte[][] body);

    /** The worker has drained and its socket is closed. Called once. */
    void drained();
}
