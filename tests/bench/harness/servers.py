"""The servers that are measured: this program, its edge alone, and what one would write instead."""
import glob
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
BUILD = os.path.join(ROOT, "build", "release")
PEERS = os.path.join(ROOT, "build", "peers")


def set_up(peers=False):
    """Installs and builds what is missing; for the peers Node's packages, too, into build/peers."""
    packages = "wrk strace" + (" nodejs npm" if peers and not shutil.which("npm") else "")
    script = (f'. "{ROOT}/tools/lib.sh"; install "${{build_packages[@]}}" "${{test_packages[@]}}" libbenchmark-dev '
              f'{packages}; configure release -DCRMSINK_TESTS=ON; build release bench')
    subprocess.run(["bash", "-c", script], check=True)
    if not peers:
        return
    shutil.copytree(os.path.join(ROOT, "tests/bench/peers"), PEERS, dirs_exist_ok=True)
    if not os.path.isdir(os.path.join(PEERS, "node_modules")):
        subprocess.run(["npm", "install", "--no-audit", "--no-fund"], cwd=PEERS, check=True)
    crmsink = os.path.join(BUILD, "crmsink")
    for form, name in (("json", "schema.json"), ("sql", "sqlite.sql"), ("postgresql", "postgresql.sql")):
        with open(os.path.join(PEERS, name), "wb") as f:
            subprocess.run([crmsink, "schema", "--format", form], check=True, stdout=f)


class Postgres:
    """A PostgreSQL server of the bench's own, as Debian configures it, but for its size."""

    SETTINGS = ("unix_socket_directories='{0}'\nport={1}\nlisten_addresses=''\nshared_buffers=256MB\n"
                "max_wal_size=4GB\n")

    def __init__(self):
        self.bin = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        self.folder = tempfile.mkdtemp()
        os.chmod(self.folder, 0o711)
        self.as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.as_postgres:
            shutil.chown(self.folder, "postgres")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        data = os.path.join(self.folder, "data")
        self.run("initdb", "-D", data, "-A", "trust", "-U", "postgres", "--locale=C.UTF-8")
        with open(os.path.join(data, "postgresql.conf"), "a", encoding="ascii") as f:
            f.write(self.SETTINGS.format(self.folder, self.port))
        self.control = ("pg_ctl", "-D", data, "-l", os.path.join(self.folder, "log"), "-w")
        self.run(*self.control, "start")
        self.databases = 0

    def run(self, program, *arguments):
        return subprocess.run([*self.as_postgres, os.path.join(self.bin, program), *arguments], check=True,
                              cwd=self.folder, stdout=subprocess.PIPE, text=True).stdout

    def fresh_database(self):
        self.databases += 1
        name = f"bench{self.databases}"
        self.run("createdb", "-h", self.folder, "-p", str(self.port), "-U", "postgres", name)
        return f"postgresql://postgres@/{name}?host={self.folder}&port={self.port}"

    def select(self, url, sql):
        return self.run("psql", "-X", "-At", "-d", url, "-c", sql).strip()

    def cpu_seconds(self):
        """Of all its processes that live, and of those that have ended."""
        total = 0
        with open(os.path.join(self.folder, "data", "postmaster.pid"), encoding="ascii") as f:
            postmaster = int(f.readline())
        with open(f"/proc/{postmaster}/task/{postmaster}/children", encoding="ascii") as f:
            processes = [postmaster, *map(int, f.read().split())]
        for process in processes:
            try:
                with open(f"/proc/{process}/stat", encoding="ascii") as f:
                    fields = f.read().rsplit(")", 1)[1].split()
                total += sum(map(int, fields[11:15 if process == postmaster else 13]))
            except FileNotFoundError:
                pass
        return total / os.sysconf("SC_CLK_TCK")

    def close(self):
        self.run(*self.control, "-m", "immediate", "stop")
        shutil.rmtree(self.folder)


class Server:
    """A server in a folder of its own that prints `listening URL`, ended with SIGTERM. Ends as a context does."""

    signed = False
    path = "-"  # of the load: "-" is each event's own

    def __init__(self, command, strace=False):
        self.trace = os.path.join(self.folder, "strace")
        if strace:
            command = ["strace", "-f", "-c", "-e", "trace=fsync,fdatasync", "-o", self.trace] + command
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        words = self.process.stdout.readline().split()
        if len(words) < 2:
            raise RuntimeError(f"does not start: {' '.join(command)}")
        self.url, self.admin = words[1], words[3] if len(words) > 3 else None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()
        shutil.rmtree(self.folder)

    def make_folder(self):
        self.folder = tempfile.mkdtemp()

    def database_cpu_seconds(self):
        return 0

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") + self.database_cpu_seconds()

    def peak_megabytes(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as f:
            return int(re.search(r"VmHWM:\s+(\d+)", f.read()).group(1)) / 1024

    def rows(self):
        """Events in the log; None for a server that keeps none."""
        return None

    def stop(self):
        child = self.process.pid
        if os.path.basename(self.process.args[0]) == "strace":
            with open(f"/proc/{child}/task/{child}/children", encoding="ascii") as f:
                child = int(f.read().split()[0])
        os.kill(child, signal.SIGTERM)
        self.process.wait()


class NoOp(Server):
    """Answers at once: program is one of build/release or a command."""

    path = "/noop"

    def __init__(self, command, _prefix):
        self.make_folder()
        super().__init__(command)


class Keeping(Server):
    """One that keeps what it gets, in SQLite or in PostgreSQL."""

    def choose_database(self, postgres):
        self.make_folder()
        self.postgres = postgres
        self.file = os.path.join(self.folder, "bench.db")
        self.database = postgres.fresh_database() if postgres else "sqlite:" + self.file

    def database_cpu_seconds(self):
        return self.postgres.cpu_seconds() if self.postgres else 0

    def rows(self):
        if self.postgres:
            return int(self.postgres.select(self.database, f"SELECT count(*) FROM {self.log}"))
        with sqlite3.connect(self.file) as db:
            return db.execute("SELECT count(*) FROM events").fetchone()[0]


class Crmsink(Keeping):
    log = "crmsink.events"

    def __init__(self, prefix, postgres=None, signed=False, strace=False):
        self.choose_database(postgres)
        self.signed = signed
        command = [os.path.join(BUILD, "crmsink"), "serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0",
                   "--database", self.database, "--spool-file", os.path.join(self.folder, "spool.db")]
        command += ["--signature-key", prefix + ".pem"] if signed else ["--signature-mode", "off"]
        super().__init__(command, strace)

    def metric(self, name):
        """The sum over its labels."""
        text = urllib.request.urlopen(self.admin + "/metrics").read().decode()
        return sum(float(line.split()[-1]) for line in text.splitlines() if re.match(name + r"[ {]", line))


class Fastify(Keeping):
    log = "events"

    def __init__(self, prefix, postgres=None, signed=False, group=False, verify="pool"):
        self.choose_database(postgres)
        self.signed = signed
        command = ["node", os.path.join(PEERS, "server.js"), "--schema", os.path.join(PEERS, "schema.json"), "--ddl",
                   os.path.join(PEERS, "postgresql.sql" if postgres else "sqlite.sql"), "--database", self.database]
        if group:
            command.append("--group")
        if signed:
            command += ["--key", prefix + ".pem", "--verify", verify]
        super().__init__(command)


# Name, what it is, how it is started.
def all_servers(postgres):
    """postgres: called where a server needs one."""
    program = lambda name: [os.path.join(BUILD, name)]
    return {
        "noop": lambda prefix: NoOp(program("noop_server"), prefix),
        "httplib-noop": lambda prefix: NoOp(program("httplib_server"), prefix),
        "sqlite": lambda prefix: Crmsink(prefix),
        "sqlite-signed": lambda prefix: Crmsink(prefix, signed=True),
        "postgresql": lambda prefix: Crmsink(prefix, postgres()),
        "postgresql-signed": lambda prefix: Crmsink(prefix, postgres(), signed=True),
        "fastify-noop": lambda prefix: NoOp(["node", os.path.join(PEERS, "server.js"), "--noop"], prefix),
        "fastify-sqlite-group": lambda prefix: Fastify(prefix, group=True),
        "fastify-sqlite-group-signed": lambda prefix: Fastify(prefix, group=True, signed=True),
        "fastify-sqlite": lambda prefix: Fastify(prefix),
        "fastify-pg": lambda prefix: Fastify(prefix, postgres()),
    }
