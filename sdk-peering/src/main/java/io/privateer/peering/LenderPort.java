package io.privateer.peering;

import io.privateer.core.wire.PeerId;
import io.privateer.pirate.Lending.Credit;
import java.util.Map;

/** Where {@link Membership} puts what it knows of other brokers as lenders of workers. None of it calls back. */
interface LenderPort {

    /**
     * Requests may go to a broker from here on, as far as it has credit, which is none at first.
     *
     * @param name of its cluster; if it is open, then as another life, and what that had goes elsewhere
     * @param incarnation the life of it that takes them; all that another one has said of this name counts no more
     * @param cloudEndpoint where it takes them
     */
    void lenderOpen(String name, PeerId incarnation, String cloudEndpoint);

    /**
     * How many requests of each service the broker may have in flight at a time, which is what it has to spare and what it has of
     * ours already. What is still on its way there is in flight here and not yet held there, so it is counted once.
     *
     * @param credit without the services of which it may have none
     */
    void lenderCredit(String name, Map<String, Credit> credit);

    /**
     * No more requests may go there.
     *
     * @param drain whether those in flight will still be answered; otherwise they are to go elsewhere
     */
    void lenderClose(String name, boolean drain);

    /** Asks the broker there, which stands by, to serve: the other one of its pair is not heard. */
    void vote(String cloudEndpoint);
}
