package mallstream.order.adapter.out.naverpay;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import mallstream.order.application.port.out.VendorFields;
import org.jspecify.annotations.Nullable;

/** Naver's times: Korean, with milliseconds even where they are zero, which {@link Instant#toString} leaves out. */
final class NaverTimes {
    private static final DateTimeFormatter FORM =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneId.of("Asia/Seoul"));

    private NaverTimes() {}

    /** For instance {@code 2022-05-11T22:27:54.000+09:00}; what is finer than a millisecond is cut. */
    static String write(Instant time) {
        return FORM.format(time);
    }

    /** The moment; {@code null} if the text names none that can be kept. */
    static @Nullable Instant read(@Nullable String text) {
        try {
            return text == null
                    ? null
                    : VendorFields.keepable(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException none) {
            return null;
        }
    }
}
