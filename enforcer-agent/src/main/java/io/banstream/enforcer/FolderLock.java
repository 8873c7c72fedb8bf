package io.banstream.enforcer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps a data folder to one enforcer; gone with its process, however that ends. */
final class FolderLock implements AutoCloseable {
  /**
   * The folders held within this process: POSIX drops a process's locks on a file as soon as it
   * closes any handle of it, so what is held here must not even be looked at.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private FolderLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * @throws EnforcerException if another enforcer has it; the message names its process id
   */
  static FolderLock take(Path folder) throws IOException {
    Path file = folder.toRealPath().resolve("lock");
    String own = Long.toString(ProcessHandle.current().pid());
    if (!HELD.add(file)) {
      throw inUse(folder, own);
    }
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      channel.close();
      HELD.remove(file);
      throw inUse(folder, Files.readString(file).trim());
    }
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(own.getBytes(StandardCharsets.US_ASCII)));
    return new FolderLock(file, channel);
  }

  private static EnforcerException inUse(Path folder, String pid) {
    return new EnforcerException(
        folder + " is in use by the enforcer of process " + pid + ": stop it first");
  }

  @Override
  public void close() throws IOException {
    channel.close();
    HELD.remove(file);
  }
}
