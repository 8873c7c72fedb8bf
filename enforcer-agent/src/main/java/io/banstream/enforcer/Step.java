package io.banstream.enforcer;

/** What a record that was read does to a table. */
interface Step {
  /** Takes it in; what it changes is added to {@code touched}. */
  void take(Table table, Touched touched);
}
