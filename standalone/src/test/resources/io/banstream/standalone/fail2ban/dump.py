# Reads what `fail2ban-client -d` prints and writes each command as a line of JSON. Times are given in
# seconds and ignored addresses in canonical form, as fail2ban's server would take them.
import ast
import json
import sys

from fail2ban.server.ipdns import IPAddr
from fail2ban.server.mytime import MyTime

TIMES = ("bantime", "findtime", "bantime.maxtime", "bantime.rndtime")


def taken(command):
    if len(command) > 3 and command[0] == "set" and command[2] == "addignoreip":
        return command[:3] + [str(IPAddr(word)) for word in command[3:]]
    if len(command) == 4 and command[0] == "set" and command[2] in TIMES and command[3]:
        return command[:3] + [MyTime.str2seconds(command[3])]
    return command


for line in sys.stdin:
    if line.startswith("["):
        print(json.dumps(taken(ast.literal_eval(line))))
