package mallstream.kafka;

import java.util.List;

/** The topics that the platform owns. */
public final class Topics {
    /** MemberSignedUp, keyed by member. */
    public static final String MEMBER_SIGNED_UP = "member.signed-up";
    /** NoticeRequested, keyed by member. */
    public static final String MEMBER_NOTICE_REQUESTED = "member.notice-requested";
    /** Godomall orders as Godomall writes them, keyed by mall. */
    public static final String ORDER_GODOMALL_CHANGED = "order.godomall.changed";
    /** Shopby orders as Shopby writes them, keyed by mall. */
    public static final String ORDER_SHOPBY_CHANGED = "order.shopby.changed";
    /** What instances tell each other and must remember; compacted. */
    public static final String CONTROL = "mallstream.control";

    static final List<String> EVENTS =
            List.of(MEMBER_SIGNED_UP, MEMBER_NOTICE_REQUESTED, ORDER_GODOMALL_CHANGED, ORDER_SHOPBY_CHANGED);

    private static final String REPLAY = ".replay";

    private Topics() {}

    /**
     * @param group a consumer group
     * @return where its dead letters are
     */
    public static String deadLetters(String group) {
        return group + ".dlt";
    }

    /**
     * @param group a consumer group
     * @return where its dead letters are sent to be handled by it once more
     */
    public static String replay(String group) {
        return group + REPLAY;
    }

    /**
     * @param topic any topic
     * @return whether it is named as the replay topic of some group
     */
    public static boolean isReplay(String topic) {
        return topic.endsWith(REPLAY);
    }
}
