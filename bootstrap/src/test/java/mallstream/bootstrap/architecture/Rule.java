package mallstream.bootstrap.architecture;

import java.util.List;

/**
 * One rule of the house.
 *
 * @param number 1 to 23, the number under which the design lists it
 * @param sentence what it asks, in words
 * @param check finds what breaks it
 */
record Rule(int number, String sentence, Check check) {
    /**
     * @param code the tree to look at
     * @return a line per violation, naming the culprit; empty where the rule holds
     */
    List<String> violations(Code code) {
        return check.violations(code);
    }

    @Override
    public String toString() {
        return number + ". " + sentence;
    }

    /** Finds what breaks a rule. */
    @FunctionalInterface
    interface Check {
        /**
         * @param code the tree to look at
         * @return a line per violation, naming the culprit
         */
        List<String> violations(Code code);
    }
}
