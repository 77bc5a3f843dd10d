package mallstream.bootstrap.architecture;

import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.Timer;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;

/** Rules 16 to 22: habits that a reviewer should not have to look for. */
final class HygieneRules {
    private static final Set<String> INJECTION = Set.of(
            "org.springframework.beans.factory.annotation.Autowired",
            "org.springframework.beans.factory.annotation.Value",
            "jakarta.inject.Inject",
            "jakarta.annotation.Resource",
            "jakarta.persistence.PersistenceContext",
            "jakarta.persistence.PersistenceUnit");

    private static final Set<String> ASYNC_ANNOTATIONS = Set.of(
            "org.springframework.scheduling.annotation.Async", "org.springframework.scheduling.annotation.EnableAsync");

    /** Spring's executors have no bound until this method gives them one. */
    private static final Map<String, String> BOUND_OF_EXECUTOR = Map.of(
            "org.springframework.core.task.SimpleAsyncTaskExecutor", "setConcurrencyLimit",
            "org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler", "setConcurrencyLimit",
            "org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor", "setQueueCapacity",
            "org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler", "setPoolSize");

    private static final String BOUNDLESS_EXECUTOR = "org.springframework.core.task.VirtualThreadTaskExecutor";

    private static final Set<String> BOUNDLESS_QUEUES = Set.of(
            "java.util.concurrent.PriorityBlockingQueue",
            "java.util.concurrent.ConcurrentLinkedQueue",
            "java.util.concurrent.ConcurrentLinkedDeque",
            "java.util.concurrent.LinkedTransferQueue",
            "java.util.concurrent.DelayQueue",
            // It brings a queue of its own without a bound.
            "java.util.concurrent.ScheduledThreadPoolExecutor");

    private static final Set<String> CLOCKS =
            Set.of("system", "systemUTC", "systemDefaultZone", "tickMillis", "tickSeconds", "tickMinutes");

    private HygieneRules() {}

    static List<String> constructorInjection(Code code) {
        Stream<String> injected = code.realClasses()
                .flatMap(c -> c.getMembers().stream())
                .filter(member -> !(member instanceof JavaConstructor))
                .filter(member -> INJECTION.stream().anyMatch(member::isAnnotatedWith))
                .map(member -> member.getDescription() + " is injected");
        Stream<String> changeable = code.realClasses()
                .filter(c -> c.isMetaAnnotatedWith("org.springframework.stereotype.Component")
                        || code.ourAnnotation(c, "UseCase").isPresent()
                        || code.ourAnnotation(c, "Reaction").isPresent())
                .flatMap(c -> c.getFields().stream())
                .filter(HygieneRules::mutable)
                .map(field -> field.getDescription() + " of a component is not final");
        return Stream.concat(injected, changeable).toList();
    }

    private static boolean mutable(JavaField field) {
        return !field.getModifiers().contains(JavaModifier.FINAL);
    }

    static List<String> noSleep(Code code) {
        return forbidden(code, access -> sleeps(access) || parks(access));
    }

    /** Whoever owns the method: clients and utilities bring their own. */
    private static boolean sleeps(JavaAccess<?> access) {
        return name(access).startsWith("sleep");
    }

    /** Of one owner only, since the order domain parks what it does not understand. */
    private static boolean parks(JavaAccess<?> access) {
        return on(access, LockSupport.class) && name(access).startsWith("park");
    }

    static List<String> noThreadsOfOurOwn(Code code) {
        Stream<String> accesses = forbidden(code, HygieneRules::startsThreads).stream();
        Stream<String> annotations = code.dependencies()
                .filter(d -> ASYNC_ANNOTATIONS.contains(d.getTargetClass().getName()))
                .filter(d -> !permitted(code, d.getOriginClass()))
                .map(Dependency::getDescription);
        return Stream.concat(accesses, annotations).toList();
    }

    private static boolean startsThreads(JavaAccess<?> access) {
        return creates(access, Thread.class)
                || creates(access, Timer.class)
                || calls(access, Thread.class, "startVirtualThread", "ofVirtual", "ofPlatform")
                || on(access, Executors.class)
                || calls(access, ForkJoinPool.class, "commonPool")
                || isAsync(access)
                || isParallel(access)
                || createsBoundlessExecutor(access);
    }

    private static boolean isAsync(JavaAccess<?> access) {
        return on(access, CompletionStage.class) && name(access).endsWith("Async");
    }

    /** On collections, streams and arrays: all of them share one pool with everybody. */
    private static boolean isParallel(JavaAccess<?> access) {
        return name(access).startsWith("parallel")
                && access.getTargetOwner().getPackageName().startsWith("java.util");
    }

    private static boolean createsBoundlessExecutor(JavaAccess<?> access) {
        String executor = access.getTargetOwner().getName();
        String bound = BOUND_OF_EXECUTOR.get(executor);
        boolean bounded = bound != null
                && access.getOriginOwner().getAccessesFromSelf().stream()
                        .filter(other -> other.getTargetOwner().isAssignableTo(executor))
                        .anyMatch(other -> name(other).equals(bound));
        boolean isExecutor = bound != null || executor.equals(BOUNDLESS_EXECUTOR);
        return isConstructor(access) && isExecutor && !bounded;
    }

    static List<String> noUnboundedQueue(Code code) {
        Stream<String> queues = forbidden(code, HygieneRules::createsUnboundedQueue).stream();
        Stream<String> withoutReason = code.realClasses()
                .flatMap(c -> Stream.concat(Stream.of(c), c.getMembers().stream()))
                .filter(element -> code.ourAnnotation(element, "Permitted")
                        .filter(permit -> reason(permit).isBlank())
                        .isPresent())
                .map(element -> element.getDescription() + " is @Permitted without a reason");
        return Stream.concat(queues, withoutReason).toList();
    }

    private static boolean createsUnboundedQueue(JavaAccess<?> access) {
        boolean mayBeBounded = on(access, LinkedBlockingQueue.class) || on(access, LinkedBlockingDeque.class);
        return isConstructor(access)
                && (BOUNDLESS_QUEUES.contains(access.getTargetOwner().getName())
                        || (mayBeBounded && !takes(access, int.class)));
    }

    static List<String> timeAndChanceAreHandedIn(Code code) {
        Predicate<JavaClass> inside = resideInAnyRoom(code, "[member|order].model..", "[member|order].application..");
        return code.accesses()
                .filter(access -> inside.test(access.getOriginOwner()))
                .filter(access -> readsTheClock(access) || drawsLots(access))
                .map(JavaAccess::getDescription)
                .distinct()
                .sorted()
                .toList();
    }

    private static Predicate<JavaClass> resideInAnyRoom(Code code, String... rooms) {
        return JavaClass.Predicates.resideInAnyPackage(code.in(rooms));
    }

    private static boolean readsTheClock(JavaAccess<?> access) {
        boolean now = name(access).equals("now")
                && access.getTargetOwner().getPackageName().startsWith("java.time")
                && !takes(access, Clock.class);
        boolean date = creates(access, Date.class) && !takes(access, long.class);
        boolean clock = on(access, InstantSource.class) && CLOCKS.contains(name(access));
        return now || date || clock || calls(access, System.class, "currentTimeMillis", "nanoTime");
    }

    private static boolean drawsLots(JavaAccess<?> access) {
        boolean shuffles = calls(access, Collections.class, "shuffle")
                && !takes(access, RandomGenerator.class)
                && !takes(access, Random.class);
        return shuffles
                || creates(access, RandomGenerator.class)
                || calls(
                        access,
                        RandomGenerator.class,
                        "of",
                        "getDefault",
                        "current",
                        "getInstance",
                        "getInstanceStrong")
                || on(access, RandomGeneratorFactory.class)
                || calls(access, Math.class, "random")
                || calls(access, StrictMath.class, "random")
                || calls(access, UUID.class, "randomUUID");
    }

    static List<String> noCarelessness(Code code) {
        Stream<String> general = Stream.of(
                        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS, NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS)
                .flatMap(rule -> code.breaking(rule).stream());
        Stream<String> fields = code.realClasses()
                .filter(resideInAnyRoom(code, "[member|order].model.."))
                .flatMap(c -> c.getFields().stream())
                .filter(HygieneRules::mutable)
                .map(field -> field.getDescription() + " of a model is not final");
        return Stream.concat(general, fields).toList();
    }

    static List<String> nullMarked(Code code) {
        return code.realClasses()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(p -> !p.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
                .map(p -> p.getName() + " is not @NullMarked")
                .sorted()
                .toList();
    }

    private static List<String> forbidden(Code code, Predicate<JavaAccess<?>> bad) {
        return code.accesses()
                .filter(bad)
                .filter(access -> !permitted(code, access.getOrigin()) && !permitted(code, access.getOriginOwner()))
                .map(JavaAccess::getDescription)
                .distinct()
                .sorted()
                .toList();
    }

    /** On the member, its class or a class around it. A permit without a reason is rule 19's to report. */
    private static boolean permitted(Code code, HasAnnotations<?> element) {
        if (code.ourAnnotation(element, "Permitted").isPresent()) {
            return true;
        }
        Optional<JavaClass> around =
                element instanceof JavaClass type ? type.getEnclosingClass() : Optional.<JavaClass>empty();
        return around.filter(type -> permitted(code, type)).isPresent();
    }

    private static String reason(JavaAnnotation<?> permit) {
        return String.valueOf(permit.get("reason").orElse(""));
    }

    private static String name(JavaAccess<?> access) {
        return access.getTarget().getName();
    }

    private static boolean on(JavaAccess<?> access, Class<?> owner) {
        return access.getTargetOwner().isAssignableTo(owner);
    }

    private static boolean calls(JavaAccess<?> access, Class<?> owner, String... names) {
        return on(access, owner) && List.of(names).contains(name(access));
    }

    private static boolean isConstructor(JavaAccess<?> access) {
        return name(access).equals(JavaConstructor.CONSTRUCTOR_NAME);
    }

    private static boolean creates(JavaAccess<?> access, Class<?> type) {
        return isConstructor(access) && on(access, type);
    }

    private static boolean takes(JavaAccess<?> access, Class<?> parameter) {
        return access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target
                && target.getRawParameterTypes().stream().anyMatch(p -> p.isEquivalentTo(parameter));
    }
}
