package io.banstream.enforcer;

import java.time.Instant;

/**
 * Hears which bans the kernel of this host has: of each when the kernel has it, and when it has it
 * no more. What others take out and the enforcer puts back is not told. Called by one thread, which
 * it must not keep.
 */
interface BanWitness {
  /**
   * @param again whether it was in force here before this enforcer started
   */
  void banned(Entry entry, Instant until, boolean again);

  void unbanned(Entry entry);
}
