package mallstream.conformance;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Watches a member's Kafka client: what it was given, what it committed, and which partitions it had. */
public final class Tap {
    private final String member;
    private final String topic;
    private final History history;
    private final AtomicInteger polls = new AtomicInteger();
    private volatile boolean closed;

    Tap(String member, String topic, History history) {
        this.member = member;
        this.topic = topic;
        this.history = history;
    }

    /**
     * Puts itself around a client.
     *
     * @param <K> the keys' type
     * @param <V> the values' type
     * @param client a client that has not subscribed yet
     * @return what the library under test is given instead
     */
    @SuppressWarnings("unchecked") // A proxy of an interface with parameters is none of the class's.
    public <K, V> Consumer<K, V> around(Consumer<K, V> client) {
        return (Consumer<K, V>)
                Proxy.newProxyInstance(Tap.class.getClassLoader(), new Class<?>[] {Consumer.class}, new Around(client));
    }

    /** How often the client was asked for records. */
    int polls() {
        return polls.get();
    }

    /** Whether the client was closed. */
    public boolean closed() {
        return closed;
    }

    private Set<Integer> ours(Collection<TopicPartition> partitions) {
        return partitions.stream()
                .filter(each -> each.topic().equals(topic))
                .map(TopicPartition::partition)
                .collect(toSet());
    }

    private void received(ConsumerRecords<?, ?> records) {
        for (TopicPartition partition : records.partitions()) {
            if (partition.topic().equals(topic)) {
                history.add(new Event.Received(
                        member,
                        partition.partition(),
                        records.records(partition).stream()
                                .map(ConsumerRecord::offset)
                                .toList()));
            }
        }
    }

    private void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<Integer, Long> ours = offsets.entrySet().stream()
                .filter(each -> each.getKey().topic().equals(topic))
                .collect(toMap(
                        each -> each.getKey().partition(),
                        each -> each.getValue().offset()));
        if (!ours.isEmpty()) {
            history.add(new Event.Committed(member, ours));
        }
    }

    /** Knows of each call of the client which arguments it has. */
    private final class Around implements InvocationHandler {
        private final Consumer<?, ?> client;
        private final Set<Integer> epochs = new HashSet<>();

        Around(Consumer<?, ?> client) {
            this.client = client;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] given)
                throws Throwable {
            @Nullable Object[] arguments = given == null ? new @Nullable Object[0] : given.clone();
            for (int i = 0; i < arguments.length; i++) {
                if (arguments[i] instanceof OffsetCommitCallback callback) {
                    arguments[i] = around(callback);
                } else if (arguments[i] instanceof ConsumerRebalanceListener listener) {
                    arguments[i] = new Epochs(listener);
                }
            }
            if (method.getName().equals("poll")) {
                polls.incrementAndGet();
            }
            Object answer;
            try {
                answer = method.invoke(client, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
            } finally {
                if (method.getName().equals("close")) {
                    history.add(new Event.Gone(member, Set.copyOf(epochs)));
                    closed = true;
                }
            }
            if (answer instanceof ConsumerRecords<?, ?> records) {
                received(records);
            } else if (method.getName().equals("commitSync")
                    && arguments.length > 0
                    && arguments[0] instanceof Map<?, ?> offsets) {
                committed(asOffsets(offsets));
            }
            return answer;
        }

        @SuppressWarnings("unchecked") // The first argument of commitSync, where it is a map, is this one.
        private Map<TopicPartition, OffsetAndMetadata> asOffsets(Map<?, ?> offsets) {
            return (Map<TopicPartition, OffsetAndMetadata>) offsets;
        }

        private OffsetCommitCallback around(OffsetCommitCallback callback) {
            return (offsets, failure) -> {
                if (failure == null) {
                    committed(offsets);
                }
                callback.onComplete(offsets, failure);
            };
        }

        /** An epoch begins before the member hears of it, and ends when the member has done what it wants to do first. */
        private final class Epochs implements ConsumerRebalanceListener {
            private final ConsumerRebalanceListener listener;

            Epochs(ConsumerRebalanceListener listener) {
                this.listener = listener;
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                Set<Integer> begun = ours(partitions);
                epochs.addAll(begun);
                history.add(new Event.Assigned(member, begun));
                listener.onPartitionsAssigned(partitions);
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                try {
                    listener.onPartitionsRevoked(partitions);
                } finally {
                    ended(partitions);
                }
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                try {
                    listener.onPartitionsLost(partitions);
                } finally {
                    ended(partitions);
                }
            }

            private void ended(Collection<TopicPartition> partitions) {
                epochs.removeAll(ours(partitions));
                history.add(new Event.Gone(member, ours(partitions)));
            }
        }
    }
}
