# How an agent's Java is called. Read by ../banstream and image/banstream, for both do it alike.

# Sets role: the module of a command that is an agent's; else it is "command".
find_role() {
  case ${1:-} in
    ingest) role=ingest-agent ;;
    enforce) role=enforcer-agent ;;
    *) role=command ;;
  esac
}

# Sets path, the class path of role. It names only what the agent needs: Java opens every archive of
# it, and keeps what is in them. $1: where banstream-agent.jar and lib are; $2: the file, made by the
# agent's build, that names the archives.
find_path() {
  path=$1/banstream-agent.jar
  for archive in "$1/lib/$role"-*.jar "$1"/lib/picocli-*.jar "$1"/lib/slf4j-simple-*.jar; do
    path=$path:$archive
  done
  IFS=:
  for archive in $(cat "$2"); do
    path=$path:$1/$archive
  done
  unset IFS
}

# Sets options, and the environment, for a process that takes little memory for long.
find_options() {
  # Not relocated, the archive's pages stay the file's; with one arena, what a thread freed is
  # there for the others; a heap that grows late holds less that is over.
  export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-1}"
  export MALLOC_TRIM_THRESHOLD_="${MALLOC_TRIM_THRESHOLD_:-65536}"
  # An enforcer's heap takes a kilobyte a ban while it compares its table with the kernel; with a
  # tenth of it free only, very many bans at once were two fifths collecting.
  heap="-Xmx32m -Xmn2m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20"
  [ "$role" = ingest-agent ] ||
    heap="-XX:MaxRAMPercentage=25 -XX:NewSize=2m -XX:MinHeapFreeRatio=40 -XX:MaxHeapFreeRatio=70"
  options="$heap -Xms6m -Xss256k
    -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0
    -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=16m"
}
