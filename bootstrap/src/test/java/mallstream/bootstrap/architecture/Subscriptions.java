package mallstream.bootstrap.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;

import com.tngtech.archunit.core.domain.JavaClass;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The subscriptions that the code declares, read from the class files without starting anything. */
final class Subscriptions {
    /** The stream that each kind of reaction listens to, by the simple name of its port. */
    private static final Map<String, String> TOPICS =
            Map.of("SignUpReaction", "member.signed-up", "NoticeReaction", "member.notice-requested");

    /** A channel's subscription has the name of the channel, and so has its topic. */
    private static final Pattern CHANNEL = Pattern.compile("order\\.(.+)\\.changed");

    private Subscriptions() {}

    /**
     * A subscription.
     *
     * @param domain for instance {@code member}
     * @param name for instance {@code coupon}
     * @param topic for instance {@code member.signed-up}; empty where the reaction's port has no known topic
     * @param owner the class that reacts, fully qualified
     */
    record Declared(String domain, String name, String topic, String owner) {
        String group() {
            return "mallstream." + domain + "." + name;
        }

        String simpleName() {
            return owner.substring(owner.lastIndexOf('.') + 1);
        }
    }

    /** @return all of them, by group and then by class */
    static List<Declared> of(Code code) {
        return Stream.concat(reactions(code), channels(code))
                .sorted(Comparator.comparing(Declared::group).thenComparing(Declared::owner))
                .toList();
    }

    private static Stream<Declared> reactions(Code code) {
        return code.realClasses()
                .flatMap(c -> code.ourAnnotation(c, "Reaction").stream()
                        .map(reaction -> new Declared(
                                code.house(c),
                                String.valueOf(reaction.get("value").orElse("")),
                                topic(c).orElse(""),
                                c.getName())));
    }

    private static Optional<String> topic(JavaClass reaction) {
        return reaction.getAllRawInterfaces().stream()
                .flatMap(port -> Stream.ofNullable(TOPICS.get(port.getSimpleName())))
                .findAny();
    }

    /** The bindings of the order domain are written by hand: each names its channel and the channel's topic. */
    private static Stream<Declared> channels(Code code) {
        return code.realClasses()
                .filter(resideInAPackage(code.in("kafka.order..")))
                .flatMap(binding -> {
                    Set<String> strings = strings(binding).collect(Collectors.toSet());
                    return strings.stream()
                            .flatMap(text -> CHANNEL.matcher(text).results())
                            .filter(channel -> strings.contains(channel.group(1)))
                            .map(channel -> declared(channel, binding));
                });
    }

    private static Declared declared(MatchResult channel, JavaClass binding) {
        return new Declared("order", channel.group(1), channel.group(), binding.getName());
    }

    private static Stream<String> strings(JavaClass type) {
        Iterable<PoolEntry> pool = Code.classFile(type).constantPool();
        return StreamSupport.stream(pool.spliterator(), false)
                .filter(StringEntry.class::isInstance)
                .map(entry -> ((StringEntry) entry).stringValue());
    }
}
