package io.banstream.testkit;

import io.banstream.testkit.ModelBans.Ban;
import io.banstream.testkit.ModelEvent.Note;
import io.banstream.testkit.ModelPolicy.Subnet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which addresses of a network each jail has banned, and what is told of them to the network's
 * partition: {@code subnet.maxbans}. It forgets nothing.
 *
 * <p>Where the design leaves a choice, this is what holds here:
 *
 * <ul>
 *   <li>What counts is a ban that a jail decided, or took from another system, for the fleet; not
 *       an operator's, not a limited one, and not of an address that is as wide as the network, or
 *       wider. Of an address the newest such ban is known, until any ban of that jail and reach is
 *       lifted.
 *   <li>A note counts as of its own ban's from: so many distinct addresses whose bans end later.
 *       Then nothing is done while the jail's last ban of the network for the fleet holds, an
 *       operator's too; else, where something allowed or on the jail's ignoreip overlaps the
 *       network, it is told, once until the count was below maxbans or the network was banned; else
 *       the network is banned, as by rule 7, from the note's from on. It is no failure of any jail,
 *       leaves windows alone and is no note.
 *   <li>Unbanning the network, the jail or all, counts its addresses anew, and so does a policy
 *       under which the jail no longer bans networks of that length.
 *   <li>An allow within the network lifts that ban, and no other of the network.
 * </ul>
 */
final class ModelNetworks {
  /** A network, as one jail sees it. */
  private record Seen(String jail, String network) {}

  private final Map<Seen, Map<String, Note>> banned = new HashMap<>();
  private final Set<Seen> told = new HashSet<>();
  private final List<Note> notes = new ArrayList<>();

  /** The notes since it was last asked. */
  List<Note> takeNotes() {
    List<Note> taken = List.copyOf(notes);
    notes.clear();
    return taken;
  }

  /** Notes that the ban counts, or where it is lifted that it does not. */
  void note(Optional<ModelPolicy> policy, Ban ban, Instant appended) {
    if (policy.isEmpty() || !ban.key.ofFleet() || ban.network) {
      return;
    }
    Optional<Subnet> subnet = policy.get().subnet();
    ModelAddress address = ModelAddress.parse(ban.key.address());
    int prefix = subnet.map(s -> address.width() == 32 ? s.prefix4() : s.prefix6()).orElse(128);
    if (prefix < address.prefix()) {
      String network = address.cut(prefix).toString();
      Instant from = ban.lifted ? ban.until.get() : ban.from;
      notes.add(new Note(appended, ban.key.jail(), network, ban.key.address(), from, ban.until));
    }
  }

  /** Takes a note of a lifted ban. */
  void lifted(Note note) {
    banned
        .getOrDefault(new Seen(note.jail(), note.network()), new HashMap<>())
        .remove(note.address());
  }

  /** Takes a note of a ban; gives how many addresses are now banned at its time. */
  int count(Note note) {
    Map<String, Note> known =
        banned.computeIfAbsent(new Seen(note.jail(), note.network()), s -> new HashMap<>());
    known.put(note.address(), note);
    return (int)
        known.values().stream()
            .filter(n -> n.until().isEmpty() || n.until().get().isAfter(note.from()))
            .count();
  }

  /** Whether that is told now, and was not before. */
  boolean tell(Note note) {
    return told.add(new Seen(note.jail(), note.network()));
  }

  void tellAgain(Note note) {
    told.remove(new Seen(note.jail(), note.network()));
  }

  void unban(String network, Predicate<String> jail) {
    forget(seen -> seen.network().equals(network) && jail.test(seen.jail()));
  }

  void change(Map<String, ModelPolicy> policies) {
    forget(
        seen -> {
          ModelAddress network = ModelAddress.parse(seen.network());
          Optional<Subnet> subnet =
              Optional.ofNullable(policies.get(seen.jail())).flatMap(ModelPolicy::subnet);
          return subnet
              .map(s -> (network.width() == 32 ? s.prefix4() : s.prefix6()) != network.prefix())
              .orElse(true);
        });
  }

  private void forget(Predicate<Seen> which) {
    banned.keySet().removeIf(which);
    told.removeIf(which);
  }
}
