#!/usr/bin/env python3
"""Signed WhatsApp webhooks through the whole engine, beside the official Beast awaitable server shape that answers 200
to the same requests: CPU per request, over all threads of each process. Then 2,000 a second by `kindred load`, open loop,
beside a bare loop that appends and syncs as many records at the same rate on the same disk, in turns: the 99th
percentiles, both from the moment each was due. Loads are bounded and stay on loopback.

KINDRED_BUILD names another folder of programs than build/release."""
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
import time

root = pathlib.Path(__file__).resolve().parent.parent
build = pathlib.Path(os.environ.get("KINDRED_BUILD", root / "build/release")).resolve()
secret = "bench-app-secret"
connections = 64
seconds = 4
rounds = 5
rate = 2000
latency_rounds = 5
fresh = 160_000  # requests prepared for a round: more than the engine can take in it


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


def start_beast(_):
    port = free_port()
    process = subprocess.Popen([build / "http_beast_awaitable_bench", str(port)], stdout=subprocess.DEVNULL)
    wait_for(port)
    return process, port


def cpu_per_request(server, prepared):
    process, port = server
    before = cpu_of(process.pid)
    answered = closed_loop(port, prepared)
    time.sleep(1.6)  # what was acknowledged is in the database; a checkpoint may still run and counts
    return (cpu_of(process.pid) - before) / answered / 1000, answered


def open_loop(port):
    """Requests of `kindred load` at a steady rate, whatever the answers do. Returns the quantiles in ms."""
    done = subprocess.run([build / "kindred", "load", "--target", f"http://127.0.0.1:{port}", "--rate", str(rate),
                           "--seconds", str(seconds), "--connections", str(connections), "--secret", secret, "--json"],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"not every request of the open loop was answered 200: {done.stdout or done.stderr}")
    said = json.loads(done.stdout)
    return said["latency_ms"] | {"late": said["late_ms"]["p99"]}


def bare_append(folder):
    """What a durable answer costs at least: the same arrivals, each waiting for the sync that covers it."""
    done = subprocess.run([build / "load_append_bench", folder, str(rate), str(seconds)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)["latency_ms"]


def cpu_result(folder, engine, beast):
    number, ratios, ours, theirs = 1, [], [], []
    for _ in range(rounds):
        prepared = prepare(folder, number, fresh)
        number += fresh
        a, answered = cpu_per_request(engine, prepared)
        if answered > fresh:
            raise RuntimeError("the engine answered more than was prepared: later ones were duplicates")
        b, _ = cpu_per_request(beast, prepared)
        ours.append(a)
        theirs.append(b)
        ratios.append(a / b)
        print(f"{answered} new contacts in {seconds} s, {a:.1f} us each; Beast shape {b:.1f} us")
    print(f"CPU per request: engine {statistics.median(ours):.1f} us, Beast shape {statistics.median(theirs):.1f} us")
    return {"name": "webhook cpu", "ratio": round(statistics.median(ratios), 2), "goal": 4.0, "better": "lower",
            "against": "Beast's awaitable server answering 200"}


def latency_result(folder, engine):
    ratios = []
    for _ in range(latency_rounds):
        bare, ours = bare_append(folder), open_loop(engine[1])
        ratios.append(ours["p99"] / bare["p99"])
        print(f"{rate}/s: engine p50 {ours['p50']:.2f}  p99 {ours['p99']:.2f}  p99.9 {ours['p99.9']:.2f} ms (sent late by p99 "
              f"{ours['late']:.2f}); bare append and sync p50 {bare['p50']:.2f}  p99 {bare['p99']:.2f}  p99.9 {bare['p99.9']:.2f} ms; "
              f"p99 {ratios[-1]:.1f} times")
    return {"name": "webhook p99 open loop", "ratio": round(statistics.median(ratios), 2), "goal": 10.0, "better": "lower",
            "against": "bare group-committed append + sync"}


def measured(measure, *servers):
    """What `measure` makes of servers of its own; they end with it, and their folder goes."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kindred-bench-", dir=root / "build"))
    started = []
    try:
        for start in servers:
            started.append(start(folder))
        return measure(folder, *started)
    finally:
        for process, _ in started:
            process.terminate()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    print(json.dumps([measured(cpu_result, start_engine, start_beast), measured(latency_result, start_engine)]))


if __name__ == "__main__":
    sys.exit(main())
