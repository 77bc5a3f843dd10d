package mallstream.bootstrap.architecture;

import java.util.stream.Stream;

/** The subscriptions that the code declares, read from the class files without starting anything. */
final class Subscriptions {
    private Subscriptions() {}

    /**
     * @param domain for instance {@code member}
     * @param name for instance {@code coupon}
     * @param owner the class that reacts, fully qualified
     */
    record Declared(String domain, String name, String owner) {}

    static Stream<Declared> of(Code code) {
        return code.realClasses()
                .flatMap(c -> code.ourAnnotation(c, "Reaction").stream()
                        .map(reaction -> new Declared(
                                c.getPackageName()
                                        .substring(code.root().length() + 1)
                                        .split("\\.", 2)[0],
                                String.valueOf(reaction.get("value").orElse("")),
                                c.getName())));
    }
}
