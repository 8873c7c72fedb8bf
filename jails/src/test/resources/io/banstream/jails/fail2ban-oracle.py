"""What the installed fail2ban finds in a log, line by line, with the clock standing still.

Arguments: CONFIG_DIR FILTER[OPTIONS] EPOCH ZONE; the log on standard input. Prints, for each failure,
a JSON list: the line's number from 1, the failure's id, its epoch seconds, its user or null; and for
each line in which it found a date, but not what time that is, a list of the line's number alone.
"""

import json
import os
import sys
import time

config, spec, now, zone = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
os.environ["TZ"] = zone
time.tzset()
sys.path.insert(0, "/usr/lib/python3/dist-packages")

from fail2ban.client.filterreader import FilterReader  # noqa: E402
from fail2ban.helpers import extractOptions  # noqa: E402
from fail2ban.server.filter import FileContainer, Filter  # noqa: E402
from fail2ban.server.mytime import MyTime  # noqa: E402

SETTERS = {
    "prefregex": lambda f, value: setattr(f, "prefRegex", value),
    "addfailregex": Filter.addFailRegex,
    "addignoreregex": Filter.addIgnoreRegex,
    "maxlines": Filter.setMaxLines,
    "datepattern": Filter.setDatePattern,
}


def load():
    matcher = Filter(None)
    matcher.returnRawHost = True
    matcher.checkFindTime = False
    matcher.active = True
    name, options = extractOptions(spec)
    reader = FilterReader(name, "jail", options, basedir=config)
    if not reader.read():
        sys.exit("no filter " + name)
    reader.getOptions({})
    for command in reader.convert():
        values = command[3] if command[0] == "multi-set" else [command[3]]
        for value in values:
            if command[2] in SETTERS:
                SETTERS[command[2]](matcher, value)
    return matcher


def watch_dates(matcher, unread):
    read = matcher.dateDetector.getTime

    def get_time(text, match=None):
        date = read(text, match)
        if date is None:
            unread.append(text)
        return date

    matcher.dateDetector.getTime = get_time


def main():
    MyTime.setTime(now)
    matcher = load()
    unread = []
    watch_dates(matcher, unread)
    for number, raw in enumerate(sys.stdin.buffer, 1):
        line = FileContainer.decode_line("log", "UTF-8", raw.rstrip(b"\n")).rstrip("\r\n")
        for _, ident, epoch, fields in matcher.processLine(line) or ():
            if ident is not None and not fields.get("nofail"):
                user = fields.get("user")
                time_of = now if epoch is None else epoch  # as in operation
                print(json.dumps([number, str(ident), time_of, user if isinstance(user, str) else None]))
        if unread:
            print(json.dumps([number]))
            unread.clear()


main()
