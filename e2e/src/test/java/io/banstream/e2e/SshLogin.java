package io.banstream.e2e;

import io.banstream.testkit.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Logins to sshd, by the OpenSSH client with nothing of this machine's configuration. */
final class SshLogin {
  private final Path work;

  /**
   * @param work an empty folder, for keys and the program that answers ssh's question
   */
  SshLogin(Path work) throws IOException {
    this.work = work;
    Path askpass = work.resolve("askpass");
    Files.writeString(askpass, "#!/bin/sh\nprintf '%s\\n' \"$PASSWORD\"\n");
    Files.setPosixFilePermissions(askpass, PosixFilePermissions.fromString("rwx------"));
  }

  /** Answers up to {@code tries} questions for the password; true if let in. */
  boolean password(Client client, String server, String user, String password, int tries) {
    return ssh(
        client,
        List.of("PASSWORD=" + password),
        user,
        server,
        "PreferredAuthentications=password",
        "NumberOfPasswordPrompts=" + tries);
  }

  /** Offers {@code keys} keys that the server does not know, and no password. */
  boolean keys(Client client, String server, String user, int keys) throws IOException {
    List<String> options = new ArrayList<>(List.of("PreferredAuthentications=publickey"));
    Path folder = Files.createTempDirectory(work, "keys");
    for (int i = 0; i < keys; i++) {
      String key = folder.resolve("key" + i).toString();
      client.netns().run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key);
      options.add("IdentityFile=" + key);
    }
    return ssh(client, List.of(), user, server, options.toArray(String[]::new));
  }

  private boolean ssh(
      Client client, List<String> environment, String user, String server, String... options) {
    List<String> command = new ArrayList<>(List.of("timeout", "120", "env"));
    command.addAll(environment);
    command.addAll(
        List.of("SSH_ASKPASS=" + work.resolve("askpass"), "SSH_ASKPASS_REQUIRE=force", "ssh"));
    command.addAll(List.of("-F", "none", "-b", client.address(), "-o", "IdentitiesOnly=yes"));
    command.addAll(List.of("-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"));
    Arrays.stream(options).forEach(option -> command.addAll(List.of("-o", option)));
    command.addAll(List.of("-l", user, server, "true"));
    Netns.Result result = client.netns().tryRun(command.toArray(String[]::new));
    return result.exit() == 0;
  }
}
