"""The servers that are measured, each on loopback with fresh data in a folder of its own."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOAD = ROOT / "build/bench/bin/bench_load"
MASTER = ROOT / "build/daemon/session-master"
JAVA_CLASSES = "/usr/share/java/zookeeper.jar:/usr/share/java/slf4j-nop.jar"
START_S = 60


class Failure(Exception):
    """What ends a run: one sentence."""


def free_port():
    with socket.socket() as any_socket:
        any_socket.bind(("127.0.0.1", 0))
        return any_socket.getsockname()[1]


class Server:
    """A server process, from its start until the end of a `with`."""

    # How much longer than the others it takes to be as fast as it gets.
    warm_up = 1

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        self.log = self.folder / "log"
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self.prepare()
        environment = {name: text for name, text in os.environ.items() if not name.startswith("ETCD_")}
        try:
            with open(self.log, "w") as log:
                self.process = subprocess.Popen(
                    self.command(), stdin=subprocess.PIPE, stdout=log, stderr=log, env=environment)
        except OSError as error:
            raise Failure(f"{self.name} does not start: {error}") from error
        end = time.monotonic() + START_S
        while not self.is_up():
            if self.process.poll() is not None or time.monotonic() > end:
                text = self.log.read_text()[-2000:]
                self.stop()
                raise Failure(f"{self.name} does not start: {text}")
            time.sleep(0.02)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdin.close()

    def prepare(self):
        pass


class Ready(Server):
    """One that says on which port it is ready."""

    def is_up(self):
        ready = re.search(r"^ready port=(\d+)", self.log.read_text(), re.MULTILINE)
        if ready:
            self.port = int(ready[1])
        return ready


class Sessions(Ready):
    name = "sessions"

    def command(self):
        return [
            MASTER, "--store", self.folder / "sessions.db", "--create", "--insecure", "loopback",
            "--listen", "127.0.0.1:0", "--term-ms", "60000", "--max-term-ms", "600000",
            "--max-sessions", "1000000", "--max-renewals-per-second", "10000000"]

    @staticmethod
    def version():
        text = (ROOT / "Directory.Build.props").read_text()
        return "session-master " + re.search(r"<Version>([^<]+)", text)[1]


class Etcd(Server):
    name = "etcd"

    def command(self):
        client = f"http://127.0.0.1:{self.port}"
        peer = f"http://127.0.0.1:{free_port()}"
        return [
            "etcd", "--data-dir", self.folder / "etcd", "--listen-client-urls", client,
            "--advertise-client-urls", client, "--listen-peer-urls", peer,
            "--initial-advertise-peer-urls", peer, "--initial-cluster", f"default={peer}",
            "--logger", "zap", "--log-level", "error"]

    def is_up(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=1) as answer:
                return b'"true"' in answer.read()
        except (urllib.error.URLError, OSError):
            return False

    @staticmethod
    def version():
        said = subprocess.run(["etcd", "--version"], capture_output=True, text=True, check=True)
        return "etcd " + re.search(r"Version: (\S+)", said.stdout)[1]


class ZooKeeper(Server):
    name = "zookeeper"
    # Java compiles while it runs.
    warm_up = 5

    def prepare(self):
        (self.folder / "zoo.cfg").write_text(
            f"tickTime=2000\ndataDir={self.folder}/zookeeper\nclientPort={self.port}\n"
            "clientPortAddress=127.0.0.1\nclientPortListenBacklog=1024\nmaxClientCnxns=0\n"
            "maxSessionTimeout=600000\nadmin.enableServer=false\n")

    def command(self):
        return [
            "java", "-Xmx2g", "-Dzookeeper.nio.sessionlessCnxnTimeout=60000", "-cp", JAVA_CLASSES,
            "org.apache.zookeeper.server.quorum.QuorumPeerMain", self.folder / "zoo.cfg"]

    def is_up(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as asking:
                asking.sendall(b"srvr")
                return asking.recv(64).startswith(b"Zookeeper version")
        except OSError:
            return False

    @staticmethod
    def version():
        said = subprocess.run(
            ["dpkg-query", "-W", "-f", "${Version}", "libzookeeper-java"], capture_output=True, text=True,
            check=True)
        return f"ZooKeeper {said.stdout}"


class Echo(Ready):
    name = "echo"

    def command(self):
        return [LOAD, "echo-server"]

    @staticmethod
    def version():
        return "echo server of bench/load"


ALL = {kind.name: kind for kind in (Sessions, Etcd, ZooKeeper, Echo)}
