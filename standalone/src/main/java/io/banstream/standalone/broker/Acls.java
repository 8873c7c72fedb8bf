package io.banstream.standalone.broker;

import static org.apache.kafka.common.acl.AclOperation.ALL;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.apache.kafka.common.resource.PatternType.LITERAL;
import static org.apache.kafka.common.resource.PatternType.PREFIXED;

import io.banstream.schemas.Topics;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What each role must be allowed, and no more: the one list, for the broker inside {@code up} and
 * for a fleet's own. Kafka lets whoever may read or write a topic also describe it.
 */
public final class Acls {
  /** A push of jails is one transaction of this name. */
  private static final String PUSH = "banstream-push";

  private final Topics topics;
  private final String applicationId;

  /**
   * @param applicationId the processor's: it owns the group, the transactions and the internal
   *     topics whose names begin so
   */
  public Acls(Topics topics, String applicationId) {
    this.topics = topics;
    this.applicationId = applicationId;
  }

  /** Every role's rights. */
  public Set<AclBinding> all() {
    Set<AclBinding> all = new LinkedHashSet<>();
    for (Account account : Account.values()) {
      all.addAll(of(account));
    }
    return all;
  }

  /** One role's rights; none for the admin, who is a super user. */
  public List<AclBinding> of(Account account) {
    return switch (account) {
      case ADMIN -> List.of();
      case INGEST ->
          join(
              on(account, READ, topics.jails()),
              on(account, WRITE, topics.attempts(), topics.hosts(), topics.deadLetters()));
      case PROCESS ->
          join(
              on(account, READ, topics.attempts(), topics.commands(), topics.applied()),
              on(
                  account,
                  WRITE,
                  topics.commands(),
                  topics.applied(),
                  topics.decisions(),
                  topics.evidence(),
                  topics.alerts(),
                  topics.totals(),
                  topics.deadLetters()),
              List.of(
                  bind(account, ALL, ResourceType.TOPIC, applicationId, PREFIXED),
                  bind(account, ALL, ResourceType.GROUP, applicationId, PREFIXED),
                  bind(account, ALL, ResourceType.TRANSACTIONAL_ID, applicationId, PREFIXED)));
      case ENFORCE ->
          join(
              on(
                  account,
                  READ,
                  topics.decisions(),
                  topics.jails(),
                  topics.allows(),
                  topics.hosts()),
              on(account, WRITE, topics.enforcements(), topics.hosts(), topics.deadLetters()));
      case CONSOLE ->
          join(
              on(account, READ, topics.all().toArray(String[]::new)),
              on(account, WRITE, topics.commands(), topics.allows(), topics.jails()),
              List.of(
                  bind(
                      account,
                      WRITE,
                      ResourceType.TRANSACTIONAL_ID,
                      topics.prefix() + PUSH,
                      LITERAL)));
    };
  }

  @SafeVarargs
  private static List<AclBinding> join(List<AclBinding>... lists) {
    List<AclBinding> all = new ArrayList<>();
    for (List<AclBinding> list : lists) {
      all.addAll(list);
    }
    return List.copyOf(all);
  }

  private static List<AclBinding> on(Account account, AclOperation operation, String... topics) {
    List<AclBinding> bindings = new ArrayList<>();
    for (String topic : topics) {
      bindings.add(bind(account, operation, ResourceType.TOPIC, topic, LITERAL));
    }
    return bindings;
  }

  private static AclBinding bind(
      Account account,
      AclOperation operation,
      ResourceType type,
      String name,
      PatternType pattern) {
    return new AclBinding(
        new ResourcePattern(type, name, pattern),
        new AccessControlEntry(account.principal(), "*", operation, AclPermissionType.ALLOW));
  }
}
