"""What is done with a log that is there: a rebuild, folds, the queries of the README."""
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile

from . import load, servers, store, throughput

def replay(args):
    """Live ingest, then the tables of the same events anew, in place and into an empty database; in rounds."""
    servers.set_up()
    rates = {"live ingest, unsigned": [], "replay in place": [], "replay into an empty database": []}
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        prefix = os.path.join(folder, "load")
        load.make(args.events or 200_000, prefix)
        for number in range(1, args.runs + 1):
            with servers.Crmsink(prefix) as server:
                live = load.measure(server, prefix, args.seconds, 64)
                server.stop()
                events = server.rows()
                other = "sqlite:" + os.path.join(server.folder, "other.db")
                in_place = events / store.seconds([store.CRMSINK, "replay", "--database", server.database])
                into = events / store.seconds([store.CRMSINK, "replay", "--database", server.database, "--into", other])
            for name, rate in zip(rates, (live["rate"], in_place, into)):
                rates[name].append(rate)
            print(f"round {number}: {events} events; {live['rate']:.0f}, {in_place:.0f}, {into:.0f}/s", file=sys.stderr)
    print(f"{args.runs} rounds, medians (least to most)\n\n| what | events/s | to live ingest |\n| --- | --- | --- |")
    live = rates["live ingest, unsigned"]
    for name, values in rates.items():
        ratios = [a / b for a, b in zip(values, live)]
        print(f"| {name} | {throughput.spread(values, '{:,.0f}')} | {throughput.spread(ratios)} |")
    return 0


def fold(args):
    servers.set_up()
    rows = []
    for _ in range(args.runs):
        with tempfile.TemporaryDirectory(dir=args.folder) as folder:
            rows += store.rows_of([os.path.join(servers.BUILD, "fold"), str(args.events or 10_000), folder])
    middle = lambda key: statistics.median(row[key] for row in rows)
    print(f"one entity with {rows[0]['events']:,} events, {args.runs} runs, medians")
    print(f"they arrive shuffled, in groups of 64: {middle('shuffled_seconds'):.1f} s in all")
    print(f"one late event then, a fold of all of them: {middle('one_fold_seconds'):.3f} s")
    return 0


def report(args):
    """The README's queries on simulated events."""
    servers.set_up()
    events = args.events or 1_000_000
    with open(os.path.join(servers.ROOT, "README.md"), encoding="utf-8") as f:
        queries = re.findall(r"\*\*([^*]+)\*\*\n\n```sql\n(.*?)```", f.read(), re.S)
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        key = os.path.join(folder, "load")
        simulator = [os.path.join(servers.BUILD, "crmsim"), "--key", key + ".key", "--key-out", key + ".pem"]
        subprocess.run([*simulator, "--keys-only"], check=True)
        with servers.Crmsink(key, signed=True) as server:
            print(f"posting {events} simulated events", file=sys.stderr)
            subprocess.run([*simulator, "--events", str(events), "--post", server.url, "--connections", "64"], check=True,
                           stdout=subprocess.DEVNULL)
            print(f"{server.rows():,} events, {os.path.getsize(server.file) / 1e9:.1f} GB\n\n"
                  "| query | s, first / again |\n| --- | --- |")
            for name, sql in queries:
                command = [store.CRMSINK, "query", "--database", server.database, sql]
                print(f"| {name} | {store.seconds(command):.2f} / {store.seconds(command):.2f} |")
    return 0


def micro(_args):
    servers.set_up()
    text = subprocess.run([os.path.join(servers.BUILD, "micro"), "--benchmark_format=json"], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    print("| piece | us, real / CPU |\n| --- | --- |")
    for row in json.loads(text)["benchmarks"]:
        per = 1e3 / row["items_per_second"] * 1e3 if "items_per_second" in row else None
        note = f", {per:.1f} per event" if per else ""
        print(f"| {row['name']} | {row['real_time'] / 1e3:.1f} / {row['cpu_time'] / 1e3:.1f}{note} |")
    return 0
