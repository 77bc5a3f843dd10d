package mallstream.member.application.port.in;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a class a consumer with a group of its own, {@code mallstream.member.<name>}. The name is declared and not taken
 * from the class, because renaming a class must not open a group without offsets; once released it is frozen.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Reaction {
    /** {@code [a-z][a-z0-9-]*}, unique over all subscriptions of the jar. */
    String value();

    /** Where the group starts the first time it ever runs; it has no default, because both answers surprise somebody. */
    StartsAt startsAt();

    /** Where a new group starts reading. */
    enum StartsAt {
        /** With everything that the topic still holds. */
        RETAINED,
        /** With what comes after the first start. */
        NOW
    }
}
