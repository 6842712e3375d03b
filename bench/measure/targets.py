"""What is to be reached, and whether it is."""

import dataclasses
import operator

from . import runs
from .tables import NAMES, number


@dataclasses.dataclass(frozen=True)
class Target:
    what: str
    measured: float
    bound: float
    is_most: bool = True

    def row(self):
        is_met = (operator.le if self.is_most else operator.ge)(self.measured, self.bound)
        limit = f"at {'most' if self.is_most else 'least'} {self.bound:g}"
        return f"| {self.what} | {limit} | {number(self.measured)} | {'met' if is_met else '**missed**'} |"


def of_renewals(results):
    for key, where in (("renew-100", "100"), ("renew-1000", "1,000"), ("renew-10000", "10,000")):
        for peer, bound in (("zookeeper", 0.5), ("etcd", 0.33), ("echo", 3)):
            if key in results:
                cpu = [runs.server_us(results[key][whose]).median for whose in ("sessions", peer)]
                yield Target(f"server CPU of a renewal, {where} connections, to {NAMES[peer]}", cpu[0] / cpu[1], bound)
    for key, count in (("renew-batch-100", "100"), ("renew-batch-1000", "1,000")):
        cpu = runs.server_us(results[key]["sessions"]).median
        yield Target(f"server CPU of a session, in batches of {count}, µs", cpu, 0.05)


def of_writes(results, floors):
    for key, what, bounds in (("create-64", "creates", {"etcd": 3, "zookeeper": 2}),
                              ("set-64", "item sets", {"etcd": 2, "zookeeper": 2})):
        work = results[key]
        for peer, bound in bounds.items():
            times = runs.rate(work["sessions"]).median / runs.rate(work[peer]).median
            yield Target(f"{what} a second, 64 in flight, to {NAMES[peer]}", times, bound, is_most=False)
    p99 = {peer: runs.quantile_ms(measured, "p99").median for peer, measured in results["create-64"].items()}
    yield Target("p99 of creates, to the better of both", p99["sessions"] / min(p99["etcd"], p99["zookeeper"]), 1)
    floor_ms = runs.Spread([one["overwrite_p50_us"] / 1e3 for one in floors]).median
    floor_ms += runs.quantile_ms(results["renew-1"]["echo"], "p50").median
    yield Target("p50 of an item set, 1 in flight, to fdatasync and a round trip",
                 runs.quantile_ms(results["set-1"]["sessions"], "p50").median / floor_ms, 1.3)


def of_memory(results):
    def grown(key, peer):
        one = results[key][peer][0]
        return (one["after_bytes"] - one["before_bytes"]) / one["sessions"]

    yield Target("memory of a session with an item, bytes", grown("session", "sessions"), 700)
    for key, what, peer in (("session", "a session with an item", "etcd"), ("session", "a session with an item", "zookeeper"),
                            ("connection", "a connection with its session", "etcd")):
        yield Target(f"memory of {what}, to {NAMES[peer]}", grown(key, "sessions") / grown(key, peer), 1)


def table(results, floors):
    rows = [target.row() for part in (of_renewals(results), of_writes(results, floors), of_memory(results)) for target in part]
    return "\n".join(["| target | bound | measured | |", "|---|---|---|---|", *rows])
