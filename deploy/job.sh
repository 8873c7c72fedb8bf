# What the jobs in upstart/ have in common, for the upstart of CentOS 6 has neither.

# Has syslog take what this shell, and what it becomes, prints, to the last word. $1: the tag.
tell_syslog() {
  fifo=/var/run/$1.$$
  rm -f "$fifo"
  mkfifo -m 600 "$fifo"
  (trap '' TERM && exec logger -t "$1" <"$fifo") &
  exec >"$fifo" 2>&1
  rm "$fifo"
}

# Puts the settings of a file, if it is there, into the environment. As systemd reads it: blanks
# around name and value, and quotes around that, or not; lines may end as elsewhere. $1: the file.
read_settings() {
  [ -r "$1" ] || return 0
  while IFS= read -r setting; do
    [ -z "$setting" ] || export "$setting"
  done <<EOF
$(sed -n -e 's/[[:space:]]*$//' \
  -e 's/^[[:space:]]*\([A-Z][A-Z0-9_]*\)[[:space:]]*=[[:space:]]*/\1=/' \
  -e "s/^\([A-Z0-9_]*=\)\([\"']\)\(.*\)\2\$/\1\3/" \
  -e '/^[A-Z][A-Z0-9_]*=/p' "$1")
EOF
}
