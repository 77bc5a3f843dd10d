package standin.gateway;

/**
 * What was sent to people. Nobody got two where {@code sent}, {@code rows} and {@code phones} are the same.
 *
 * @param sent messages
 * @param rows different recipientGroupingKeys among them
 * @param phones different phone numbers among them
 * @param refused recipients that were answered with a code
 */
public record Sends(long sent, long rows, long phones, long refused) {}
