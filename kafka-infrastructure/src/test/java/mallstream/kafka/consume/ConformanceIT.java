package mallstream.kafka.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import mallstream.conformance.Oracle;
import mallstream.conformance.Protocol;
import mallstream.conformance.Scenario;
import mallstream.conformance.Setup;
import mallstream.conformance.Subject;
import mallstream.kafka.TestKafka;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.kafka.core.ConsumerPostProcessor;

/** The scenarios that the benchmarks play on other libraries as well; here all oracles must hold. */
class ConformanceIT {
    /** Of what scenarios do at random; {@code -Dconformance.seed} gives one back. */
    private static final long SEED = Long.getLong("conformance.seed", new Random().nextLong());

    static Stream<Arguments> scenarios() {
        return Stream.of(Scenario.values())
                .flatMap(each -> each.protocols().stream().map(protocol -> Arguments.of(each, protocol)));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void the_engine_conforms(Scenario scenario, Protocol protocol) {
        String topic = "conformance-" + scenario.name().toLowerCase(Locale.ROOT) + "-" + protocol.word();
        assertThat(scenario.play(new Engine(), protocol, TestKafka.bootstrap(), topic, SEED))
                // Where retention overtakes a group it stops, and a person sets its position:
                // StartPositions.LostOffsets.
                .filteredOn(each -> each.oracle() != Oracle.ALONE)
                .as("%s, %s, -Dconformance.seed=%d", scenario.words(), protocol.word(), SEED)
                .isEmpty();
    }

    /** The engine in instances of the application, as far as consumption goes. */
    private static final class Engine implements Subject {
        @Override
        public String name() {
            return "mallstream";
        }

        @Override
        public String group(String topic) {
            return Consumers.group(topic);
        }

        @Override
        public Member start(Setup setup) {
            Subscription<Decoder.Received> subscription = new Subscription<>(
                    "test",
                    setup.topic(),
                    setup.topic(),
                    Subscription.StartPosition.RETAINED,
                    new Subscription.Batch(1, Duration.ZERO),
                    received -> received,
                    events -> handle(events, setup.handler()),
                    ConformanceIT.class);
            ConsumerPostProcessor<byte[], byte[]> tap = setup.tap()::around;
            Map<String, String> settings = new HashMap<>();
            settings.put("group-protocol", setup.protocol().word());
            settings.put("max-in-flight", Integer.toString(setup.inFlight()));
            settings.put("max-held", Integer.toString(setup.held()));
            settings.put("attempts", Integer.toString(setup.attempts()));
            Consumers instance = Consumers.start(
                    Consumers.Like.USUAL.consumer(setup.common()).around(tap),
                    subscription,
                    settings.entrySet().stream()
                            .map(each -> setup.topic() + "." + each.getKey() + "=" + each.getValue())
                            .toArray(String[]::new));
            return new Instance(instance, setup.topic());
        }

        private static List<Result> handle(List<Decoder.Received> events, Handler handler) {
            try {
                for (Decoder.Received each : events) {
                    handler.handle(each.partition(), each.offset(), String.valueOf(each.key()));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return List.of();
            }
            return List.of(new Result.Done());
        }
    }

    /** One of them. */
    private record Instance(Consumers consumers, String name) implements Subject.Member {
        @Override
        public void pause() {
            consumers.control.pause(name, "conformance");
        }

        @Override
        public void resume() {
            consumers.control.resume(name, "conformance");
        }

        @Override
        public boolean move(Map<Integer, Long> to) {
            to.forEach((partition, offset) -> consumers.control.offsets(
                    name, new ConsumerControl.OffsetTarget(partition, offset, null), false, "conformance"));
            return true;
        }

        @Override
        public void close() {
            consumers.close();
        }
    }
}
