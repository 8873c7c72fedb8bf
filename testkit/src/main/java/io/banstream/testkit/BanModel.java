package io.banstream.testkit;

import static io.banstream.testkit.ModelBans.FLEET;
import static java.util.stream.Collectors.toSet;

import io.banstream.testkit.ModelBans.Ban;
import io.banstream.testkit.ModelBans.Key;
import io.banstream.testkit.ModelDecision.Verdict;
import io.banstream.testkit.ModelPolicy.Slow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The rules of a decision, 1 to 11 and 14 of the design, in the plainest form that can be read
 * beside them: what any other implementation must come to, all fields, one partition at a time. It
 * forgets nothing, so it is for tests.
 *
 * <p>Where the design leaves a choice, this is what holds here:
 *
 * <ul>
 *   <li>Rule 1: a ban is a failure of recidive with the address as banned; recidive's own {@code
 *       ipv6prefix} would lead out of the partition. {@code ignoreip} and allows are compared with
 *       the failure's full address; for recidive, and for what an allow lifts, with the banned
 *       address or network, which must lie within.
 *   <li>Rule 8 comes first: a repeated failure is nothing else, whatever became of the first. Then
 *       the clock, then whether the jail has a policy now (else the failure is nothing), then rules
 *       2, 3 and 4. An allow with an end holds for failures before that end.
 *   <li>Rule 3: "the last ban" is the newest in the stream's order, an operator's too: of those
 *       that reach the failure's host alone, and of those that reach the fleet, in either scope. An
 *       unban makes its own time the ban's until. Such failures are tallied as late.
 *   <li>Rule 4: {@code from} is the newest counted time, which may be newer than the failure that
 *       completed the window. What fell out of a window stays out, even if findtime grows. A window
 *       that is full at once, because maxretry shrank, makes a ban at the next failure, with all
 *       its failures. A change of scope leaves the windows of the other scope lying.
 *   <li>Rule 4 with {@code longtime}: a failure at or before t - findtime, but within (t -
 *       longtime, t], is counted too, not late; so is what findtime leaves behind, from the first
 *       failure on that finds longtime set. Once findtime's window has {@code maxretry} by the
 *       failure that came, its failures are the ban's; else, once both together have {@code
 *       longretry}, all of them. Either ban clears both; so does an unban that clears.
 *   <li>Rule 6: the ban is decided before recidive's. Bans of one host feed a recidive of the fleet
 *       too. Where recidive has scope host, the failure is of the host that completed the window.
 *   <li>Rule 6, several jails that count bans: each counts those of the jails that it names, or of
 *       all; none those of a jail that counts bans. They are asked by name.
 *   <li>Rule 7, as fail2ban's {@code observer.py} and {@code jail.py}: with no earlier ban that is
 *       remembered, the bantime as it is, without factor or rndtime. With n of them, {@code bantime
 *       * factor * multipliers[min(n, last)]}, or where those aren't set {@code max(bantime,
 *       bantime * factor * 2^min(n, 20))}; in milliseconds, rounded. Then at most maxtime. Then
 *       rndtime's draw on top: the first 8 bytes, big-endian and unsigned, of the SHA-256 of the
 *       UTF-8 text {@code jail + " " + address + " " + from in epoch milliseconds}, modulo (rndtime
 *       in milliseconds + 1), in milliseconds. Bans of the same jail, address and reach count; with
 *       overalljails all of the address. A ban is remembered while the new one's from is at most
 *       its until + dbpurgeage: the new one's jail's, a day for manual.
 *   <li>Rule 10: an operator's ban of a jail without policy, manual excepted, or that does not end
 *       after its time, can't be believed and is nothing. Any other reaches the fleet, leaves
 *       windows alone and replaces one of the same jail in force. An unban lifts the last ban of
 *       each reach that is not over at its time; those, not earlier ones, leave history. It clears
 *       the windows of the jail named, or of all but those that count bans, whose window is
 *       history. An allow lifts what it covers, the jail manual too, and leaves windows and
 *       history. Lifts of one event go by address, jail, reach.
 *   <li>Rule 10, a ban of another system: it is the jail's own, from its own time, for the fleet or
 *       in scope host for its host alone. It is nothing where the jail has no policy, where it ends
 *       before it begins or begins after the order, where the address is never counted (told as
 *       ignored), or where it begins within the last ban of its host or of the fleet (told as
 *       late). It clears the window, and is a failure of recidive, as any ban; it counts as banned,
 *       not as failed.
 *   <li>Rule 11, a limited ban: its window may hold bans that reached its host alone for other
 *       reasons, in recidive of scope host or since a change of scope. It is limited where the
 *       failure that completed it is a limited ban, in scope host too. That failure confirms
 *       nothing: it counts for its own host only.
 *   <li>Rule 11, a ban confirmed: limited bans hold as in rule 3, before their own from too, those
 *       that the share limited among them, while the policy in force has {@code guard.confirm} and
 *       scope fleet. The failure is tallied as failed. It counts for a recidive of scope host in
 *       the window of the failure's host. {@link ModelGuard} has the choices of the count.
 *   <li>{@code users.maxnames}: as many names among the failures of findtime's window make a ban of
 *       them, as maxretry does, by a failure that is within it. A name counts that was told while
 *       the key was set; what says none counts for none.
 *   <li>{@code guard.spare}: a failure counts as any other; where it would make a ban, by a full
 *       window or as it confirms a limited one, the window is cleared and there is none. An
 *       operator's ban and an imported one are made. Of a network of the list is told once in a day
 *       of append time, whichever jail and address it was; of a list the first that lies in the
 *       address or around it. A network that holds such a one, or lies in it, is not banned.
 *   <li>A host's clock is told of at most once in an hour of append time, by what is no repetition,
 *       be it of a jail without policy.
 *   <li>Rule 14: a success of a jail without policy, or that counts bans, is nothing; any other's
 *       time is remembered for the counted address, the newest of all jails. It counts for a ban
 *       where that newest time is not after the ban's {@code from} and less than known.days of the
 *       jail that bans before it: a success after it, or before a known.days that is longer in
 *       another jail, changes nothing. Such a ban is limited whoever spoke, and asks the guard
 *       nothing; a ban of scope host reaches its host anyhow, and one that a limited ban of a jail
 *       completes is limited by that. Nobody confirms: with {@code guard.confirm} a failure of
 *       another host counts from nothing where at its time the address is known. It is told unless
 *       the address had a limited ban, whyever it was, whose from is later than a day before this
 *       one's. Forgiven is what is in the window of the success's host in scope host, of the
 *       fleet's otherwise; the newest counted time outlives it.
 *   <li>A marker lifts the bans of jails that it leaves out, manual excepted, under the new
 *       version, also of those that an earlier marker left out: one whose own time is before that
 *       one's finds bans in force that ended in between. Their windows and history stay.
 * </ul>
 */
public final class BanModel {
  private static final String MANUAL = "manual";
  private static final Duration CLOCK_AHEAD = Duration.ofMinutes(5);

  private static final Duration ALERT_AGAIN = Duration.ofDays(1);
  private static final Duration CLOCK_AGAIN = Duration.ofHours(1);

  /** fail2ban's default dbpurgeage, for a jail that has no policy: manual. */
  private static final Duration DBPURGEAGE = Duration.ofDays(1);

  /** What is counted beside the decisions, per jail. */
  public enum Tally {
    /** Failures that joined a window. */
    FAILED,
    /** Bans decided, an operator's among them. */
    BANNED,
    /** Failures of addresses on ignoreip or the allow list. */
    IGNORED,
    /** Failures too old for their window, or during a ban. */
    LATE,
    /** Bans that were over when they were decided. */
    PAST,
    /** Failures delivered again. */
    REPEATED
  }

  /**
   * What is held back.
   *
   * @param guard guard.bans: that host has passed its share in that jail (rule 11); known: the
   *     address is known (rule 14); subnet.allowed: a network stays open; guard.spare: an address
   *     of that list is not banned; clock: a host's is ahead
   * @param host * where it is no one host's
   */
  public record Alert(String guard, String host, String jail) {}

  /**
   * One place in a window.
   *
   * @param name tried, where it matters to the jail as it comes
   * @param cause the ban that it is, in recidive's
   */
  private record Counted(Instant time, String host, Optional<String> name, Optional<Ban> cause) {
    /** The host that it speaks for alone. */
    Optional<String> speaksFor() {
      return cause.map(Ban::speaksFor).orElse(Optional.of(host));
    }

    boolean ofLimitedBan() {
      return cause.map(ban -> ban.limited).orElse(false);
    }
  }

  /**
   * What is counted of one key, in the order it came.
   *
   * @param within findtime
   * @param before findtime, within longtime
   */
  private record Windows(List<Counted> within, List<Counted> before) {
    Windows() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    /** Drops what is out of both; what is out of findtime stays for longtime. */
    void slide(Instant t, ModelPolicy policy) {
      Instant tooOld = t.minus(policy.findtime());
      within.stream().filter(f -> !f.time().isAfter(tooOld)).forEach(before::add);
      within.removeIf(f -> !f.time().isAfter(tooOld));
      before.removeIf(
          f -> policy.slow().map(s -> !f.time().isAfter(t.minus(s.longtime()))).orElse(true));
    }

    List<Counted> all() {
      return Stream.concat(before.stream(), within.stream()).toList();
    }

    void clear() {
      within.clear();
      before.clear();
    }

    boolean ofBans() {
      return all().stream().anyMatch(f -> f.cause().isPresent());
    }

    void forgive(Instant until) {
      within.removeIf(f -> !f.time().isAfter(until));
      before.removeIf(f -> !f.time().isAfter(until));
    }

    void forget() {
      Predicate<Counted> forgotten = f -> f.cause().map(b -> b.forgotten).orElse(false);
      within.removeIf(forgotten);
      before.removeIf(forgotten);
    }
  }

  private record Delivery(String host, String jail, ModelEvent.Position position) {}

  private final Set<Delivery> delivered = new HashSet<>();
  private final Map<Key, Windows> windows = new HashMap<>();
  private final Map<Key, Instant> newest = new HashMap<>();
  private final ModelBans bans = new ModelBans();
  private final ModelGuard guard = new ModelGuard();
  private final Map<String, Instant> successes = new HashMap<>(); // by counted address
  private final ModelNetworks networks = new ModelNetworks();
  private final Map<String, ModelEvent.Allow> allows = new HashMap<>();
  private final Map<String, Map<Tally, Long>> tallies = new TreeMap<>();
  private final List<ModelDecision> decisions = new ArrayList<>();
  private Map<String, ModelPolicy> policies = Map.of();
  private long version;

  /** Takes the next event; gives what it decides, in order. */
  public List<ModelDecision> accept(ModelEvent event) {
    int before = decisions.size();
    if (event instanceof ModelEvent.Failure failure) {
      fail(failure);
    } else if (event instanceof ModelEvent.Success success) {
      succeed(success);
    } else if (event instanceof ModelEvent.Ban order) {
      ban(order);
    } else if (event instanceof ModelEvent.Unban order) {
      unban(order);
    } else if (event instanceof ModelEvent.Allow order) {
      allow(order);
    } else if (event instanceof ModelEvent.Disallow order) {
      allows.remove(order.target());
    } else if (event instanceof ModelEvent.Marker marker) {
      change(marker);
    } else if (event instanceof ModelEvent.Note note) {
      note(note);
    }
    return List.copyOf(decisions.subList(before, decisions.size()));
  }

  /**
   * Takes the next event as where there is one partition: each note that it makes comes back before
   * the next event.
   */
  public void acceptAlone(ModelEvent event) {
    Deque<ModelEvent> waiting = new ArrayDeque<>(List.of(event));
    while (!waiting.isEmpty()) {
      accept(waiting.remove());
      waiting.addAll(takeNotes());
    }
  }

  /** The notes to the networks' partitions since it was last asked, in order. */
  public List<ModelEvent.Note> takeNotes() {
    return networks.takeNotes();
  }

  /** All that these events decide, in order. */
  public static List<ModelDecision> decide(List<ModelEvent> events) {
    BanModel model = new BanModel();
    events.forEach(model::accept);
    return model.decisions();
  }

  /** All decisions so far, in order. */
  public List<ModelDecision> decisions() {
    return List.copyOf(decisions);
  }

  /** All alerts so far, in order. */
  public List<Alert> alerts() {
    return guard.alerts();
  }

  public long tally(String jail, Tally tally) {
    return tallies.getOrDefault(jail, Map.of()).getOrDefault(tally, 0L);
  }

  private void fail(ModelEvent.Failure failure) {
    String jail = failure.jail();
    if (!delivered.add(new Delivery(failure.host(), jail, failure.position()))) {
      count(jail, Tally.REPEATED);
      return;
    }
    Instant time = believed(failure);
    tellOfClock(failure);
    ModelPolicy policy = policies.get(jail);
    if (policy == null || policy.bansOf().isPresent() || jail.equals(MANUAL)) {
      return;
    }
    ModelAddress address = ModelAddress.parse(failure.address());
    String counted = address.counted(policy.ipv6prefix()).toString();
    Optional<String> name =
        Optional.of(failure.user().toLowerCase(Locale.ROOT))
            .filter(n -> !n.isEmpty() && policy.maxnames() > 0);
    Counted place = new Counted(time, failure.host(), name, Optional.empty());
    join(policy, address, counted, place, failure.appended());
  }

  private static Instant believed(ModelEvent.Login login) {
    boolean ahead = login.time().isAfter(login.appended().plus(CLOCK_AHEAD));
    return ahead ? login.appended() : login.time();
  }

  private void tellOfClock(ModelEvent.Login login) {
    if (!believed(login).equals(login.time())) {
      String told = "clock of " + login.host();
      if (guard.isNews(told, login.appended(), CLOCK_AGAIN)) {
        guard.tell(new Alert("clock", login.host(), login.jail()));
      }
    }
  }

  /** Rule 14. */
  private void succeed(ModelEvent.Success success) {
    String jail = success.jail();
    ModelPolicy policy = policies.get(jail);
    if (!delivered.add(new Delivery(success.host(), jail, success.position()))) {
      return;
    }
    tellOfClock(success);
    if (policy == null || policy.bansOf().isPresent() || jail.equals(MANUAL)) {
      return;
    }
    Instant time = believed(success);
    String address = ModelAddress.parse(success.address()).counted(policy.ipv6prefix()).toString();
    successes.merge(address, time, (a, b) -> a.isAfter(b) ? a : b);
    if (policy.trust().forgive()) {
      Key key = new Key(jail, address, policy.perHost() ? success.host() : FLEET);
      windows.getOrDefault(key, new Windows()).forgive(time);
    }
  }

  private boolean known(ModelPolicy policy, String address, Instant from) {
    Instant success = successes.get(address);
    return success != null
        && !success.isAfter(from)
        && success.isAfter(from.minus(policy.trust().known()));
  }

  /** Rules 2 to 6, 11 and 14, for a login and for a ban that recidive counts. */
  private void join(
      ModelPolicy policy, ModelAddress full, String address, Counted failure, Instant appended) {
    String jail = policy.jail();
    Instant time = failure.time();
    if (policy.ignoreip().stream().anyMatch(n -> covers(n, full)) || allowed(full, time)) {
      count(jail, Tally.IGNORED);
      return;
    }
    boolean hostAlone = policy.perHost() || failure.ofLimitedBan();
    Key key = new Key(jail, address, hostAlone ? failure.host() : FLEET);
    if (bans.during(key.at(failure.host()), time) || bans.during(key.at(FLEET), time)) {
      count(jail, Tally.LATE);
      return;
    }
    Instant t = newest.getOrDefault(key, time);
    t = time.isAfter(t) ? time : t;
    boolean late = !time.isAfter(t.minus(policy.findtime()));
    Instant begin = t.minus(policy.slow().map(Slow::longtime).orElse(policy.findtime()));
    if (!time.isAfter(begin)) {
      count(jail, Tally.LATE);
      return;
    }
    count(jail, Tally.FAILED);
    newest.put(key, t);
    Windows window = windows.computeIfAbsent(key, k -> new Windows());
    window.slide(t, policy);
    List<Ban> confirmed =
        policy.guard().confirm() && key.ofFleet() && !known(policy, address, time)
            ? bans.limitedDuring(key, time)
            : List.of();
    if (!confirmed.isEmpty()) {
      window.clear();
      if (spared(policy, address, appended)) {
        return;
      }
      Optional<Instant> until = latest(confirmed);
      Ban ban = bans.add(key, time, until, policy.dbpurgeage(), Optional.empty(), false);
      decided(ban, 1, appended);
      note(ban, appended);
      recidive(ban, failure.host(), appended);
      return;
    }
    (late ? window.before() : window.within()).add(failure);
    boolean manyNames =
        policy.maxnames() > 0
            && window.within().stream().flatMap(f -> f.name().stream()).distinct().count()
                >= policy.maxnames();
    boolean first = !late && (manyNames || window.within().size() >= policy.maxretry());
    List<Counted> behind = first ? List.copyOf(window.within()) : window.all();
    if (first || policy.slow().map(s -> behind.size() >= s.longretry()).orElse(false)) {
      window.clear();
      if (!spared(policy, address, appended)) {
        ban(policy, key, t, behind, failure, appended);
      }
    }
  }

  /** Whether failures don't ban this address; the first of its list is told of, once a day. */
  private boolean spared(ModelPolicy policy, String address, Instant appended) {
    Optional<String> of =
        policy.guard().spare().stream()
            .filter(n -> ModelAddress.parse(n).overlaps(ModelAddress.parse(address)))
            .findFirst();
    if (of.isPresent() && guard.isNews("spare " + of.get(), appended, ALERT_AGAIN)) {
      guard.tell(new Alert("guard.spare", FLEET, policy.jail()));
    }
    return of.isPresent();
  }

  /**
   * Rule 4's ban of a full window.
   *
   * @param last the failure that completed it
   */
  private void ban(
      ModelPolicy policy,
      Key counted,
      Instant from,
      List<Counted> window,
      Counted last,
      Instant appended) {
    Optional<String> word = counted.ofFleet() ? wordOf(window) : Optional.empty();
    boolean known = counted.ofFleet() && known(policy, counted.address(), from);
    boolean limited =
        last.ofLimitedBan()
            || known
            || word.isPresent() && guard.limits(policy, word.get(), appended);
    if (known && !bans.limitedAfter(counted.address(), from.minus(ALERT_AGAIN))) {
      guard.tell(new Alert("known", last.host(), policy.jail()));
    }
    Key key = limited ? counted.at(last.host()) : counted;
    int earlier = bans.earlier(policy, key, from);
    Optional<Instant> until = ModelBantime.until(policy, key.address(), from, earlier);
    Ban ban = bans.add(key, from, until, policy.dbpurgeage(), word, limited);
    decided(ban, window.size(), appended);
    note(ban, appended);
    recidive(ban, last.host(), appended);
  }

  /** Rule 11: the host on whose word alone these are. */
  private static Optional<String> wordOf(List<Counted> window) {
    Set<Optional<String>> words = window.stream().map(Counted::speaksFor).collect(toSet());
    return words.size() == 1 ? words.iterator().next() : Optional.empty();
  }

  /** The latest until; for ever is later than any. */
  private static Optional<Instant> latest(List<Ban> bans) {
    return bans.stream()
        .map(ban -> ban.until)
        .reduce((a, b) -> a.isEmpty() || b.isPresent() && a.get().isAfter(b.get()) ? a : b)
        .get();
  }

  /** Rule 6: the ban is a failure of recidive, and of whatever jail counts that one's bans. */
  private void recidive(Ban ban, String host, Instant appended) {
    String jail = ban.key.jail();
    if (policies.get(jail).bansOf().isPresent()) {
      return;
    }
    String address = ban.key.address();
    Counted failure = new Counted(ban.from, host, Optional.empty(), Optional.of(ban));
    for (ModelPolicy policy : new TreeMap<>(policies).values()) {
      if (policy.bansOf().map(of -> of.isEmpty() || of.contains(jail)).orElse(false)) {
        join(policy, ModelAddress.parse(address), address, failure, appended);
      }
    }
  }

  private boolean allowed(ModelAddress address, Instant time) {
    return allows.values().stream()
        .filter(allow -> allow.until().isEmpty() || time.isBefore(allow.until().get()))
        .anyMatch(allow -> allow.networks().stream().anyMatch(n -> covers(n, address)));
  }

  private static boolean covers(String network, ModelAddress address) {
    return ModelAddress.parse(network).contains(address);
  }

  private void decided(Ban ban, int failures, Instant appended) {
    tell(Verdict.BAN, ban, ban.from, ban.until, failures);
    count(ban.key.jail(), Tally.BANNED);
    if (!ban.lastsAfter(appended)) {
      count(ban.key.jail(), Tally.PAST);
    }
  }

  private void ban(ModelEvent.Ban order) {
    if (order.imported().isPresent()) {
      take(order, order.imported().get());
      return;
    }
    ModelPolicy policy = policies.get(order.jail());
    boolean over = order.until().isPresent() && !order.until().get().isAfter(order.time());
    if (over || policy == null && !order.jail().equals(MANUAL)) {
      return;
    }
    Duration dbpurgeage = policy == null ? DBPURGEAGE : policy.dbpurgeage();
    Key key = new Key(order.jail(), order.address(), FLEET);
    Ban ban = bans.add(key, order.time(), order.until(), dbpurgeage, Optional.empty(), false);
    decided(ban, 0, order.appended());
  }

  private void take(ModelEvent.Ban order, ModelEvent.Imported ban) {
    ModelPolicy policy = policies.get(order.jail());
    boolean over = order.until().isPresent() && !order.until().get().isAfter(ban.from());
    if (over || policy == null || ban.from().isAfter(order.time())) {
      return;
    }
    ModelAddress address = ModelAddress.parse(order.address());
    String host = ban.host();
    Key key = new Key(order.jail(), order.address(), policy.perHost() ? host : FLEET);
    if (policy.ignoreip().stream().anyMatch(n -> covers(n, address))
        || allowed(address, ban.from())) {
      count(order.jail(), Tally.IGNORED);
    } else if (bans.during(key.at(host), ban.from()) || bans.during(key.at(FLEET), ban.from())) {
      count(order.jail(), Tally.LATE);
    } else {
      windows.getOrDefault(key, new Windows()).clear();
      Ban known =
          bans.add(key, ban.from(), order.until(), policy.dbpurgeage(), Optional.of(host), false);
      if (key.ofFleet()) {
        guard.reachedFleet(host, order.appended());
      }
      decided(known, 0, order.appended());
      note(known, order.appended());
      recidive(known, host, order.appended());
    }
  }

  private void note(Ban ban, Instant appended) {
    networks.note(Optional.ofNullable(policies.get(ban.key.jail())), ban, appended);
  }

  private void note(ModelEvent.Note note) {
    if (note.until().equals(Optional.of(note.from()))) {
      networks.lifted(note);
      return;
    }
    ModelPolicy policy = policies.get(note.jail());
    if (policy == null || policy.subnet().isEmpty()) {
      return; // it was another policy's
    }
    ModelAddress network = ModelAddress.parse(note.network());
    int count = networks.count(note);
    Key key = new Key(note.jail(), note.network(), FLEET);
    if (count < policy.subnet().get().maxbans()) {
      networks.tellAgain(note);
    } else if (bans.during(key, note.from())) {
      return;
    } else if (keptOpen(policy, network, note.from())) {
      if (networks.tell(note)) {
        guard.tell(new Alert("subnet.allowed", FLEET, note.jail()));
      }
    } else {
      networks.tellAgain(note);
      int earlier = bans.earlier(policy, key, note.from());
      Optional<Instant> until = ModelBantime.until(policy, note.network(), note.from(), earlier);
      Ban ban = bans.addNetwork(key, note.from(), until, policy.dbpurgeage());
      decided(ban, count, note.appended());
    }
  }

  private boolean keptOpen(ModelPolicy policy, ModelAddress network, Instant time) {
    Stream<String> allowed =
        allows.values().stream()
            .filter(allow -> allow.until().isEmpty() || time.isBefore(allow.until().get()))
            .flatMap(allow -> allow.networks().stream());
    return Stream.of(policy.ignoreip().stream(), policy.guard().spare().stream(), allowed)
        .flatMap(networks -> networks)
        .anyMatch(n -> ModelAddress.parse(n).overlaps(network));
  }

  private void unban(ModelEvent.Unban order) {
    networks.unban(order.address(), jail -> named(order, jail));
    List<Ban> lifted =
        lift(order.address(), order.time(), order.appended(), b -> named(order, b.key.jail()));
    if (!order.keepHistory()) {
      lifted.forEach(ban -> ban.forgotten = true);
      windows.values().forEach(Windows::forget);
    }
    windows.forEach(
        (key, window) -> {
          if (key.address().equals(order.address())
              && named(order, key.jail())
              && (order.jail().isPresent() || !window.ofBans())) {
            window.clear();
          }
        });
  }

  private static boolean named(ModelEvent.Unban order, String jail) {
    return order.jail().isEmpty() || order.jail().get().equals(jail);
  }

  private void allow(ModelEvent.Allow order) {
    allows.put(order.target(), order);
    for (String address : bans.addresses()) {
      ModelAddress banned = ModelAddress.parse(address);
      if (order.networks().stream().anyMatch(n -> covers(n, banned))) {
        lift(address, order.time(), order.appended(), ban -> true);
      } else if (order.networks().stream().anyMatch(n -> covers(address, ModelAddress.parse(n)))) {
        lift(address, order.time(), order.appended(), ban -> ban.network);
      }
    }
  }

  private void change(ModelEvent.Marker marker) {
    version = marker.version();
    guard.share(marker.partitions());
    policies = new LinkedHashMap<>();
    marker.policies().forEach(policy -> policies.put(policy.jail(), policy));
    networks.change(policies);
    for (String address : bans.addresses()) {
      lift(
          address,
          marker.time(),
          marker.appended(),
          ban -> !ban.key.jail().equals(MANUAL) && !policies.containsKey(ban.key.jail()));
    }
  }

  /** Ends the bans of the address that are in force at that time and meant; gives them. */
  private List<Ban> lift(String address, Instant time, Instant appended, Predicate<Ban> meant) {
    List<Ban> lifted =
        bans.of(address).stream()
            .filter(ban -> !ban.lifted && ban.lastsAfter(time) && bans.last(ban.key).get() == ban)
            .filter(meant)
            .sorted(Comparator.comparing((Ban b) -> b.key.jail()).thenComparing(b -> b.key.reach()))
            .toList();
    for (Ban ban : lifted) {
      ban.lifted = true;
      ban.until = Optional.of(time);
      tell(Verdict.UNBAN, ban, time, ban.until, 0);
      note(ban, appended);
    }
    return lifted;
  }

  private void tell(Verdict verdict, Ban ban, Instant from, Optional<Instant> until, int failures) {
    decisions.add(
        new ModelDecision(
            verdict,
            ban.key.jail(),
            ban.key.address(),
            ban.key.reach(),
            from,
            until,
            ban.nth,
            failures,
            version,
            ban.limited,
            ban.network));
  }

  private void count(String jail, Tally tally) {
    tallies.computeIfAbsent(jail, j -> new HashMap<>()).merge(tally, 1L, Long::sum);
  }
}
