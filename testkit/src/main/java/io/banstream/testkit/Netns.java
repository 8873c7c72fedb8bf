package io.banstream.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network namespace of this test: a host with a firewall of its own in the running kernel, that
 * nothing outside it sees. Gone when closed, with every process in it.
 */
public final class Netns implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String name;

  private Netns(String name) {
    this.name = name;
  }

  /** What a command gave: its exit code, and both its outputs together. */
  public record Result(int exit, String output) {}

  /** Skips the test, saying what is missing, where this process can't make namespaces. */
  public static void assumeAvailable(String... tools) {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root for network namespaces");
    for (String tool : tools) {
      assumeTool(tool);
    }
    assumeTool("ip");
  }

  /** Skips the test, saying so, where {@code tool} is not installed. */
  public static void assumeTool(String tool) {
    boolean found =
        List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin").stream()
            .anyMatch(dir -> Files.isExecutable(Path.of(dir, tool)));
    assumeTrue(found, "needs " + tool);
  }

  /** A new namespace with its loopback up; {@code label} helps to tell it apart. */
  public static Netns create(String label) {
    String name = label + "-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    run(List.of("ip", "netns", "add", name));
    Netns netns = new Netns(name);
    netns.run("ip", "link", "set", "lo", "up");
    return netns;
  }

  /**
   * A cable between two namespaces.
   *
   * @param address this end's, with its prefix: {@code 198.51.100.1/24}
   * @param otherAddress the other end's
   */
  public void link(String address, Netns other, String otherAddress) {
    other.up(cable(address, other), otherAddress);
  }

  /** Makes this namespace a switch; then hosts are plugged into it. */
  public void beSwitch() {
    run("ip", "link", "add", "br0", "type", "bridge");
    run("ip", "link", "set", "br0", "up");
  }

  /** A cable from this host to a switch. */
  public void plugInto(Netns networkSwitch, String address) {
    networkSwitch.run("ip", "link", "set", cable(address, networkSwitch), "master", "br0", "up");
  }

  /** Lays a cable to another namespace, and puts this end of it up; gives the other end's name. */
  private String cable(String address, Netns other) {
    int n = COUNT.incrementAndGet();
    String mine = "va" + n;
    String theirs = "vb" + n;
    String peer = "type veth peer name " + theirs + " netns " + other.name;
    run(("ip link add " + mine + " netns " + name + " " + peer).split(" "));
    up(mine, address);
    return theirs;
  }

  private void up(String device, String address) {
    List<String> add = new ArrayList<>(List.of("ip", "addr", "add", address, "dev", device));
    if (address.contains(":")) {
      add.add("nodad");
    }
    run(add.toArray(String[]::new));
    run("ip", "link", "set", device, "up");
  }

  public String name() {
    return name;
  }

  /** The words to put before a command so that it runs in here. */
  public List<String> prefix() {
    return List.of("ip", "netns", "exec", name);
  }

  /** Runs a command in here and gives its output; fails where it does not exit with 0. */
  public String run(String... command) {
    return run(prefixed(command));
  }

  /** Runs a command in here, whatever it exits with. */
  public Result tryRun(String... command) {
    return tryRun(prefixed(command));
  }

  /** Starts a command in here; its outputs are the caller's to read. */
  public Process start(String... command) throws IOException {
    return new ProcessBuilder(prefixed(command)).redirectErrorStream(true).start();
  }

  private List<String> prefixed(String... command) {
    List<String> all = new ArrayList<>(prefix());
    all.addAll(Arrays.asList(command));
    return all;
  }

  private static String run(List<String> command) {
    Result result = tryRun(command);
    if (result.exit != 0) {
      throw new IllegalStateException(command + " exited " + result.exit + ": " + result.output);
    }
    return result.output;
  }

  private static Result tryRun(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw new IllegalStateException(command + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(command + ": interrupted", e);
    }
  }

  @Override
  public void close() {
    for (String pid : tryRun(List.of("ip", "netns", "pids", name)).output.split("\\s+")) {
      if (!pid.isEmpty()) {
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(Netns::kill);
      }
    }
    run(List.of("ip", "netns", "del", name));
  }

  private static void kill(ProcessHandle process) {
    process.destroyForcibly();
    try {
      process.onExit().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("process " + process.pid() + " does not end", e);
    }
  }
}
