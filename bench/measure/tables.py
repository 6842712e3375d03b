"""What was measured, as tables of docs/performance.md."""

from . import runs

NAMES = {"sessions": "ours", "etcd": "etcd", "zookeeper": "ZooKeeper", "echo": "floor: epoll echo"}
HEAD = (
    "| work | of | a second | ours to it | server CPU each, µs | ours to it | p50, ms | p99, ms "
    "| processors: server, load, others |\n|---|---|---|---|---|---|---|---|---|")


def number(value):
    """Three digits that count, with no exponent."""
    if value >= 1000:
        return f"{value:,.0f}"
    if value >= 100:
        return f"{value:.0f}"
    if value >= 10:
        return f"{value:.1f}"
    if value >= 1:
        return f"{value:.2f}"
    return f"{value:.3f}"


def spread(values):
    return f"{number(values.median)} ({number(values.least)} to {number(values.most)})"


def rates(works, results):
    rows = [HEAD]
    for work in works:
        ours = results[work.key]["sessions"]
        for peer in work.peers:
            measured = results[work.key][peer]
            shares = ", ".join(
                f"{runs.share(measured, whose).median:.2f}" for whose in ("server", "load", "others"))
            rows.append(
                f"| {work.title if peer == work.peers[0] else ''} | {NAMES[peer]} "
                f"| {spread(runs.rate(measured))} | {ratio(peer, runs.rate, ours, measured)} "
                f"| {spread(runs.server_us(measured))} | {ratio(peer, runs.server_us, ours, measured)} "
                f"| {number(runs.quantile_ms(measured, 'p50').median)} "
                f"| {number(runs.quantile_ms(measured, 'p99').median)} | {shares} |")
    return "\n".join(rows)


def ratio(peer, value, ours, measured):
    return "" if peer == "sessions" else f"{value(ours).median / value(measured).median:.2f}"


def growths(works, results):
    rows = ["| resident memory | ours | etcd | ZooKeeper |", "|---|---|---|---|"]
    for work in works:
        cells = []
        for peer in work.peers:
            measured = results[work.key][peer][0]
            cells.append(grown(measured, "after_bytes"))
            if "restarted_bytes" in measured:
                cells[-1] += (f"; {grown(measured, 'restarted_bytes')} after a restart, "
                              f"which took {measured['loaded_s']:.2f} s")
        rows.append(f"| {work.title} | {' | '.join(cells)} |")
    return "\n".join(rows)


def grown(measured, key):
    return f"{(measured[key] - measured['before_bytes']) / measured['sessions']:,.0f} B"


def floors(rounds):
    def of(key):
        return spread(runs.Spread([one[key] for one in rounds]))

    return "\n".join((
        "| floor | p50 | p99 |", "|---|---|---|",
        f"| write of 256 bytes and fdatasync, at the end of a file, µs | {of('append_p50_us')} | {of('append_p99_us')} |",
        f"| the same within a file of its size, µs | {of('overwrite_p50_us')} | {of('overwrite_p99_us')} |",
        f"| a virtual call, ns | {of('virtual_call_ns')} | |",
        f"| clock_gettime(CLOCK_BOOTTIME), ns | {of('clock_gettime_ns')} | |"))
