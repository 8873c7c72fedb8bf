package io.banstream.enforcer;

import io.banstream.enforcer.NeverBanned.Exempt;
import io.banstream.schemas.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this host needs to live, read from the host itself: its own addresses, its gateway, its name
 * servers, Kafka's brokers, the mail it relays for and through.
 */
final class Surroundings {
  private static final Logger LOG = LoggerFactory.getLogger(Surroundings.class);

  private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Pattern OWN = Pattern.compile("\\sinet6? ([0-9a-fA-F.:]+)");
  private static final Pattern VIA = Pattern.compile("\\bvia (?:inet6 )?([0-9a-fA-F.:]+)");
  private static final Pattern NAME_SERVER =
      Pattern.compile("(?m)^\\s*nameserver\\s+([0-9a-fA-F.:]+)");
  private static final Pattern RELAYHOST = Pattern.compile("\\[?([A-Za-z0-9_.:-]+?)\\]?(?::\\w+)?");

  private final List<String> commandPrefix;
  private final Shell shell;

  Surroundings(List<String> commandPrefix) {
    this.commandPrefix = List.copyOf(commandPrefix);
    this.shell = new Shell(commandPrefix, LIMIT);
  }

  /** What is told without asking a name server. */
  List<Exempt> local() {
    List<Exempt> all = new ArrayList<>();
    own().forEach(a -> all.add(new Exempt(a, "own address")));
    for (String family : List.of("-4", "-6")) {
      found(VIA, output(List.of("ip", family, "route", "show", "default")))
          .forEach(a -> all.add(new Exempt(a, "default gateway")));
    }
    nameServers().forEach(a -> all.add(new Exempt(a, "name server")));
    networks(output(List.of("postconf", "-h", "mynetworks")))
        .forEach(a -> all.add(new Exempt(a, "Postfix's mynetworks")));
    return all;
  }

  /** What names stand for; a name that does not resolve now is left out. */
  List<Exempt> named(Collection<String> brokers) {
    List<Exempt> all = new ArrayList<>();
    brokers.forEach(b -> resolve(b).forEach(a -> all.add(new Exempt(a, "Kafka broker"))));
    Matcher relay = RELAYHOST.matcher(output(List.of("postconf", "-h", "relayhost")).trim());
    if (relay.matches()) {
      resolve(relay.group(1)).forEach(a -> all.add(new Exempt(a, "Postfix's relayhost")));
    }
    return all;
  }

  /** This host's own addresses, in the namespace that the commands run in. */
  List<Address> own() {
    if (!commandPrefix.isEmpty()) {
      return found(OWN, output(List.of("ip", "-o", "addr", "show")));
    }
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .map(Address::of)
          .toList();
    } catch (SocketException e) {
      LOG.warn("this host's own addresses are not known: {}", e.getMessage());
      return List.of();
    }
  }

  private static List<Address> nameServers() {
    try {
      return found(NAME_SERVER, Files.readString(RESOLV_CONF));
    } catch (IOException e) {
      return List.of();
    }
  }

  /** What a tool prints; nothing where it is not installed or has nothing to say. */
  private String output(List<String> words) {
    try {
      Shell.Result result = shell.run(words, "");
      return result.succeeded() ? result.out() : "";
    } catch (FirewallException e) {
      return "";
    }
  }

  private static List<Address> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .flatMap(r -> Address.tryParse(r.group(1)).stream())
        .toList();
  }

  /** postconf(5)'s mynetworks: addresses and networks, IPv6 in brackets; tables are not read. */
  static List<Address> networks(String mynetworks) {
    List<Address> networks = new ArrayList<>();
    for (String word : mynetworks.split("[\\s,]+")) {
      Address.tryParse(word.replace("[", "").replace("]", "")).ifPresent(networks::add);
    }
    return networks;
  }

  private static List<Address> resolve(String name) {
    try {
      List<Address> addresses = new ArrayList<>();
      for (InetAddress address : InetAddress.getAllByName(name)) {
        addresses.add(Address.of(address));
      }
      return addresses;
    } catch (UnknownHostException e) {
      return List.of();
    }
  }
}
