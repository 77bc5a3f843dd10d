package mallstream.notification;

import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A range of addresses.
 *
 * @param first the lowest address of the range
 * @param bits how many leading bits an address shares with it
 */
record Cidr(InetAddress first, int bits) {
    private static final Pattern FORM = Pattern.compile("([^/]+)/([0-9]{1,3})");
    private static final Pattern BYTE = Pattern.compile("(?:0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])");
    private static final Pattern QUAD = Pattern.compile(BYTE + "\\." + BYTE + "\\." + BYTE + "\\." + BYTE);
    private static final Pattern HEX_GROUPS = Pattern.compile("[0-9A-Fa-f:]{2,39}");

    /**
     * @param key the setting, for the message
     * @param text an address, a slash and a number of bits
     * @throws IllegalArgumentException if the text is no range, or an address inside a range rather than its first
     */
    static Cidr parse(String key, String text) {
        Matcher parts = FORM.matcher(text);
        InetAddress address = parts.matches() ? literal(parts.group(1)) : null;
        if (address != null) {
            int bits = Integer.parseInt(parts.group(2));
            if (bits <= 8 * address.getAddress().length && endsInZeros(address.getAddress(), bits)) {
                return new Cidr(address, bits);
            }
        }
        throw new IllegalArgumentException(
                "%s holds '%s', must be the first address of a range and its bits, such as 127.0.0.0/8 or fd00::/8"
                        .formatted(key, text));
    }

    /** For ranges that stand in the source. */
    static Cidr of(String text) {
        return parse("range", text);
    }

    /**
     * Reads an address in its one plain notation. What the JDK takes beyond that (short forms, IPv4 inside IPv6, zones)
     * is how filters are fooled.
     *
     * @return the address, or null where the text is no such notation
     */
    static @Nullable InetAddress literal(String text) {
        if (!QUAD.matcher(text).matches() && !(HEX_GROUPS.matcher(text).matches() && text.contains(":"))) {
            return null;
        }
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            // The JDK turns ::ffff:7f00:1 into 127.0.0.1.
            return text.contains(":") == (address.getAddress().length == 16) ? address : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    boolean contains(InetAddress address) {
        byte[] mine = first.getAddress();
        byte[] theirs = address.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            if (bit(mine, bit) != bit(theirs, bit)) {
                return false;
            }
        }
        return true;
    }

    private static boolean endsInZeros(byte[] address, int from) {
        for (int bit = from; bit < 8 * address.length; bit++) {
            if (bit(address, bit)) {
                return false;
            }
        }
        return true;
    }

    private static boolean bit(byte[] address, int bit) {
        return (address[bit / 8] >> (7 - bit % 8) & 1) == 1;
    }
}
