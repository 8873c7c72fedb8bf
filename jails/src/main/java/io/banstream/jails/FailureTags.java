package io.banstream.jails;

import io.banstream.schemas.Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What fail2ban's tags stand for in a failure. */
public final class FailureTags {
  /**
   * Letters, digits and {@code @._:+=-}, none to begin an option, no path: as such a value is one
   * word, whatever quotes stand around its tag, and however often a shell reads it ({@code eval},
   * {@code sh -c "..."}). Quoting could not promise that.
   */
  private static final Pattern WORD =
      Pattern.compile("([A-Za-z0-9@._:+=][A-Za-z0-9@._:+=-]{0,254})?");

  private final Address address;
  private final InetAddress inet;
  private final Optional<String> user;

  private final Function<InetAddress, String> names;

  /**
   * @param address as found in the log
   * @param user the account tried, as logged
   */
  public FailureTags(Address address, Optional<String> user) {
    this(address, user, InetAddress::getCanonicalHostName);
  }

  /**
   * @param names what the name server says of an address: anybody's word, who has the address
   */
  FailureTags(Address address, Optional<String> user, Function<InetAddress, String> names) {
    this.address = address;
    this.user = user;
    this.names = names;
    try {
      this.inet = InetAddress.getByName(address.toString().split("/")[0]);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address is asked of no server", e);
    }
  }

  /**
   * A tag's value, fit for a line of the shell.
   *
   * @throws IllegalArgumentException if it holds what may mean something to a shell
   */
  public String word(String tag) {
    String value = value(tag);
    if (!tag.matches("ip|fid") && !WORD.matcher(value).matches()) { // a network has its /
      throw new IllegalArgumentException("<" + tag + "> is no plain word");
    }
    return value;
  }

  /**
   * A tag's value as it is; of {@code ip-host} after asking the name server, which may take long.
   */
  public String value(String tag) {
    return switch (tag) {
      case "ip", "fid" -> address.toString();
      case "family" -> inet.getAddress().length == 4 ? "inet4" : "inet6";
      case "ip-rev" -> reversed();
      case "ip-host" -> host();
      case "F-USER" -> user.orElse("");
      default -> throw new IllegalArgumentException("<" + tag + ">");
    };
  }

  /** As the domain name system has it, without its zone: {@code 1.2.0.192.} */
  private String reversed() {
    StringBuilder reversed = new StringBuilder();
    byte[] bytes = inet.getAddress();
    for (int i = bytes.length - 1; i >= 0; i--) {
      int b = bytes[i] & 0xff;
      reversed.append(bytes.length == 4 ? b + "." : "%x.%x.".formatted(b & 0xf, b >> 4));
    }
    return reversed.toString();
  }

  /** The name that the address has, if the name has this address as well; else nothing. */
  private String host() {
    String name = names.apply(inet);
    return name.equals(inet.getHostAddress()) ? "" : name;
  }
}
