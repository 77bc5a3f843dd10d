package mallstream.bootstrap.architecture;

/** Small trees of code below {@code fixture}: one that keeps every rule, and for each rule one that breaks it once. */
final class Fixtures {
    private Fixtures() {}

    /** A whole house in miniature, with somebody in every room, that keeps every rule. */
    static Code clean() {
        return Code.fixture("fixture.clean");
    }

    /**
     * @param number of the rule that the tree breaks exactly once. For the roll-call it is the clean house with one room
     *     emptied, since a tree that lacks one room must have all others
     */
    static Code of(int number) {
        return number == 2
                ? clean().without("order.adapter.out.shopby")
                : Code.fixture("fixture.rule%02d".formatted(number));
    }
}
