package mallstream.kafka.consume.sim;

/**
 * A bug that could have been made in the core.
 *
 * @param name what is wrong
 * @param file the source file in the package of the core
 * @param original text of the file that stands there exactly once
 * @param mutated what is there instead
 */
record Mutation(String name, String file, String original, String mutated) {
    @Override
    public String toString() {
        return name;
    }
}
