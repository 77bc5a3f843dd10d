package mallstream.conformance;

/** What must hold. */
public enum Oracle {
    LOSS("nothing lost"),
    ORDER("order per key"),
    OVERLAP("no overlap per key"),
    MONOTONIC("commits monotonic per epoch"),
    COMMIT("committed <= lowest unfinished"),
    HELD("held <= bound"),
    /** A scenario can't end where it waits for something that never comes. */
    END("comes to its end"),
    /** Nothing is handled that the isolation level hides, or that was never sent. */
    VISIBLE("only what is visible"),
    REPEATED("nothing finished is repeated"),
    OTHERS("the others go on"),
    CLOSE("a member stops without an error"),
    ALONE("goes on by itself"),
    FOLLOWED("a move is followed"),
    PAUSED("a pause holds"),
    ATTEMPTS("as many calls as attempts"),
    THREADS("no thread left");

    private final String words;

    Oracle(String words) {
        this.words = words;
    }

    /** In words. */
    public String words() {
        return words;
    }
}
