package mallstream.member.application.port.in;

/** Books the end of points whose time is over. They count for no balance from that moment on, booked or not. */
public interface ExpirePoints {
    /**
     * Books one batch. May run in several instances: what one has locked the others leave alone.
     *
     * @return lots expired, some hundreds at the most; 0 where there is nothing to do
     * @throws mallstream.member.model.Unavailable if the database failed; the batch comes again
     */
    int expire();
}
