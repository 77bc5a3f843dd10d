package mallstream.conformance;

/**
 * What an oracle found wrong.
 *
 * @param oracle which
 * @param evidence counts, in one line
 */
public record Finding(Oracle oracle, String evidence) {
    @Override
    public String toString() {
        return oracle.words() + ": " + evidence;
    }
}
