package mallstream.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this JVM has spent so far.
 *
 * <p>The bytes are those of {@link ThreadMXBean#getTotalThreadAllocatedBytes}. It sums over platform threads, among them
 * the carriers: what a virtual thread allocates is counted where it ran. Counters per thread were turned down, as they know
 * nothing of virtual threads; counters of collections too, as they see only what was there when a collection came.
 *
 * @param nanos time of the clock
 * @param cpuNanos processor time of all threads of the process, the collector's and the compiler's too
 * @param bytes allocated on the heap by all threads
 */
public record Cost(long nanos, long cpuNanos, long bytes) {
    /** What was spent until now. */
    static Cost now() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        return new Cost(System.nanoTime(), system.getProcessCpuTime(), threads.getTotalThreadAllocatedBytes());
    }

    /** What was spent since then. */
    Cost since(Cost then) {
        return new Cost(nanos - then.nanos, cpuNanos - then.cpuNanos, bytes - then.bytes);
    }

    /** Bytes of the heap in use after a full collection that is made now. */
    @SuppressWarnings("ExplicitGarbageCollection")
    public static long heapNow() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
