#!/usr/bin/env python3
"""Signed WhatsApp webhooks through the whole engine, beside the official Beast awaitable server shape that answers 200
to the same requests: CPU per request, over all threads of each process. Then 2,000 a second, open loop, beside a bare
group-committed append and sync at the same rate: the 99th percentiles. Loads are bounded and stay on loopback."""
import hashlib
import hmac
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

root = pathlib.Path(__file__).resolve().parent.parent
build = root / "build/release"
secret = "bench-app-secret"
connections = 64
seconds = 4
rounds = 3
rate = 2000
fresh = 90_000  # requests prepared for a round: more than the engine can take in it


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def body_of(number):
    text = f"Where is my order {number}? " + "It should have been here last week and I need it for Saturday. " * 8
    sender = f"4917{number % 20000:08d}"
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1234567890987654321", "changes": [{
        "value": {"messaging_product": "whatsapp", "metadata": {"display_phone_number": "972123456789",
                                                                  "phone_number_id": "1122334455667"},
                  "contacts": [{"profile": {"name": f"Customer {number % 20000}"}, "wa_id": sender}],
                  "messages": [{"from": sender, "id": f"wamid.{number:016d}", "timestamp": "1697043223",
                                "text": {"body": text[:560]}, "type": "text"}]}, "field": "messages"}]}]},
        separators=(",", ":")).encode()


def request_of(number):
    body = body_of(number)
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    head = (f"POST /webhooks/whatsapp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"User-Agent: facebookexternalua\r\nX-Hub-Signature-256: sha256={signature}\r\nContent-Length: {len(body)}\r\n\r\n")
    return head.encode() + body


def cpu_of(pid):
    """Nanoseconds of CPU that all threads of a process have used."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            total += int(pathlib.Path(f"/proc/{pid}/task/{task}/schedstat").read_text().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            pass
    return total


def wait_for(port):
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not come up")


lua = """
local requests, next_one = {}, 0
function init(args)
  local file = io.open(args[1], "rb")
  for length in io.lines(args[2]) do requests[#requests + 1] = file:read(tonumber(length)) end
  file:close()
end
function request()
  next_one = next_one + 1
  return requests[(next_one - 1) % #requests + 1]
end
function done(summary)
  io.write(string.format("ANSWERED %d BAD %d\\n", summary.requests, summary.errors.status + summary.errors.read + summary.errors.timeout))
end
"""


def prepare(folder, first, count):
    """Prepared requests as wrk's script reads them: all bytes in one file, their lengths in another."""
    script, requests, lengths = folder / "load.lua", folder / f"requests-{first}", folder / f"lengths-{first}"
    script.write_text(lua)
    with requests.open("wb") as out, lengths.open("w") as index:
        for number in range(first, first + count):
            one = request_of(number)
            out.write(one)
            index.write(f"{len(one)}\n")
    return script, requests, lengths


def closed_loop(port, prepared):
    """wrk sends them over 64 connections, each waiting for its answer. Returns how many were answered."""
    script, requests, lengths = prepared
    done = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", script, f"http://127.0.0.1:{port}/",
                           "--", requests, lengths], capture_output=True, text=True, check=True)
    words = next(line for line in done.stdout.splitlines() if line.startswith("ANSWERED")).split()
    if int(words[3]):
        raise RuntimeError(f"{words[3]} requests were not answered 200")
    return int(words[1])


def rules_without_limits(folder):
    """The demo rules, with queues that may grow: nobody works here, and every contact must be taken."""
    copy = folder / "rules"
    shutil.copytree(root / "rules", copy)
    queues = copy / "queues.yaml"
    lines = [l for l in queues.read_text().splitlines() if l.split(":")[0].strip() not in ("limit", "overflow")]
    queues.write_text("\n".join(lines) + "\n")
    return copy


def start_engine(folder):
    port = free_port()
    config = folder / "bench.yaml"
    config.write_text(json.dumps({
        "server": {"listen": f"127.0.0.1:{port}", "public_url": f"http://127.0.0.1:{port}", "threads": 1},
        "store": {"sqlite": str(folder / "bench.db")}, "rules": str(rules_without_limits(folder)), "log": {"level": "warning"},
        "channels": {"whatsapp": {"connector": "whatsapp", "app_secret": secret, "verify_token": "x"}}}))
    process = subprocess.Popen([build / "kindred", "serve", "--config", config], stderr=subprocess.DEVNULL)
    wait_for(port)
    return process, port


def start_beast():
    port = free_port()
    process = subprocess.Popen([build / "http_beast_awaitable_bench", str(port)], stdout=subprocess.DEVNULL)
    wait_for(port)
    return process, port


def cpu_per_request(process, port, prepared):
    before = cpu_of(process.pid)
    answered = closed_loop(port, prepared)
    time.sleep(0.3)  # what was acknowledged is settled; a checkpoint may still run and counts
    return (cpu_of(process.pid) - before) / answered / 1000, answered


def open_loop(port, first):
    """Sends at a steady rate whatever the answers do; latency counts from when a request was due."""
    # Python's threads hand over every 5 ms, which would be all that is measured.
    sys.setswitchinterval(0.0001)
    total = rate * seconds
    lanes = 128
    prepared = [request_of(first + i) for i in range(total)]
    latencies = [None] * total
    begin = time.monotonic() + 0.5

    def run(lane):
        with socket.create_connection(("127.0.0.1", port)) as s:
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for i in range(lane, total, lanes):
                due = begin + i / rate
                pause = due - time.monotonic()
                if pause > 0:
                    time.sleep(pause)
                s.sendall(prepared[i])
                answer = b""
                while b"\r\n\r\n" not in answer:
                    answer += s.recv(4096)
                latencies[i] = time.monotonic() - due

    threads = [threading.Thread(target=run, args=(l,)) for l in range(lanes)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return statistics.quantiles([l for l in latencies if l is not None], n=100)[98]


def bare_append(folder):
    """What a durable answer costs at least: the same arrivals, each waiting for the sync that covers it."""
    total = rate * seconds
    record = b"x" * 1024
    latencies = []
    waiting, lock, done = [], threading.Condition(), [False]
    descriptor = os.open(folder / "log", os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    def committer():
        while True:
            with lock:
                while not waiting and not done[0]:
                    lock.wait()
                if not waiting:
                    return
                batch = list(waiting)
                waiting.clear()
            os.write(descriptor, record * len(batch))
            os.fdatasync(descriptor)
            now = time.monotonic()
            latencies.extend(now - due for due in batch)

    worker = threading.Thread(target=committer)
    worker.start()
    begin = time.monotonic() + 0.2
    for i in range(total):
        due = begin + i / rate
        pause = due - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        with lock:
            waiting.append(due)
            lock.notify()
    with lock:
        done[0] = True
        lock.notify()
    worker.join()
    os.close(descriptor)
    return statistics.quantiles(latencies, n=100)[98]


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kindred-bench-", dir=root / "build"))
    processes = []
    try:
        engine, port = start_engine(folder)
        processes.append(engine)
        beast, bare_port = start_beast()
        processes.append(beast)
        number, ratios, ours, theirs = 1, [], [], []
        for _ in range(rounds):
            prepared = prepare(folder, number, fresh)
            number += fresh
            a, answered = cpu_per_request(engine, port, prepared)
            if answered > fresh:
                raise RuntimeError("the engine answered more than was prepared: later ones were duplicates")
            b, _ = cpu_per_request(beast, bare_port, prepared)
            ours.append(a)
            theirs.append(b)
            ratios.append(a / b)
            print(f"{answered} new contacts in {seconds} s, {a:.1f} us each; Beast shape {b:.1f} us")
        print(f"CPU per request: engine {statistics.median(ours):.1f} us, Beast shape {statistics.median(theirs):.1f} us")
        append = bare_append(folder)
        durable = open_loop(port, number)
        print(f"p99 at {rate}/s: engine {durable * 1000:.1f} ms, bare append and sync {append * 1000:.1f} ms")
        print(json.dumps([
            {"name": "webhook cpu", "ratio": round(statistics.median(ratios), 2), "against": "Beast's awaitable server answering 200",
             "goal": 4.0, "better": "lower"},
            {"name": "webhook p99 open loop", "ratio": round(durable / append, 2), "against": "bare group-committed append + sync",
             "goal": 10.0, "better": "lower"}]))
    finally:
        for each in processes:
            each.terminate()
            each.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
