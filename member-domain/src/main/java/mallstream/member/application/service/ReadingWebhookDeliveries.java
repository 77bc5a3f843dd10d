package mallstream.member.application.service;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import mallstream.member.application.port.in.ReadWebhookDeliveries;
import mallstream.member.application.port.in.UseCase;
import mallstream.member.application.port.out.Transactions;
import mallstream.member.application.port.out.WebhookDeliveries;
import mallstream.member.application.port.out.WebhookEndpoints;
import mallstream.member.model.MallId;
import mallstream.member.model.WebhookDelivery;

@UseCase
final class ReadingWebhookDeliveries implements ReadWebhookDeliveries {
    private final Transactions transactions;
    private final WebhookEndpoints endpoints;
    private final WebhookDeliveries deliveries;

    ReadingWebhookDeliveries(Transactions transactions, WebhookEndpoints endpoints, WebhookDeliveries deliveries) {
        this.transactions = transactions;
        this.endpoints = endpoints;
        this.deliveries = deliveries;
    }

    @Override
    public Optional<List<WebhookDelivery>> read(MallId mallId, UUID endpointId) {
        return transactions.inOne(() -> endpoints.exists(mallId, endpointId)
                ? Optional.of(deliveries.newestOf(endpointId, MOST))
                : Optional.empty());
    }
}
