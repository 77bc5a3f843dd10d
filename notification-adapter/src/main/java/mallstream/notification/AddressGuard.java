package mallstream.notification;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Decides which of the addresses that strangers register may be called, so that nobody makes us call our own network.
 * It denies by default: what is not known to be global unicast is refused.
 */
final class AddressGuard {
    private static final Set<Integer> PORTS = Set.of(443, 8443);
    private static final Pattern NAME =
            Pattern.compile("(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
    /** A last label that resolvers read as a number: {@code 127.1}, {@code 0x7f000001}, {@code 2130706433}. */
    private static final Pattern NUMBER = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0x[0-9a-f]*)");

    private static final Cidr GLOBAL_V6 = Cidr.of("2000::/3");
    private static final List<Cidr> NOT_PUBLIC = Stream.of(
                    "0.0.0.0/8", // this network
                    "10.0.0.0/8", // private
                    "100.64.0.0/10", // shared by carriers
                    "127.0.0.0/8", // loopback
                    "169.254.0.0/16", // link-local, and the metadata of clouds
                    "172.16.0.0/12", // private
                    "192.0.0.0/24", // protocol assignments
                    "192.0.2.0/24", // documentation
                    "192.88.99.0/24", // 6to4 relays
                    "192.168.0.0/16", // private
                    "198.18.0.0/15", // benchmarks
                    "198.51.100.0/24", // documentation
                    "203.0.113.0/24", // documentation
                    "224.0.0.0/4", // multicast
                    "240.0.0.0/4", // reserved, and broadcast
                    // Outside 2000::/3 everything is refused: ::, ::1, mapped, 64:ff9b::/96, 64:ff9b:1::/48, 100::/64,
                    // fc00::/7, fe80::/10, fec0::/10, ff00::/8. Inside it:
                    "2001::/23", // protocol assignments, among them Teredo (2001::/32), which embeds IPv4
                    "2001:db8::/32", // documentation
                    "2002::/16", // 6to4, which embeds IPv4
                    "3fff::/20") // documentation
            .map(Cidr::of)
            .toList();

    private final List<Cidr> allowed;
    private final boolean allowHttp;
    private final Names names;

    /** Where addresses of names come from; tests hand in names that change. */
    interface Names {
        /** All addresses of a name, in the order in which they are to be tried. */
        List<InetAddress> resolve(String name) throws UnknownHostException;
    }

    /** What may be done with a URL. */
    sealed interface Verdict {
        /** It may be called at these addresses, and only there. */
        record Open(List<InetAddress> addresses) implements Verdict {}

        /**
         * It must not be called.
         *
         * @param code a reason code for the delivery
         * @param why in words for the one who registered it; never names the addresses, which would make us a tool to
         *     look into our own name service
         */
        record Closed(String code, String why) implements Verdict {}
    }

    AddressGuard(List<Cidr> allowed, boolean allowHttp, Names names) {
        this.allowed = List.copyOf(allowed);
        this.allowHttp = allowHttp;
        this.names = names;
    }

    /** Resolves the name of the URL, once, and judges every address of it. */
    Verdict judge(URI url) {
        boolean https = "https".equalsIgnoreCase(url.getScheme());
        if (!https && !(allowHttp && "http".equalsIgnoreCase(url.getScheme()))) {
            return refused("the scheme must be https");
        }
        // For an authority that is none (a name with _, 0x7f.1, two ports) the JDK gives no host at all.
        if (url.getHost() == null) {
            return refused("there must be a host name");
        }
        if (url.getRawUserInfo() != null) {
            return refused("user info is not allowed");
        }
        List<InetAddress> addresses;
        try {
            String host = url.getHost().toLowerCase(Locale.ROOT);
            InetAddress literal = Cidr.literal(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
            if (literal != null) {
                addresses = List.of(literal);
            } else if (host.length() <= 253
                    && NAME.matcher(host).matches()
                    && !NUMBER.matcher(host).matches()) {
                addresses = names.resolve(host);
            } else {
                return refused("the host must be a name or a plain address");
            }
        } catch (UnknownHostException e) {
            return new Verdict.Closed("dns", "the host name does not resolve");
        }
        if (addresses.isEmpty()) {
            return new Verdict.Closed("dns", "the host name does not resolve");
        }
        if (addresses.stream().allMatch(this::isAllowed)) {
            return new Verdict.Open(addresses);
        }
        if (!addresses.stream().allMatch(address -> isPublic(address) || isAllowed(address))) {
            return refused("the host must have public addresses only");
        }
        if (!https) {
            return refused("the scheme must be https");
        }
        if (url.getPort() != -1 && !PORTS.contains(url.getPort())) {
            return refused("the port must be 443 or 8443");
        }
        return new Verdict.Open(addresses);
    }

    /** Whether an address is global unicast and of no special use. */
    static boolean isPublic(InetAddress address) {
        return (address.getAddress().length == 4 || GLOBAL_V6.contains(address))
                && NOT_PUBLIC.stream().noneMatch(range -> range.contains(address));
    }

    private boolean isAllowed(InetAddress address) {
        return allowed.stream().anyMatch(range -> range.contains(address));
    }

    private static Verdict refused(String why) {
        return new Verdict.Closed("address-refused", why);
    }
}
