"""What is measured: each work with how it is asked for, and of whom."""

import dataclasses

EVERYBODY = ("sessions", "etcd", "zookeeper", "echo")
PEERS = ("sessions", "etcd", "zookeeper")


@dataclasses.dataclass(frozen=True)
class Work:
    """`arguments`: of bench_load. `is_growth`: what is measured is the memory that it leaves behind."""

    key: str
    title: str
    arguments: tuple
    peers: tuple = PEERS
    is_growth: bool = False
    # Left out of a quick run.
    is_long: bool = False


RENEWALS = (
    Work("renew-1", "renewal, 1 connection, one in flight",
         ("renew", "--connections", "1"), EVERYBODY),
    Work("renew-100", "renewal, 100 connections, one in flight each",
         ("renew", "--connections", "100"), EVERYBODY),
    Work("renew-1000", "renewal, 1,000 connections, one in flight each",
         ("renew", "--connections", "1000"), EVERYBODY),
    Work("renew-10000", "renewal, 10,000 connections, one in flight each",
         ("renew", "--connections", "10000"), EVERYBODY, is_long=True),
    Work("renew-streams", "renewal, 1 connection, 100 in flight",
         ("renew", "--connections", "1", "--in-flight", "100"), EVERYBODY),
    Work("renew-batch-100", "renewal, 1 stream, batches of 100, one in flight",
         ("renew", "--batch", "100"), ("sessions",)),
    Work("renew-batch-1000", "renewal, 1 stream, batches of 1,000, one in flight",
         ("renew", "--batch", "1000"), ("sessions",)),
)
WRITES = (
    Work("create-64", "create, 64 in flight", ("create", "--connections", "64")),
    Work("set-64", "item set, 64 in flight", ("set", "--connections", "64")),
    Work("set-1", "item set, 1 in flight", ("set", "--connections", "1")),
)


def growths(sessions, connections):
    return (
        Work("connection", f"a connection with its session, of {connections:,}",
             ("hold", "--sessions", str(connections)), is_growth=True),
        Work("session", f"a session with one item of 100 bytes, of {sessions:,}",
             ("fill", "--connections", "64", "--sessions", str(sessions)), is_growth=True),
    )
