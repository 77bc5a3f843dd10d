package mallstream.bootstrap.system;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** A message gateway of the Alimtalk kind that accepts everybody. */
final class Gateway implements AutoCloseable {
    final AtomicInteger recipients = new AtomicInteger();
    final AtomicInteger largestCall = new AtomicInteger();
    private final Receiver receiver = new Receiver(this::answer);

    Gateway() throws IOException {}

    String url() {
        return receiver.url();
    }

    @Override
    public void close() {
        receiver.close();
    }

    private String answer(Receiver.Call call) {
        JsonNode list = Api.JSON.readTree(call.body()).path("recipientList");
        recipients.addAndGet(list.size());
        largestCall.accumulateAndGet(list.size(), Math::max);
        receiver.calls.clear();
        var results = new StringBuilder();
        for (JsonNode recipient : list) {
            results.append(results.isEmpty() ? "" : ",")
                    .append("{\"recipientSeq\":1,\"recipientNo\":")
                    .append(recipient.path("recipientNo"))
                    .append(",\"resultCode\":0,\"resultMessage\":\"success\",\"recipientGroupingKey\":")
                    .append(recipient.path("recipientGroupingKey"))
                    .append('}');
        }
        return "{\"header\":{\"resultCode\":0,\"resultMessage\":\"success\",\"isSuccessful\":true},"
                + "\"message\":{\"requestId\":\"request-" + recipients.get() + "\",\"sendResults\":[" + results + "]}}";
    }
}
