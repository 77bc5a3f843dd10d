package mallstream.kafka.produce;

import static java.nio.charset.StandardCharsets.UTF_8;

import mallstream.kafka.Broker;
import mallstream.kafka.OwnTopics;
import mallstream.kafka.Topics;
import mallstream.kafka.Tracing;
import mallstream.order.application.port.out.PublishChannelOrders;
import mallstream.order.model.Channel;
import mallstream.order.model.InvalidValue;
import mallstream.order.model.MallId;
import mallstream.order.model.Unavailable;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;

/** Writes vendor-shaped orders to their channel's topic, as the collectors outside do: the bytes and the mall, no more than a trace if there is one. */
final class ChannelOrderPublisher implements PublishChannelOrders {
    private final Broker broker;
    private final OwnTopics topics;
    private final Tracing tracing;

    ChannelOrderPublisher(Broker broker, OwnTopics topics, Tracing tracing) {
        this.broker = broker;
        this.topics = topics;
        this.tracing = tracing;
    }

    /** Also throws {@link InvalidValue} where the body is larger than the topic takes: trying again would not help. */
    @Override
    public void publish(Channel channel, MallId mallId, byte[] body) {
        String topic = switch (channel) {
            case GODOMALL -> Topics.ORDER_GODOMALL_CHANGED;
            case SHOPBY -> Topics.ORDER_SHOPBY_CHANGED;
            case NAVERPAY -> throw new IllegalArgumentException("Naver Pay's orders are pulled");
        };
        if (!topics.ready()) {
            throw new Unavailable("broker", new TimeoutException("its topics are not known to be there yet"));
        }
        ProducerRecord<byte[], byte[]> message =
                new ProducerRecord<>(topic, mallId.value().getBytes(UTF_8), body);
        tracing.inject(message);
        try {
            broker.sendAndWait(message);
        } catch (RecordTooLargeException e) {
            throw new InvalidValue("body", "must be smaller, the channel's topic does not take it");
        } catch (KafkaException e) {
            throw new Unavailable("broker", e);
        }
    }
}
