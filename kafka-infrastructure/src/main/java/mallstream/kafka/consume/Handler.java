package mallstream.kafka.consume;

import java.util.List;

/**
 * Where a subscription's events go.
 *
 * @param <E> the event's type
 */
@FunctionalInterface
public interface Handler<E> {
    /**
     * @param events at least one; a batch holds runs of keys, each run in the order of its partition. An event that is
     *     not finished must leave the later ones of its key unfinished too
     * @return a result per event, in the order of the events; where the answer is shorter, the first event that it
     *     lacks has failed, and the ones behind it come again free of charge
     * @throws InfrastructureUnavailable if the infrastructure failed and not the events; all of them come again
     */
    List<Result> handle(List<E> events);
}
