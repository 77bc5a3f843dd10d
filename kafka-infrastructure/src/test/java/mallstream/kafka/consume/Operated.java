package mallstream.kafka.consume;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import mallstream.kafka.Broker;
import mallstream.kafka.OwnTopics;
import mallstream.kafka.TestKafka;
import mallstream.kafka.TopicSettings;

/** An instance of the application, as far as operators steer it. */
final class Operated implements AutoCloseable {
    final Broker broker;
    final ControlFollower follower;
    final Controls controls;
    final Replays replays;
    final ReplayRunner runner;

    Operated(String bootstrap, Clock clock) {
        Random random = new Random();
        broker = TestKafka.broker(bootstrap);
        follower = new ControlFollower(broker, "test", clock, random);
        controls = new Controls(follower, clock, 1000);
        Shared<ReplayState> shared = follower.share(ReplayState.PREFIX, ReplayState.class);
        replays = new Replays(follower, shared, broker, clock, random, ReplayState.CAP);
        runner = new ReplayRunner(follower, shared, broker, clock, ReplayState.CAP);
        follower.start();
    }

    /** One that follows already. */
    static Operated start(Clock clock) {
        Operated started = new Operated(TestKafka.bootstrap(), clock);
        started.follower.awaitCaughtUp();
        return started;
    }

    /** The control topic, and what a group has besides its source. */
    static void createTopics(Map<String, String> sourceOfGroup) {
        OwnTopics topics = new OwnTopics(
                TestKafka.BROKER, new TopicSettings(2, null, null, Duration.ofDays(1), Duration.ofDays(1)));
        topics.createFor(sourceOfGroup);
    }

    @Override
    public void close() {
        follower.close();
        broker.close();
    }
}
