package mallstream.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * What can be set at the start of a program: system properties {@code benchmark.<name>}.
 *
 * @param smoke whether only to see that it runs, {@code --smoke}: what is not set is small then
 */
public record Parameters(boolean smoke) {
    /**
     * @param arguments the program's
     * @return the parameters
     * @throws IllegalArgumentException if there are arguments other than {@code --smoke}
     */
    public static Parameters of(String... arguments) {
        List<String> given = Arrays.asList(arguments);
        if (!given.isEmpty() && !given.equals(List.of("--smoke"))) {
            throw new IllegalArgumentException("known is --smoke; all else is set by -Dbenchmark.<name>=<value>");
        }
        return new Parameters(!given.isEmpty());
    }

    /**
     * @param name of the parameter
     * @param usual what holds where it is not set
     * @param small what holds instead in a smoke run
     * @return its value
     */
    public int number(String name, int usual, int small) {
        return Integer.parseInt(text(name, Integer.toString(usual), Integer.toString(small)));
    }

    /**
     * @param name of the parameter
     * @param usual what holds where it is not set
     * @param small what holds instead in a smoke run
     * @return its values, which are separated by commas
     */
    public List<String> words(String name, String usual, String small) {
        return Arrays.asList(text(name, usual, small).split(",", -1));
    }

    /**
     * @param name of the parameter
     * @param usual what holds where it is not set
     * @param small what holds instead in a smoke run
     * @return its value
     */
    public String text(String name, String usual, String small) {
        return System.getProperty("benchmark." + name, smoke ? small : usual);
    }
}
