package mallstream.benchmarks.members;

import mallstream.benchmarks.Child;
import standin.gateway.GatewayProgram;

/** The gateway's stand-in in a JVM of its own, which ends with its parent. */
final class RunGateway {
    private static final String ADDRESS = "Gateway at ";

    private RunGateway() {}

    /**
     * Starts one; its address is read by {@link #address}.
     *
     * @param latency of each answer, milliseconds
     */
    static Child start(int latency) {
        return Child.start(RunGateway.class, "-Xmx1g -XX:+UseSerialGC", "--latency=" + latency, "--limit=100000");
    }

    /**
     * @param gateway a process that was just started
     * @return its base URL
     */
    static String address(Child gateway) {
        return gateway.line(ADDRESS);
    }

    /**
     * Runs until standard input ends.
     *
     * @param arguments those of {@link GatewayProgram}
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] arguments) throws InterruptedException {
        Child.endWithParent();
        GatewayProgram.main(arguments);
    }
}
