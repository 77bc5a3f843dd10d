package mallstream.notification;

/**
 * What a code of the gateway means for those whom it is about.
 *
 * <p>The codes are those of NHN Cloud's documentation, "Notification &gt; KakaoTalk Bizmessage &gt; Error Codes"
 * (docs.nhncloud.com/en/Notification/KakaoTalk%20Bizmessage/en/error-code/), as it stood in 2026 and, for -1017 and -1030,
 * in editions before. The documentation names them and does not say which will pass; that judgement is ours.
 */
enum AlimtalkCode {
    /** Taken. */
    SUCCESS,
    /** It will be the same next time; so is every code that is not in the table. */
    PERMANENT,
    /** Not taken this time, through no fault of the recipient or ours. */
    TEMPORARY,
    /**
     * Our keys, our sender profile or our volume. Rejecting people for a wrong setting would end a campaign, so they wait
     * until an operator has put it right.
     */
    OURS_TO_REPAIR,
    /** This idempotency key was seen within ten minutes: what became of its call stands in the look-up only. */
    DUPLICATE,
    /** The gateway failed inside, so it says nothing. */
    NOTHING_SAID;

    /**
     * @param code as it stands in an answer
     * @return what it means
     */
    static AlimtalkCode of(int code) {
        return switch (code) {
            case 0 -> SUCCESS;
            // The vendor behind the gateway refused or failed.
            case -7000 -> TEMPORARY;
            case -1000, // no such application
                    -1001, // wrong secret
                    -1006, // the sender profile has no key
                    -1014, // the sender profile is not active
                    -1017, // more than the volume of a day
                    -1024, // a group of profiles cannot send
                    -1027, // the sender profile is blocked
                    -1030, // identity not verified
                    -2017, // no such sender profile
                    -4004, // no such application
                    -4005, // the application has ended
                    -9992, // this interface has ended
                    -9998 // no such interface
            -> OURS_TO_REPAIR;
            case -1005 -> DUPLICATE;
            case -9999 -> NOTHING_SAID;
            // For instance 4 (a field), -3003 (no such template), -3005 (template not approved), -5000 (no such
            // number).
            default -> PERMANENT;
        };
    }
}
