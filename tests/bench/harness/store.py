"""What needs no network: the store as it grows, and what is done with a large one."""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

from .servers import BUILD, set_up

CRMSINK = os.path.join(BUILD, "crmsink")


def rows_of(command):
    """Runs it and yields the objects that it prints, one a line."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        yield json.loads(line)
    if process.wait() != 0:
        sys.exit(1)


def growth(args):
    set_up()
    events = args.events or 1_000_000
    layouts = ["crmsink"] if args.alone else ["crmsink", "naive"]
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        tenths = {layout: [] for layout in layouts}
        for row in rows_of([os.path.join(BUILD, "growth"), str(events), folder, *layouts]):
            tenths[row["layout"]].append(row)
            print(f"{row['layout']} tenth {row['tenth']}: {row['events_per_second']:.0f}/s", file=sys.stderr)
        print(f"{events:,} events, groups of 64, a tenth of each layout in turn\n")
        print("| layout | tenth | events/s | commit p50 / p99 / worst ms | file MB | WAL MB |")
        print("| --- | --- | --- | --- | --- | --- |")
        for layout, rows in tenths.items():
            for row in rows:
                print(f"| {layout} | {row['tenth']} | {row['events_per_second']:,.0f} | {row['commit_p50_ms']} / "
                      f"{row['p99']} / {row['worst']} | {row['file_mb']:,.0f} | {row['wal_mb']:,.0f} |")
        ours = [row["events_per_second"] for row in tenths["crmsink"]]
        if "naive" in tenths:
            print(f"\nlast tenth to the naive layout's: {ours[-1] / tenths['naive'][-1]['events_per_second']:.2f}")
        print(f"last tenth to the median of its own tenths 4 to 6: {ours[-1] / statistics.median(ours[3:6]):.2f}")
        if args.then:
            large(os.path.join(folder, "crmsink.db"))
    return 0


def seconds(command):
    began = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - began


def start_seconds(database):
    """From the start of the process to the line that says that it listens."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen([CRMSINK, "serve", "--database", database, "--listen", "127.0.0.1:0", "--admin-listen",
                                   "127.0.0.1:0", "--signature-mode", "off"], stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, text=True, cwd=folder)
        server.stdout.readline()
        took = time.monotonic() - began
        server.terminate()
        server.wait()
    return took


def large(file):
    """What people do with a log of that size."""
    database = "sqlite:" + file
    print(f"\n| with {os.path.getsize(file) / 1e9:.1f} GB | s |\n| --- | --- |")
    print(f"| start of the server | {start_seconds(database):.2f} |")
    # 3 says that there is a finding.
    began = time.monotonic()
    subprocess.run([CRMSINK, "status", "--database", database], stdout=subprocess.DEVNULL, check=False)
    print(f"| status | {time.monotonic() - began:.2f} |")
    contact = subprocess.run([CRMSINK, "query", "--database", database, "--format", "csv",
                              "SELECT id FROM contacts ORDER BY id LIMIT 1"], check=True, capture_output=True,
                             text=True).stdout.split()[-1]
    history = [CRMSINK, "query", "--database", database,
               f"SELECT seq, type, occurred_at FROM events WHERE entity = 'Contact' AND entity_id = '{contact}'"]
    shown = [CRMSINK, "events", "list", "--database", database, "--entity-id", contact]
    sample = [CRMSINK, "verify", "--database", database, "--sample", "10000"]
    print(f"| verify --sample 10000 | {seconds(sample):.2f} |")
    print(f"| a contact's history, by SQL over the log | {seconds(history):.2f} |")
    print(f"| the same, crmsink events list --entity-id | {seconds(shown):.2f} |")
