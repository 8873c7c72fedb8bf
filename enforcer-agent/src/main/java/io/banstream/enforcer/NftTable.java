package io.banstream.enforcer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.banstream.schemas.Address;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Our table of nftables as the kernel holds it.
 *
 * @param chains their names
 * @param sets each by its name, with its networks and their ends
 * @param foreign sets that are none as we make them, by name or type or how elements end; what is
 *     in them is not read
 */
record NftTable(
    Set<String> chains, SortedMap<String, Map<Address, Instant>> sets, Set<String> foreign) {
  /** Both families' addresses in one table, which is ours alone. */
  static final String NAME = "inet banstream";

  /** Where a jail's rules are checked. */
  static final String TRIAL = "inet banstream-trial";

  static final NftTable NONE = new NftTable(Set.of(), new TreeMap<>(), Set.of());

  private static final JsonFactory JSON = new JsonFactory();

  /** One that holds nothing yet. */
  NftTable() {
    this(new TreeSet<>(), new TreeMap<>(), new TreeSet<>());
  }

  /**
   * Adds what {@code nft -j list table} prints at {@code now}.
   *
   * @throws FirewallException if it can't be understood
   */
  void add(InputStream json, Instant now) {
    try (JsonParser in = JSON.createParser(json)) {
      while (in.nextToken() != null) {
        if (in.currentToken() == JsonToken.FIELD_NAME) {
          String name = in.currentName();
          if (name.equals("set") && in.nextToken() == JsonToken.START_OBJECT) {
            readSet(in, now);
          } else if (name.equals("chain") && in.nextToken() == JsonToken.START_OBJECT) {
            readChain(in);
          } else if (name.equals("rule")) {
            in.nextToken();
            in.skipChildren(); // its sets are of ports
          }
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new FirewallException("nft -j list table " + NAME + ": " + e.getMessage(), e);
    }
  }

  private void readChain(JsonParser in) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      in.nextToken();
      if (field.equals("name")) {
        chains.add(in.getText());
      }
      in.skipChildren();
    }
  }

  /** What a set is comes before its elements. */
  private void readSet(JsonParser in, Instant now) throws IOException {
    String name = "";
    String type = "";
    List<String> flags = List.of();
    boolean defaultEnd = false;
    Map<Address, Instant> entries = new HashMap<>();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      JsonToken value = in.nextToken();
      switch (field) {
        case "name" -> name = in.getText();
        case "type" -> type = in.getText();
        case "flags" -> flags = texts(in);
        case "timeout" -> defaultEnd = true;
        case "elem" -> {
          if (value == JsonToken.START_ARRAY && isOurs(name, type, flags, defaultEnd)) {
            readElements(in, name, entries, now);
          }
        }
        default -> {}
      }
      in.skipChildren();
    }
    if (isOurs(name, type, flags, defaultEnd)) {
      sets.put(name, entries);
    } else {
      foreign.add(name);
    }
  }

  /** A list of one is not printed as a list by every nft. */
  private static List<String> texts(JsonParser in) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_STRING) {
      return List.of(in.getText());
    }
    List<String> texts = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      texts.add(in.getText());
    }
    return texts;
  }

  private static boolean isOurs(String name, String type, List<String> flags, boolean defaultEnd) {
    return flags.equals(List.of("timeout"))
        && !defaultEnd
        && Names.family(name).filter(family -> NftSet.type(family).equals(type)).isPresent();
  }

  private static void readElements(
      JsonParser in, String set, Map<Address, Instant> entries, Instant now) throws IOException {
    int slash = set.indexOf('/');
    String length = slash < 0 ? "" : set.substring(slash);
    while (in.nextToken() != JsonToken.END_ARRAY) {
      readElement(in, length, entries, now);
    }
  }

  /**
   * {@code "192.0.2.1"}, or {@code {"elem": {"val": "192.0.2.1", "timeout": 60, "expires": 59}}}.
   */
  private static void readElement(
      JsonParser in, String length, Map<Address, Instant> entries, Instant now) throws IOException {
    Instant until = Change.FOR_EVER;
    String base = in.currentToken() == JsonToken.VALUE_STRING ? in.getText() : "";
    if (base.isEmpty()) {
      in.nextToken(); // elem
      in.nextToken();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String field = in.currentName();
        in.nextToken();
        if (field.equals("val")) {
          base = in.getText();
        } else if (field.equals("expires")) {
          until = now.plusSeconds(in.getLongValue());
        }
        in.skipChildren();
      }
      in.nextToken(); // the outer end
    }
    entries.put(Address.parse(base + length), until);
  }

  private static String base(String set) {
    return set.replaceFirst("/.*", "");
  }

  boolean holds(Entry entry) {
    return sets.getOrDefault(NftSet.of(entry).name(), Map.of()).containsKey(entry.address());
  }

  /**
   * A jail's sets of one family as one, by the names that {@link Kernel} has; foreign where one of
   * them is.
   */
  Kernel kernel() {
    SortedMap<String, Kernel.IpSet> all = new TreeMap<>();
    sets.forEach(
        (name, entries) ->
            all.computeIfAbsent(
                    base(name), n -> new Kernel.IpSet(false, Integer.MAX_VALUE, new HashMap<>()))
                .entries()
                .putAll(entries));
    foreign.forEach(name -> all.put(base(name), new Kernel.IpSet(true, 0, Map.of())));
    return new Kernel(all);
  }
}
