package mallstream.kafka.member;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.UUID;
import mallstream.kafka.consume.Decoder.Malformed;
import mallstream.kafka.consume.Decoder.Received;
import mallstream.member.model.CampaignId;
import mallstream.member.model.InvalidValue;
import mallstream.member.model.MallId;
import mallstream.member.model.MemberId;
import mallstream.member.model.MemberSignedUp;
import mallstream.member.model.NoticeRequested;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads members' events. Fields that it does not know are ignored; one that is missing or wrong is named by the code. */
final class MemberWire {
    private static final JsonMapper JSON = new JsonMapper();

    private MemberWire() {}

    static MemberSignedUp signedUp(Received received) throws Malformed {
        JsonNode event = object(received);
        return new MemberSignedUp(
                uuid(event, "eventId", "bad-event-id"), mallId(event), memberId(event), instant(event));
    }

    static NoticeRequested noticeRequested(Received received) throws Malformed {
        JsonNode event = object(received);
        return new NoticeRequested(
                new CampaignId(uuid(event, "campaignId", "bad-campaign-id")), mallId(event), memberId(event));
    }

    private static JsonNode object(Received received) throws Malformed {
        try {
            JsonNode node = JSON.readTree(received.value());
            if (node.isObject()) {
                return node;
            }
        } catch (JacksonException e) {
            // Its message may repeat the bytes.
        }
        throw new Malformed("malformed-json");
    }

    private static MallId mallId(JsonNode event) throws Malformed {
        try {
            return new MallId(text(event, "mallId", "bad-mall-id"));
        } catch (InvalidValue e) {
            throw new Malformed("bad-mall-id");
        }
    }

    private static MemberId memberId(JsonNode event) throws Malformed {
        return new MemberId(uuid(event, "memberId", "bad-member-id"));
    }

    private static Instant instant(JsonNode event) throws Malformed {
        try {
            return Instant.parse(text(event, "signedUpAt", "bad-signed-up-at"));
        } catch (DateTimeParseException e) {
            throw new Malformed("bad-signed-up-at");
        }
    }

    private static UUID uuid(JsonNode event, String field, String code) throws Malformed {
        String text = text(event, field, code);
        try {
            UUID uuid = UUID.fromString(text);
            // The JDK also takes shorter forms.
            if (uuid.toString().equalsIgnoreCase(text)) {
                return uuid;
            }
        } catch (IllegalArgumentException e) {
            // It is refused below.
        }
        throw new Malformed(code);
    }

    private static String text(JsonNode event, String field, String code) throws Malformed {
        JsonNode value = event.path(field);
        if (!value.isString()) {
            throw new Malformed(code);
        }
        return value.stringValue();
    }
}
