"""bench/run, once everything is built: measures, prints the tables, and with --write keeps them."""

import argparse
import dataclasses
import json
import resource
import sys

from . import machine, plot, runs, tables, targets, works
from .peers import ROOT, Failure, ZooKeeper

DOCUMENT = ROOT / "docs/performance.md"
BEGIN = "<!-- measured: begin; written by bench/run --write -->"
END = "<!-- measured: end -->"


@dataclasses.dataclass(frozen=True)
class Pace:
    rounds: int
    warm_up_s: float
    seconds: float
    # The daemon gives memory back every 10 s.
    settle_s: float
    sessions: int
    connections: int
    is_quick: bool = False


QUICK = Pace(rounds=3, warm_up_s=2, seconds=2, settle_s=12, sessions=20_000, connections=2_000, is_quick=True)
FULL = Pace(rounds=5, warm_up_s=5, seconds=8, settle_s=25, sessions=100_000, connections=8_000)


def read():
    parser = argparse.ArgumentParser(prog="bench/run", description="Measures this, etcd and ZooKeeper side by side.")
    parser.add_argument("--quick", action="store_true", help="short rounds: minutes instead of most of an hour")
    parser.add_argument("--only", metavar="WORK", default="", help="only works whose key begins so")
    parser.add_argument("--rounds", type=int, help="so many rounds")
    parser.add_argument("--write", action="store_true", help="keep tables, plots and raw results in docs")
    arguments = parser.parse_args()
    if arguments.write and arguments.only:
        parser.error("--write wants all works")
    pace = QUICK if arguments.quick else FULL
    if arguments.rounds:
        pace = dataclasses.replace(pace, rounds=arguments.rounds)
    return arguments, pace


def measure(pace, only):
    before = machine.load_average()
    wanted = [work for work in (*works.RENEWALS, *works.WRITES, *works.growths(pace.sessions, pace.connections))
              if work.key.startswith(only) and not (work.is_long and pace.is_quick)]
    if not wanted:
        raise Failure(f"--only {only}: no work begins so")
    measured, floors = runs.in_rounds(wanted, pace, lambda line: print(line, file=sys.stderr))
    return wanted, {
        "machine": machine.describe(), "load_average": {"before": before, "after": machine.load_average()},
        "pace": dataclasses.asdict(pace), "floors": floors, "works": measured}


def write_up(wanted, result, is_whole):
    rated = [work for work in wanted if not work.is_growth]
    grown = [work for work in wanted if work.is_growth]
    place = result["machine"]
    pace = result["pace"]
    parts = [
        f"{place['processors']}, {place['memory']}, Linux {place['kernel']}, {place['file_system']}. {place['peers']}. "
        f"{pace['rounds']} rounds of {pace['seconds']} s after {pace['warm_up_s']} s of the same (ZooKeeper: "
        f"{pace['warm_up_s'] * ZooKeeper.warm_up} s); every peer with a term of 60 s, and each write on the disk before its "
        f"answer (fsync). Load average before: {result['load_average']['before']}; after: {result['load_average']['after']}."]
    if rated:
        others = runs.Spread([
            runs.share(measured, "others").median
            for work in rated for measured in result["works"][work.key].values()])
        parts[0] += (f" Programs that have nothing to do with it took {others.median:.2f} processors meanwhile "
                     f"({others.least:.2f} to {others.most:.2f}).")
    for title, part in (("Renewals", works.RENEWALS), ("Durable writes", works.WRITES)):
        if measured := [work for work in part if work in rated]:
            parts += [f"**{title}**", tables.rates(measured, result["works"])]
    if grown:
        parts += ["**Memory**", tables.growths(grown, result["works"])]
    parts += ["**Floors**", tables.floors(result["floors"])]
    if is_whole:
        parts += ["**Targets**", targets.table(result["works"], result["floors"])]
    return "\n\n".join(parts)


def keep(text, wanted, result):
    images = ROOT / "docs/images"
    images.mkdir(exist_ok=True)
    rated = [work for work in wanted if not work.is_growth]
    for name, title, value in (
            ("performance-cpu", "Server CPU of an operation, µs (less is better)", runs.server_us),
            ("performance-rate", "Operations a second (more is better)", runs.rate)):
        groups = [(work.title, [(peer, value(result["works"][work.key][peer])) for peer in work.peers]) for work in rated]
        (images / f"{name}.svg").write_text(plot.bars(title, groups, tables.NAMES, tables.number))
    (ROOT / "docs/performance.json").write_text(json.dumps(result, indent=1) + "\n")
    document = DOCUMENT.read_text()
    begin, end = document.find(BEGIN), document.find(END)
    if begin < 0 or end < begin:
        raise Failure(f"{DOCUMENT} has no marks '{BEGIN}' and '{END}'")
    DOCUMENT.write_text(f"{document[:begin + len(BEGIN)]}\n{text}\n{document[end:]}")


def main():
    arguments, pace = read()
    # Each connection is a descriptor, here and at the peer.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        wanted, result = measure(pace, arguments.only)
        text = write_up(wanted, result, not arguments.only)
        print(text)
        if arguments.write:
            keep(text, wanted, result)
        return 0
    except Failure as failure:
        print(f"bench/run: {failure}", file=sys.stderr)
        return 1


sys.exit(main())
