package mallstream.bootstrap.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Rules 13 to 15: reactions, their names and their consumer groups. */
final class ConsumerRules {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");
    private static final Pattern GROUP_ID = Pattern.compile("(?:.*\\.)?group[.-]id");
    private static final Pattern GROUP_ID_SETTING =
            Pattern.compile("(?:.*[.\\[])?group[._-]?id]?", Pattern.CASE_INSENSITIVE);

    private ConsumerRules() {}

    static List<String> reactionsAndUseCases(Code code) {
        return Stream.concat(
                        misplaced(code, "Reaction", "reaction", ConsumerRules::isReactionPort),
                        misplaced(code, "UseCase", "service", port -> !isReactionPort(port)))
                .toList();
    }

    private static boolean isReactionPort(JavaClass port) {
        return Stream.concat(Stream.of(port), port.getAllRawInterfaces().stream())
                .anyMatch(type -> type.getSimpleName().endsWith("Reaction"));
    }

    /** Both ways round: what has the annotation, and what implements such a port and so should have it. */
    private static Stream<String> misplaced(Code code, String annotation, String room, Predicate<JavaClass> port) {
        Predicate<JavaClass> portIn = resideInAPackage(code.in("[member|order].application.port.in.."));
        Predicate<JavaClass> inItsRoom = resideInAPackage(code.in("[member|order].application." + room + ".."));
        List<String> found = new ArrayList<>();
        code.realClasses().filter(c -> !c.isInterface() && !portIn.test(c)).forEach(c -> {
            boolean annotated = code.ourAnnotation(c, annotation).isPresent();
            boolean implementing = c.getAllRawInterfaces().stream()
                    .anyMatch(i -> i.isTopLevelClass() && portIn.test(i) && port.test(i));
            if (implementing && !annotated) {
                found.add(c.getName() + " implements an in-port and is no @" + annotation);
            }
            if (annotated && !implementing) {
                found.add(c.getName() + " is a @" + annotation + " and implements no in-port of that kind");
            }
            if (annotated && c.getModifiers().contains(JavaModifier.PUBLIC)) {
                found.add(c.getName() + " is a @" + annotation + " and public");
            }
            if (annotated && !inItsRoom.test(c)) {
                found.add(c.getName() + " is a @" + annotation + " outside application." + room);
            }
        });
        return found.stream();
    }

    static List<String> namesOfSubscriptions(Code code) {
        Map<String, List<String>> owners = new TreeMap<>();
        Subscriptions.of(code)
                .forEach(s ->
                        owners.computeIfAbsent(s.name(), n -> new ArrayList<>()).add(s.owner()));
        List<String> found = new ArrayList<>();
        owners.forEach((name, classes) -> {
            if (!NAME.matcher(name).matches()) {
                found.add("'" + name + "' of " + classes.getFirst() + " does not match " + NAME);
            }
            if (classes.size() > 1) {
                found.add("'" + name + "' names " + String.join(" and ", classes));
            }
        });
        return found;
    }

    static List<String> groupsAreDerived(Code code) {
        List<String> found = new ArrayList<>(code.breaking(noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.springframework.kafka.annotation.."))));
        List<String> setters = groupSetters(code);
        if (setters.size() > 1) {
            found.add("a group id is set in " + String.join(" and ", setters));
        }
        code.settings().stream()
                .filter(setting -> GROUP_ID_SETTING.matcher(setting.key()).matches())
                .map(setting -> setting.file() + " sets " + setting.key())
                .forEach(found::add);
        return found;
    }

    /**
     * The compiler copies a constant such as {@code ConsumerConfig.GROUP_ID_CONFIG} into the class that uses it, so no
     * dependency is left to see: the constant pools are searched instead.
     *
     * @return names of the classes that set a group id
     */
    static List<String> groupSetters(Code code) {
        return code.realClasses()
                .filter(ConsumerRules::setsGroup)
                .map(JavaClass::getName)
                .sorted()
                .toList();
    }

    private static boolean setsGroup(JavaClass type) {
        ClassModel file = Code.classFile(type);
        for (PoolEntry entry : file.constantPool()) {
            boolean sets = switch (entry) {
                case Utf8Entry text -> GROUP_ID.matcher(text.stringValue()).matches();
                case MemberRefEntry member -> ofSpring(member) && member.name().equalsString("setGroupId");
                default -> false;
            };
            if (sets) {
                return true;
            }
        }
        return file.methods().stream()
                .flatMap(method -> method.code().stream())
                .anyMatch(ConsumerRules::createsConsumerInGroup);
    }

    private static boolean ofSpring(MemberRefEntry member) {
        return member.owner().asInternalName().startsWith("org/springframework/");
    }

    private static boolean createsConsumerInGroup(CodeModel code) {
        List<Instruction> all = code.elementStream()
                .filter(Instruction.class::isInstance)
                .map(Instruction.class::cast)
                .toList();
        return IntStream.range(0, all.size())
                .anyMatch(i -> all.get(i) instanceof InvokeInstruction call
                        && createsConsumerInGroup(call, all.subList(0, i)));
    }

    /** The group is the first of two or more arguments, and a literal {@code null} says: no group. */
    private static boolean createsConsumerInGroup(InvokeInstruction call, List<Instruction> before) {
        int arguments = call.typeSymbol().parameterCount();
        if (!ofSpring(call.method()) || !call.name().equalsString("createConsumer") || arguments < 2) {
            return false;
        }
        List<Instruction> pushes = before.subList(Math.max(0, before.size() - arguments), before.size());
        // Arguments that are worked out on the spot cannot be told apart here, so they count as a group.
        boolean plain = pushes.stream().allMatch(p -> p instanceof ConstantInstruction || p instanceof LoadInstruction);
        return !plain || pushes.getFirst().opcode() != Opcode.ACONST_NULL;
    }
}
