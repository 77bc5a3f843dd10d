package mallstream.bootstrap.architecture;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Small trees of code below the package {@code fixture}: {@code clean} keeps every rule, {@code ruleNN} breaks one rule once,
 * {@code formsNN} breaks one rule in each way that the rule knows. Reading a tree is the slow part, so each is read once.
 */
final class Fixtures {
    private static final Map<String, Code> READ = new ConcurrentHashMap<>();

    private Fixtures() {}

    /** @param name of the tree, for instance {@code rule07} */
    static Code tree(String name) {
        return READ.computeIfAbsent("fixture." + name, Code::fixture);
    }

    /** A whole house in miniature, with somebody in every room, that keeps every rule. */
    static Code clean() {
        return tree("clean");
    }

    /**
     * @param number of the rule that the tree breaks exactly once. For the roll-call it is the clean house with one room
     *     emptied, since a tree that lacks one room must have all others
     */
    static Code of(int number) {
        return number == 2 ? clean().without("order.adapter.out.shopby") : tree("rule%02d".formatted(number));
    }
}
