package mallstream.member.adapter.in.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import mallstream.member.model.Unavailable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RoundsTest {
    private final Logger log = (Logger) LoggerFactory.getLogger(Rounds.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final AtomicReference<@Nullable String> away = new AtomicReference<>();
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();
    private final Rounds rounds = new Rounds("The outbox", () -> {
        made.incrementAndGet();
        String part = away.get();
        if (part != null) {
            throw new Unavailable(part, new IllegalStateException("홍길동"));
        }
        return left.getAndUpdate(n -> Math.max(n - 1, 0));
    });

    @BeforeEach
    void listen() {
        logged.start();
        log.addAppender(logged);
        log.setLevel(Level.INFO);
    }

    @AfterEach
    void stop() {
        log.detachAppender(logged);
        log.setLevel(null);
    }

    private void tickTwice(@Nullable String without) {
        away.set(without);
        rounds.run();
        rounds.run();
    }

    @Test
    void that_it_waits_and_for_another_reason_and_goes_on_is_said_once_each_and_for_each_outage() {
        tickTwice(null);
        tickTwice("database");
        tickTwice("broker");
        tickTwice(null);
        tickTwice("database");

        assertThat(logged.list)
                .extracting(ILoggingEvent::getLevel, ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        tuple(Level.WARN, "The outbox waits: database is unavailable"),
                        tuple(Level.WARN, "The outbox waits: broker is unavailable"),
                        tuple(Level.INFO, "The outbox goes on"),
                        tuple(Level.WARN, "The outbox waits: database is unavailable"));
        assertThat(logged.list).extracting(ILoggingEvent::getThrowableProxy).containsOnlyNulls();
        assertThat(made).as("each tick tries").hasValue(10);
    }

    @Test
    void a_tick_goes_round_while_there_is_something_to_do_and_ends_before_a_long_backlog_does() {
        left.set(25);

        rounds.run();
        assertThat(left).hasValue(5);
        rounds.run();
        assertThat(left).hasValue(0);
        assertThat(made).hasValue(26);
    }
}
