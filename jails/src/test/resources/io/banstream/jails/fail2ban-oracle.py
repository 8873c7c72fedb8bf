"""What the installed fail2ban finds in a log, line by line, with the clock standing still.

Arguments: CONFIG_DIR FILTER[OPTIONS] EPOCH ZONE; the log on standard input. Prints, for each failure,
a JSON list: the line's number from 1, the failure's id, its epoch seconds, its user or null; and for
each line whose date it got wrong by what it remembers of other lines, a list of its number alone.
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
from fail2ban.server import utils  # noqa: E402
from fail2ban.server.datedetector import DateDetector  # noqa: E402
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


class LogClock:
    """Stands in for the time module where fail2ban lets what it knows of connections expire."""

    def __init__(self, matcher, now):
        self.at = now
        find = matcher.findFailure

        def find_failure(line, date, noDate=False):
            self.at = now if date is None else date
            return find(line, date, noDate)

        matcher.findFailure = find_failure

    def time(self):
        return self.at


class DateWatch:
    """Tells whether the date was found where a detector without a memory finds it, and is a time."""

    def __init__(self, detector):
        self.templates = [t.template for t in detector.templates]
        self.misled = False
        self.match, self.get = detector.matchTime, detector.getTime
        detector.matchTime, detector.getTime = self.match_time, self.get_time

    def match_time(self, line):
        fresh = DateDetector()
        for template in self.templates:
            fresh._appendTemplate(template, ignoreDup=True)
        found, alone = self.match(line), fresh.matchTime(line)
        self.misled |= self.place(found) != self.place(alone)
        return found

    @staticmethod
    def place(found):
        return found[0] and (found[0].span(1), found[1].name)

    def get_time(self, text, match=None):
        date = self.get(text, match)
        self.misled |= date is None
        return date


def main():
    MyTime.setTime(now)
    matcher = load()
    utils.time = LogClock(matcher, now)
    matcher.mlfidCache.setOptions(maxCount=1000, maxTime=300)
    dates = DateWatch(matcher.dateDetector)
    for number, raw in enumerate(sys.stdin.buffer, 1):
        line = FileContainer.decode_line("log", "UTF-8", raw.rstrip(b"\n")).rstrip("\r\n")
        try:
            found = matcher.processLine(line) or ()
        except KeyError:  # a zone that its expression takes and its table lacks: the line is lost
            found = ()
            dates.misled = True
        for _, ident, epoch, fields in found:
            if ident is not None and not fields.get("nofail"):
                user = fields.get("user")
                time_of = now if epoch is None else epoch  # as in operation
                print(json.dumps([number, str(ident), time_of, user if isinstance(user, str) else None]))
        if dates.misled:
            print(json.dumps([number]))
            dates.misled = False


main()
