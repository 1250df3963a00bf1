#!/usr/bin/env python3
"""A million customers into the running engine with `kindred import`, from CSV, beside a bare loop that inserts what is stored
of them into SQLite with the same tables, page size and journal. Names the seconds; the goal is 60 of them.

KINDRED_BUILD names another folder of programs than build/release, KINDRED_ROWS another number of rows."""
import json
import os
import pathlib
import random
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time

root = pathlib.Path(__file__).resolve().parent.parent
build = pathlib.Path(os.environ.get("KINDRED_BUILD", root / "build/release")).resolve()
wanted = int(os.environ.get("KINDRED_ROWS", 1_000_000))
goal_seconds = 60.0
token = "bench-token-of-the-import-0123456789"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port):
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the engine did not come up")


def write_rows(file):
    """Three identities, a name, a language and three attributes each, in no order that an index likes."""
    chance = random.Random(1)
    with open(file, "w", encoding="utf-8") as out:
        out.write("external,email,phone,name,language,orders,lifetime_value,country\n")
        for i in range(wanted):
            number = chance.randrange(10**9)
            out.write(f"c-{i},name{number}.{i}@example{number % 97}.org,+34{600_000_000 + (i * 7919) % 99_999_989},Name {number},"
                      f"{'es' if number % 2 else 'en'},{number % 40},{number % 100000}.5,ES\n")


def of_engine(folder, file):
    port = free_port()
    config = {"server": {"listen": f"127.0.0.1:{port}", "public_url": f"http://127.0.0.1:{port}", "threads": 1},
              "store": {"sqlite": str(folder / "kindred.db")}, "rules": str(root / "rules"), "log": {"level": "error"},
              "tokens": [{"name": "crm", "token": token, "role": "api"}], "channels": {"api": {"connector": "api"}}}
    (folder / "kindred.yaml").write_text(json.dumps(config))
    process = subprocess.Popen([build / "kindred", "serve", "--config", folder / "kindred.yaml"])
    try:
        wait_for(port)
        began = time.monotonic()
        done = subprocess.run([build / "kindred", "import", file, "--config", folder / "kindred.yaml", "--json"],
                              check=True, capture_output=True, text=True)
        took = time.monotonic() - began
        counts = json.loads(done.stdout)
        if (counts["created"], counts["rejected"]) != (wanted, 0):
            raise RuntimeError(f"not all rows are in: {counts}")
        peak = next(int(line.split()[1]) // 1024 for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines()
                    if line.startswith("VmHWM:"))
        return took, peak
    finally:
        process.terminate()
        process.wait()


def of_bare_loop(folder):
    """What the engine has stored, written once more: the same bytes by SQLite alone, 10,000 customers in a transaction."""
    stored = sqlite3.connect(folder / "kindred.db")
    customers = stored.execute("SELECT id, version, name, json FROM customers").fetchall()
    of_customer = {}
    for identity, customer in stored.execute("SELECT identity, customer FROM identities"):
        of_customer.setdefault(customer, []).append((identity, customer))
    bare = sqlite3.connect(folder / "bare.db", isolation_level=None)
    for line in ("PRAGMA page_size = 8192", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA cache_size = -65536",
                 "CREATE TABLE customers (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, name TEXT NOT NULL, json TEXT NOT NULL) STRICT",
                 "CREATE TABLE identities (identity TEXT PRIMARY KEY, customer INTEGER NOT NULL) STRICT, WITHOUT ROWID"):
        bare.execute(line)
    pieces = [customers[i:i + 10_000] for i in range(0, len(customers), 10_000)]
    pieces = [(rows, [each for row in rows for each in of_customer[row[0]]]) for rows in pieces]
    began = time.monotonic()
    for rows, identities in pieces:
        bare.execute("BEGIN IMMEDIATE")
        bare.executemany("REPLACE INTO customers VALUES (?, ?, ?, ?)", rows)
        bare.executemany("REPLACE INTO identities VALUES (?, ?)", identities)
        bare.execute("COMMIT")
    return time.monotonic() - began


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kindred-bench-", dir=root / "build"))
    try:
        rows = folder / "customers.csv"
        write_rows(rows)
        ours, peak = of_engine(folder, rows)
        bare = of_bare_loop(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps([
        {"name": f"import of {wanted} customers, seconds", "ratio": round(ours / goal_seconds, 3), "goal": 1.0, "better": "lower",
         "against": f"{goal_seconds:.0f} s ({ours:.1f} s, {wanted / ours:,.0f} rows/s; the engine needed {peak} MB)"},
        {"name": f"import of {wanted} customers beside bare inserts", "ratio": round(ours / bare, 2), "goal": 3.0, "better": "lower",
         "against": f"a bare SQLite loop of the same rows ({bare:.1f} s)"}]))


if __name__ == "__main__":
    main()
