package io.banstream.enforcer;

/** What others do to a firewall in which {@link PacketContract#ONE} is banned. */
enum Meddling {
  RULES_OF_ONE_FAMILY_DELETED(true),
  RULES_FLUSHED(true),
  /** As far as a reload of what else keeps rules goes, if anything does. */
  RULES_RELOADED(false),
  ALL_FLUSHED(true),
  SETS_FLUSHED(true),
  SETS_DESTROYED(true),
  /** Another set in its place, whose entries have no ends. */
  SET_REPLACED(true),
  /** One of another type, which rules as ours name. */
  SET_OF_ANOTHER_TYPE(true),
  ENTRY_DELETED(true),
  ENTRY_SHORTENED(false),
  ENTRY_ADDED(false),
  ACCEPT_AMONG_OURS(true),
  ACCEPT_ABOVE(false),
  ACCEPT_BELOW_AND_POLICY_DROP(false);

  private final boolean opens;

  Meddling(boolean opens) {
    this.opens = opens;
  }

  /** Whether the banned gets through then, until it is mended, whatever the firewall. */
  boolean opens() {
    return opens;
  }
}
