package io.banstream.enforcer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.banstream.schemas.Address;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.HashMap;
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
 */
record NftTable(Set<String> chains, SortedMap<String, Map<Address, Instant>> sets) {
  /** Both families' addresses in one table, which is ours alone. */
  static final String NAME = "inet banstream";

  /** Where a jail's rules are checked. */
  static final String TRIAL = "inet banstream-trial";

  static final NftTable NONE = new NftTable(Set.of(), new TreeMap<>());

  private static final JsonFactory JSON = new JsonFactory();

  /** One that holds nothing yet. */
  NftTable() {
    this(new TreeSet<>(), new TreeMap<>());
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

  private void readSet(JsonParser in, Instant now) throws IOException {
    Map<Address, Instant> entries = new HashMap<>();
    String length = "";
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      JsonToken value = in.nextToken();
      if (field.equals("name")) {
        String name = in.getText();
        int slash = name.indexOf('/');
        length = slash < 0 ? "" : name.substring(slash);
        sets.put(name, entries);
      } else if (field.equals("elem") && value == JsonToken.START_ARRAY) {
        while (in.nextToken() != JsonToken.END_ARRAY) {
          readElement(in, length, entries, now);
        }
      } else {
        in.skipChildren();
      }
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

  boolean holds(Entry entry) {
    return sets.getOrDefault(NftSet.of(entry).name(), Map.of()).containsKey(entry.address());
  }

  /** A jail's sets of one family as one, by the names that {@link Kernel} has. */
  Kernel kernel() {
    SortedMap<String, Kernel.IpSet> all = new TreeMap<>();
    sets.forEach(
        (name, entries) ->
            all.computeIfAbsent(
                    name.replaceFirst("/.*", ""),
                    n -> new Kernel.IpSet(Integer.MAX_VALUE, new HashMap<>()))
                .entries()
                .putAll(entries));
    return new Kernel(all);
  }
}
