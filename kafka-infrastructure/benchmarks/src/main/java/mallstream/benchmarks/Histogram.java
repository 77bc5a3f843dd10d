package mallstream.benchmarks;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/** What lives in this JVM's heap. Asking costs a full collection. */
final class Histogram {
    private Histogram() {}

    /**
     * @param type a class
     * @return how many live instances it has
     */
    static int instances(Class<?> type) {
        try {
            String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
            // Rank, instances, bytes, name, and in parentheses the module.
            return histogram
                    .lines()
                    .map(line -> line.strip().split("\\s+", -1))
                    .filter(cells -> cells.length >= 4 && cells[3].equals(type.getName()))
                    .mapToInt(cells -> Integer.parseInt(cells[1]))
                    .sum();
        } catch (JMException e) {
            throw new IllegalStateException("this JVM gives no histogram", e);
        }
    }
}
