"""Events per second of each server, in rounds: every server once, then all again."""
import json
import os
import statistics
import sys
import tempfile
import time

from . import load, servers

DEFAULT = ("noop", "httplib-noop", "sqlite", "sqlite-signed", "postgresql", "postgresql-signed")
PEERS = ("fastify-noop", "fastify-sqlite-group", "fastify-sqlite-group-signed", "fastify-sqlite", "fastify-pg")
# What is held against what: (server, measure).
RATIOS = (("sqlite", "fastify-sqlite-group"), ("sqlite-signed", "fastify-sqlite-group-signed"),
          ("sqlite", "fastify-sqlite"), ("postgresql", "fastify-pg"))


def spread(values, form="{:.2f}"):
    texts = [form.format(value) for value in (statistics.median(values), min(values), max(values))]
    return f"{texts[0]} ({texts[1]} to {texts[2]})"


def ratios(results, one, other, key="rate"):
    """Round by round, so that both saw the same machine."""
    return [a[key] / b[key] for a, b in zip(results[one], results[other])]


def rounds(args, makers, prefix, connections):
    """{server: [result of each round]}; what is wrong with a run is said on standard error."""
    results = {name: [] for name in makers}
    for number in range(1, args.runs + 1):
        for name, make in makers.items():
            with make(prefix) as server:
                result = load.measure(server, prefix, args.seconds, connections)
                if isinstance(server, servers.Crmsink):
                    result["commits"] = server.metric("crmsink_commits_total") / result["rows"]
                    result["folds"] = server.metric("crmsink_folds_total") * 1000 / result["rows"]
            result["complaint"] = load.complaint(result, connections)
            results[name].append(result)
            print(f"{connections} connections, round {number}, {name}: {result['rate']:.0f}/s "
                  f"{result['complaint']}", file=sys.stderr)
            time.sleep(0.5)
    return results


def table(args, results, connections):
    print(f"\n{args.runs} rounds of {args.seconds} s, {connections} connections, medians (least to most)\n")
    print("| server | events/s | to the no-op | CPU ms per 1,000 events | to the no-op | p50 / p99 / max ms | peak MB | "
          "answers 2xx / others |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, runs in results.items():
        middle = lambda key: statistics.median(run[key] for run in runs)
        total = lambda key: sum(run[key] for run in runs)
        to_noop = lambda key: spread(ratios(results, name, "noop", key)) if "noop" in results else ""
        print(f"| {name} | {spread([run['rate'] for run in runs], '{:,.0f}')} | {to_noop('rate')} "
              f"| {middle('cpu_us'):.0f} | {to_noop('cpu_us')} "
              f"| {middle('p50_ms'):.2f} / {middle('p99_ms'):.1f} / {middle('max_ms'):.0f} | {middle('peak_mb'):.0f} "
              f"| {total('ok'):,} / {total('other') + total('broken'):,} |")
    print()
    for one, other in RATIOS:
        if one in results and other in results:
            print(f"{one} to {other}: {spread(ratios(results, one, other))}")
    for name, runs in results.items():
        if "commits" in runs[0]:
            print(f"{name}: {statistics.median(run['commits'] for run in runs):.3f} commits per event, "
                  f"{statistics.median(run['folds'] for run in runs):.1f} folds per 1,000 events")


def syncs_per_event(prefix, connections):
    with servers.Crmsink(prefix, strace=True) as server:
        load.drive(server, prefix, 3, connections)
        server.stop()
        with open(server.trace, encoding="ascii") as f:
            syncs = sum(int(line.split()[3]) for line in f if line.rstrip().endswith(("fsync", "fdatasync")))
        return syncs / server.rows()


def chosen(args):
    names = args.servers.split(",") if args.servers else (DEFAULT + PEERS if args.peers else DEFAULT)
    unknown = [name for name in names if name not in DEFAULT + PEERS]
    if unknown:
        sys.exit(f"error: no such server: {', '.join(unknown)}; there are {', '.join(DEFAULT + PEERS)}")
    return names


def run(args):
    names = chosen(args)
    servers.set_up(peers=any(name in PEERS for name in names))
    postgres = servers.Postgres() if any("postgresql" in name or "-pg" in name for name in names) else None
    every = servers.all_servers(lambda: postgres)
    makers = {name: every[name] for name in names}
    report = {"runs": args.runs, "seconds": args.seconds, "results": {}}
    try:
        with tempfile.TemporaryDirectory() as folder:
            prefix = os.path.join(folder, "load")
            load.make(args.events or 200_000, prefix)
            for connections in map(int, args.connections.split(",")):
                results = rounds(args, makers, prefix, connections)
                report["results"][connections] = results
                table(args, results, connections)
                if "sqlite" in names:  # PostgreSQL syncs in processes of its own
                    print(f"sqlite: {syncs_per_event(prefix, connections):.3f} fsyncs per event")
    finally:
        if postgres:
            postgres.close()
    if args.json:
        with open(args.json, "w", encoding="ascii") as f:
            json.dump(report, f, indent=1)
    wrong = [f"{name} at {connections} connections: {result['complaint']}"
             for connections, results in report["results"].items() for name, runs in results.items()
             for result in runs if result["complaint"]]
    for line in wrong:
        print("error: " + line, file=sys.stderr)
    return 1 if wrong else 0
