package io.banstream.processor;

import io.banstream.processor.BanRules.Ruled;
import io.banstream.processor.OrderRules.Lifted;
import io.banstream.processor.Output.Word;
import io.banstream.schemas.Address;
import io.banstream.schemas.AllowOrder;
import io.banstream.schemas.BanOrder;
import io.banstream.schemas.Command;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.DisallowOrder;
import io.banstream.schemas.Imported;
import io.banstream.schemas.NetworkNote;
import io.banstream.schemas.PolicyMarker;
import io.banstream.schemas.UnbanOrder;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One command through the rules, and what it came to into the stores and topics. */
final class OrderStep {
  private final BanRules rules;
  private final InForceStore inForce;
  private final AddressStore addresses;
  private final AddressChange change;
  private final TotalsBook totals;
  private final Rulings rulings;
  private final NetworkNotes notes;
  private final NetworkStep networks;
  private final Output output;

  OrderStep(
      BanRules rules,
      InForceStore inForce,
      AddressStore addresses,
      AddressChange change,
      TotalsBook totals,
      Rulings rulings,
      NetworkNotes notes,
      NetworkStep networks,
      Output output) {
    this.rules = rules;
    this.inForce = inForce;
    this.addresses = addresses;
    this.change = change;
    this.totals = totals;
    this.rulings = rulings;
    this.notes = notes;
    this.networks = networks;
    this.output = output;
  }

  /** What an order does to one address's state. */
  private interface Rule {
    Lifted apply(AddressState state);
  }

  /**
   * @param key the record's, by which it came to this partition
   */
  void take(String key, Command command, Instant append) throws Unbelievable {
    Instant at = Reading.time(command.getTime(), append);
    Word word = new Word(command.getWho(), command.getWhy());
    Object order = command.getOrder();
    if (order instanceof BanOrder ban) {
      ban(address(key, ban.getAddress()), ban, at, word, append);
    } else if (order instanceof UnbanOrder unban) {
      Optional<String> jail = Optional.ofNullable(unban.getJail());
      Address address = address(key, unban.getAddress());
      networks.clear(address, jail);
      lift(
          List.of(address),
          state -> OrderRules.unban(state, jail, unban.getKeepHistory(), at, append),
          word,
          append);
    } else if (order instanceof AllowOrder allow) {
      allow(allow, at, word, append);
    } else if (order instanceof DisallowOrder disallow) {
      inForce.disallow(disallow.getTarget());
    } else if (order instanceof PolicyMarker marker) {
      policies(marker, at, word, append);
    } else if (order instanceof NetworkNote note) {
      networks.take(address(key, note.getNetwork()), note, append);
    }
  }

  private static Address address(String key, String text) throws Unbelievable {
    Address address = Reading.address("address", text);
    if (!key.equals(text)) {
      throw new Unbelievable("key = '" + key + "', expected " + text);
    }
    return address;
  }

  private void ban(Address address, BanOrder order, Instant at, Word word, Instant append)
      throws Unbelievable {
    String jail = order.getJail();
    Imported imported = order.getImported();
    boolean manual = jail.equals(DecisionKey.MANUAL) && imported == null;
    if (!manual && inForce.now().policy(jail).isEmpty()) {
      throw new Unbelievable("jail = " + jail + ", which has no policy");
    }
    Instant from = imported == null ? at : from(imported, at);
    Instant until = Optional.ofNullable(order.getUntil()).orElse(Ban.FOR_EVER);
    if (!from.isBefore(until)) {
      throw new Unbelievable("until = " + until + ", expected after " + from);
    }
    if (imported == null) {
      operators(address, jail, from, until, word, append);
    } else {
      imported(address, jail, imported.getHost(), from, until, word, append);
    }
  }

  private static Instant from(Imported imported, Instant at) throws Unbelievable {
    Instant from = imported.getFrom();
    if (from.isBefore(Instant.EPOCH) || from.isAfter(at)) {
      throw new Unbelievable("from = " + from + ", expected 1970 to " + at);
    }
    Reading.requireName("host", imported.getHost());
    return from;
  }

  private void operators(
      Address address, String jail, Instant from, Instant until, Word word, Instant append) {
    AddressState after =
        change.apply(
            address,
            state -> OrderRules.ban(state, inForce.now(), jail, from, until, append),
            append);
    Ban ban = after.lastBan(jail, DecisionKey.FLEET).orElseThrow();
    totals.banned(ban, List.of(), append);
    output.ban(address, ban, inForce.now().version(), Output.Behind.NOTHING, word, append);
  }

  private void imported(
      Address address,
      String jail,
      String host,
      Instant from,
      Instant until,
      Word word,
      Instant append) {
    change.apply(
        address,
        state -> {
          Ruled ruled =
              rules.imported(state, inForce.now(), jail, address, host, from, until, append);
          rulings.tell(address, ruled.rulings(), n -> Optional.empty(), word, append);
          return ruled.state();
        },
        append);
  }

  private void allow(AllowOrder order, Instant at, Word word, Instant append) throws Unbelievable {
    String target = order.getAllow().getTarget();
    inForce.take(order.getAllow());
    List<Address> allowed = inForce.now().allows().get(target).networks();
    boolean each = allowed.stream().noneMatch(Address::isNetwork);
    List<Address> covered =
        each
            ? allowed
            : addresses.addresses().stream()
                .filter(a -> allowed.stream().anyMatch(n -> n.contains(a)))
                .toList();
    Word why = new Word(word.who(), because("allowed: " + target, word));
    lift(covered, state -> OrderRules.allow(state, at, append), why, append);
    List<Address> around = NetworkStep.around(allowed);
    lift(around, state -> OrderRules.allowWithin(state, at, append), why, append);
  }

  private void policies(PolicyMarker marker, Instant at, Word word, Instant append)
      throws Unbelievable {
    Set<String> gone = new HashSet<>(inForce.now().policies().keySet());
    // The bans of those that left before were over by their marker's time, not by an earlier one.
    boolean backInTime = at.isBefore(inForce.newestMarker());
    inForce.take(marker, at);
    InForce now = inForce.now();
    networks.keep(now);
    gone.removeAll(now.policies().keySet());
    if (gone.isEmpty() && !backInTime) {
      return;
    }
    Word why = new Word(word.who(), because("jail withdrawn", word));
    lift(addresses.addresses(), state -> OrderRules.withdraw(state, now, at, append), why, append);
  }

  private static String because(String cause, Word word) {
    return word.why() == null ? cause : cause + ": " + word.why();
  }

  private void lift(List<Address> all, Rule rule, Word word, Instant append) {
    for (Address address : all) {
      change.apply(
          address,
          state -> {
            Lifted lifted = rule.apply(state);
            for (Ban ban : lifted.lifted()) {
              output.unban(address, ban, inForce.now().version(), word, append);
              notes.lifted(address, ban, append);
            }
            return lifted.state();
          },
          append);
    }
  }
}
