"""One work on one server, and the rounds of all."""

import json
import statistics
import subprocess
import tempfile
import time

from . import peers
from .peers import LOAD, ROOT, Failure

# Beside the build, so that all have their data on one file system, and none in memory.
SCRATCH = ROOT / "build/bench"
TERM_MS = "60000"
# Nothing is renewed while memory is filled.
LONG_TERM_MS = "600000"


def ask(peer, arguments):
    done = subprocess.run([LOAD, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure(f"{peer}, {' '.join(map(str, arguments))}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def run(work, peer, pace):
    """A fresh server, one work, and what it took."""
    with tempfile.TemporaryDirectory(dir=SCRATCH) as folder, peers.ALL[peer](folder) as server:
        verb, *more = work.arguments
        common = ["--peer", peer, "--port", str(server.port), "--process", str(server.process.pid),
                  "--work", verb, *more]
        if not work.is_growth:
            return ask(peer, [*common, "--term-ms", TERM_MS, "--warm-up",
                              str(pace.warm_up_s * server.warm_up), "--seconds", str(pace.seconds)])
        result = ask(peer, [*common, "--term-ms", LONG_TERM_MS, "--settle", str(pace.settle_s)])
        if peer == "sessions" and verb == "fill":
            result |= restart(server, pace)
        return result


def restart(server, pace):
    """What a master has of the same sessions once it has loaded them from its store."""
    server.stop()
    begin = time.monotonic()
    server.start()
    loaded_s = time.monotonic() - begin
    time.sleep(pace.settle_s)
    with open(f"/proc/{server.process.pid}/statm") as file:
        return {"restarted_bytes": int(file.read().split()[1]) * 4096, "loaded_s": round(loaded_s, 3)}


def in_rounds(works, pace, say):
    """{work: {peer: [result of each round]}}, and the floors of each. Every other round has the peers in reverse."""
    results = {work.key: {peer: [] for peer in work.peers} for work in works}
    floors = []
    for number in range(pace.rounds):
        floors.append(ask("floors", ["floors", str(SCRATCH)]))
        for work in works:
            if work.is_growth and number > 0:
                continue
            for peer in work.peers if number % 2 == 0 else reversed(work.peers):
                result = run(work, peer, pace)
                results[work.key][peer].append(result)
                say(f"round {number + 1} of {pace.rounds}, {work.key}, {peer}: {json.dumps(result)}")
    return results, floors


class Spread:
    """The median of some values, with the least and the most."""

    def __init__(self, values):
        self.median = statistics.median(values)
        self.least = min(values)
        self.most = max(values)


def rate(results):
    return Spread([one["operations"] / one["seconds"] for one in results])


def server_us(results):
    return Spread([one["server_cpu_s"] / one["operations"] * 1e6 for one in results])


def quantile_ms(results, quantile):
    return Spread([one[f"{quantile}_us"] / 1e3 for one in results])


def share(results, whose):
    """Of one processor."""
    return Spread([one[f"{whose}_cpu_s"] / one["seconds"] for one in results])
