package io.privateer.pirate;

/**
 * How many times a client may send requests again: a fixed part of the number of its requests. It starts with a small
 * advance, which the first requests pay back, so that in all at most {@code max(advance, ratio × requests)} are sent
 * again.
 *
 * <p>Calls whose connection was replaced may borrow: a server that is back gets them at once, and requests to come pay
 * for it. That is bounded too, so a server that comes and goes is not flooded.
 */
final class RetryBudget {

    /** So many may be sent again before any request has paid for it. */
    static final int ADVANCE = 10;

    private static final long TOKEN = 1_000_000;

    private final long earned;
    private final long balanceMax;
    private final long debtMax;
    private long toPayBack;
    private long balance;

    /**
     * Makes a budget.
     *
     * @param ratio how much of a retry each request pays for; 0 is no retries at all
     * @param burstMax most that is saved, and most that is borrowed
     */
    RetryBudget(double ratio, int burstMax) {
        this.earned = Math.round(ratio * TOKEN);
        this.balanceMax = earned == 0 ? 0 : Math.max(burstMax, ADVANCE) * TOKEN;
        this.debtMax = earned == 0 ? 0 : burstMax * TOKEN;
        this.toPayBack = earned == 0 ? 0 : ADVANCE * TOKEN;
        this.balance = toPayBack;
    }

    /** A request was made. */
    void earn() {
        if (toPayBack > 0) {
            toPayBack -= earned;
        } else if (balance < balanceMax) {
            balance += earned;
        }
    }

    /** Takes what one retry costs, if it is there. */
    boolean spend() {
        return take(false);
    }

    /** Takes what one retry costs, on credit if need be. */
    boolean borrow() {
        return take(true);
    }

    /** Returns whether one more retry could be had. */
    boolean isEnough(boolean onCredit) {
        return balance - TOKEN >= (onCredit ? -debtMax : 0);
    }

    private boolean take(boolean onCredit) {
        boolean enough = isEnough(onCredit);
        if (enough) {
            balance -= TOKEN;
        }
        return enough;
    }
}
