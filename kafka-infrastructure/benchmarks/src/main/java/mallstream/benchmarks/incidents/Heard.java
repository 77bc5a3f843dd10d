package mallstream.benchmarks.incidents;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import mallstream.kafka.Permitted;
import org.slf4j.LoggerFactory;

/** What the services of this process log from INFO on, as they would in production. Nothing of it is printed. */
final class Heard extends AppenderBase<ILoggingEvent> {
    private static final int MOST = 20_000;

    private final AtomicInteger count = new AtomicInteger();

    @Permitted(reason = "bounded by its counter; a program of two minutes")
    private final Queue<ILoggingEvent> lines = new ConcurrentLinkedQueue<>();

    private Heard() {}

    /** Listens from now on. */
    static Heard now() {
        Heard heard = new Heard();
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        heard.setContext(context);
        heard.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.setLevel(Level.INFO);
        root.addAppender(heard);
        return heard;
    }

    @Override
    protected void append(ILoggingEvent line) {
        if (count.getAndIncrement() < MOST) {
            // It takes the thread's name from the thread that asks first.
            line.prepareForDeferredProcessing();
            lines.add(line);
        }
    }

    /**
     * The lines of a plain service, whose threads bear its name.
     *
     * @param service its name
     * @param least the least level
     * @param part what a line contains
     */
    List<String> of(String service, Level least, String part) {
        return lines.stream()
                .filter(each -> each.getThreadName().startsWith(service))
                .filter(each -> each.getLevel().isGreaterOrEqual(least))
                .map(Heard::text)
                .filter(each -> each.contains(part))
                .toList();
    }

    /**
     * The lines of the engine.
     *
     * @param least the least level
     * @param part what a line contains
     */
    List<String> ofEngine(Level least, String part) {
        return lines.stream()
                .filter(each -> each.getLoggerName().startsWith("mallstream.kafka"))
                .filter(each -> each.getLevel().isGreaterOrEqual(least))
                .map(Heard::text)
                .filter(each -> each.contains(part))
                .toList();
    }

    private static String text(ILoggingEvent line) {
        StringBuilder text = new StringBuilder(line.getLevel() + " " + line.getFormattedMessage());
        for (var thrown = line.getThrowableProxy(); thrown != null; thrown = thrown.getCause()) {
            text.append(" | ").append(thrown.getClassName()).append(": ").append(thrown.getMessage());
        }
        return text.toString();
    }
}
