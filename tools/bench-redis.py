#!/usr/bin/env python3
"""A site in Redis. Commits beside the same function called bare in a pipeline, and a follower beside a bare XREAD of the log
(bench/store/shared_site_bench.cpp, which this starts); the CPU of three nodes together per contact beside that of one; what Redis
holds per customer, open ticket and closed ticket, beside what docs/redis.md says; and for how long nobody leads when the node that
does is asked to end. Loads are bounded and stay on loopback.

    tools/bench-redis.py [commit] [follow] [nodes] [memory] [handover]     all, or these

KINDRED_BUILD names another folder of programs than build/release."""
import http.client
import importlib.util
import json
import pathlib
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

root = pathlib.Path(__file__).resolve().parent.parent
spec = importlib.util.spec_from_file_location("bench_webhook", root / "tools/bench-webhook.py")
webhook = importlib.util.module_from_spec(spec)
spec.loader.exec_module(webhook)
build = webhook.build
rate = 400
seconds = 6
samples = 4_000
person = {"login": "sam", "name": "Sam", "role": "supervisor", "queues": [], "languages": ["en"], "password": "bench-secret-of-sam"}


running = set()  # nodes that are to end with the bench, however that ends


class Redis:
    """A server of this bench's own, safe as a site wants it."""

    def __init__(self, folder):
        self.port = webhook.free_port()
        where = folder / f"redis-{self.port}"
        where.mkdir()
        self.process = subprocess.Popen(["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", where,
                                         "--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction",
                                         "--logfile", "log"])
        webhook.wait_for(self.port)

    def say(self, *words):
        done = subprocess.run(["redis-cli", "-p", str(self.port), *words], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def used(self):
        return int(next(l for l in self.say("INFO", "memory").splitlines() if l.startswith("used_memory:")).split(":")[1])

    def end(self):
        self.process.kill()
        self.process.wait()


class Node:
    """A `kindred serve` on a store."""

    def __init__(self, folder, name, store):
        self.port = webhook.free_port()
        self.folder = folder / name
        self.folder.mkdir(exist_ok=True)
        self.config = self.folder / "kindred.yaml"
        if not (self.folder / "rules").exists():
            webhook.rules_without_limits(self.folder)
        self.config.write_text(json.dumps({
            "server": {"listen": f"127.0.0.1:{self.port}", "public_url": f"http://127.0.0.1:{self.port}", "threads": 1},
            "store": store, "rules": "rules", "people": "people.yaml", "log": {"level": "error"},
            "tokens": [{"name": "crm", "token": "bench-token-of-the-crm-0123456789", "role": "api"}],
            "channels": {"whatsapp": {"connector": "whatsapp", "app_secret": webhook.secret, "verify_token": "x"}}}))
        (self.folder / "people.yaml").write_text(json.dumps({"people": [person]}))
        self.process = subprocess.Popen([build / "kindred", "serve", "--config", self.config], stderr=subprocess.DEVNULL)
        running.add(self)

    def load(self, per_second, for_seconds, customers):
        done = subprocess.run([build / "kindred", "load", "--target", f"http://127.0.0.1:{self.port}", "--rate", str(per_second),
                               "--seconds", str(for_seconds), "--customers", str(customers), "--secret", webhook.secret, "--json"],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"not every request was answered 200: {done.stdout or done.stderr}")

    def end(self):
        self.process.terminate()
        self.process.wait()
        running.discard(self)


def shared(redis, site, name):
    return {"redis": {"server": f"127.0.0.1:{redis.port}", "site": site, "node": name, "copy": "copy/kindred.db"}}


def of_program(folder, what):
    redis = Redis(folder)
    try:
        done = subprocess.run([build / "store_shared_site_bench", what, str(redis.port)], capture_output=True, text=True, check=True)
    finally:
        redis.end()
    results = []
    for line in done.stdout.splitlines():
        said = json.loads(line)
        print(line)
        results.append({key: said[key] for key in ("name", "ratio", "goal", "better", "against")})
    return results


def cpu_per_contact(folder, redis, count):
    """Microseconds of all nodes together; the first leads and is given the load."""
    nodes = [Node(folder, f"of{count}-{number}", shared(redis, f"nodes{count}", f"node{number}")) for number in range(1, 2)]
    try:
        webhook.wait_for(nodes[0].port)
        nodes += [Node(folder, f"of{count}-{number}", shared(redis, f"nodes{count}", f"node{number}")) for number in range(2, count + 1)]
        nodes[0].load(rate, 2, 20_000)  # warm: customers exist, followers follow
        before = [webhook.cpu_of(node.process.pid) for node in nodes]
        nodes[0].load(rate, seconds, 20_000)
        time.sleep(1.5)  # what was acknowledged is in every copy's database
        used = [webhook.cpu_of(node.process.pid) - had for node, had in zip(nodes, before)]
        return [each / (rate * seconds) / 1000 for each in used]
    finally:
        for node in nodes:
            node.end()


def of_nodes(folder):
    redis = Redis(folder)
    ratios = []
    try:
        for attempt in range(3):
            where = folder / f"try{attempt}"
            where.mkdir()
            redis.say("FLUSHALL")
            one = cpu_per_contact(where, redis, 1)
            three = cpu_per_contact(where, redis, 3)
            ratios.append(sum(three) / sum(one))
            print(f"CPU per contact: one node {one[0]:.0f} us; three {', '.join(f'{each:.0f}' for each in three)} us: {ratios[-1]:.2f} times")
    finally:
        redis.end()
    return [{"name": "redis CPU of three nodes", "ratio": round(sorted(ratios)[1], 2), "goal": 2.5, "better": "lower",
             "against": "that of one node, per contact"}]


def write_customers(file):
    """As different from each other as people are, so that they do not compress better than those."""
    chance = random.Random(1)
    word = lambda: "".join(chance.choices("aeiounrstlm", k=chance.randint(4, 9))).title()
    with open(file, "w", encoding="utf-8") as out:
        out.write("external,email,phone,name,language\n")
        for i in range(samples):
            first, last = word(), word()
            out.write(f"c-{i},{first}.{last}{chance.randrange(100)}@example.org,+34{chance.randrange(600_000_000, 700_000_000)},"
                      f"{first} {last},{chance.choice(['en', 'es'])}\n")


def resolve_all(node):
    over = http.client.HTTPConnection("127.0.0.1", node.port)

    def ask(method, path, content=None, token=None):
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        over.request(method, path, json.dumps(content) if content is not None else None, headers)
        answer = over.getresponse()
        said = json.loads(answer.read() or "null")
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {said}")
        return said

    logged_in = ask("POST", "/api/v1/login", {"login": person["login"], "password": person["password"], "bearer": True})
    token = logged_in["token"]
    resolved = 0
    while tickets := ask("GET", "/api/v1/tickets?limit=200&status=waiting", token=token)["tickets"]:
        for ticket in tickets:
            ask("POST", f"/api/v1/tickets/{ticket['id']}/assign", {"agent": logged_in["agent"]["id"]}, token)
            ask("POST", f"/api/v1/tickets/{ticket['id']}/resolve", {"disposition": "solved"}, token)
            resolved += 1
    return resolved


def at_rest(folder, redis, node, step):
    """The bytes of the snapshot that Redis holds of the site of a node's file; its log is empty then."""
    named = folder / f"{step}.yaml"
    config = json.loads(node.config.read_text()) | {"store": shared(redis, step, "mover"), "rules": str(node.folder / "rules"),
                                                    "people": str(node.folder / "people.yaml")}
    named.write_text(json.dumps(config))
    subprocess.run([build / "kindred", "migrate", "--from", f"sqlite:{node.folder / 'kindred.db'}", "--to", f"redis:{named}"],
                   check=True, capture_output=True)
    return int(redis.say("HGET", f"kindred:{{{step}}}:snapshot", "packed"))


def of_memory(folder):
    redis = Redis(folder)
    held = {}
    try:
        node = Node(folder, "file", {"sqlite": "kindred.db"})
        webhook.wait_for(node.port)
        rows = folder / "customers.csv"
        write_customers(rows)
        for step in ("empty", "customers", "open", "closed"):
            if step == "customers":
                subprocess.run([build / "kindred", "import", rows, "--config", node.config], check=True, capture_output=True)
            elif step == "open":
                node.load(400, samples / 400, samples)
            elif step == "closed":
                resolve_all(node)
            node.end()
            held[step] = at_rest(folder, redis, node, step)
            node = Node(folder, "file", {"sqlite": "kindred.db"})
            webhook.wait_for(node.port)
        node.end()
        first = Node(folder, "logged", shared(redis, "logged", "node1"))
        webhook.wait_for(first.port)
        empty = int(redis.say("MEMORY", "USAGE", "kindred:{logged}:log", "SAMPLES", "0") or 0)
        keys = redis.used()
        first.load(400, samples / 400, samples)
        whole = redis.used() - keys
        log = int(redis.say("MEMORY", "USAGE", "kindred:{logged}:log", "SAMPLES", "0")) - empty
        first.end()
    finally:
        redis.end()
    customer = (held["customers"] - held["empty"]) / samples
    opened = (held["open"] - held["customers"]) / samples
    closed = (held["closed"] - held["open"]) / samples
    print(f"bytes in Redis at rest: an empty site {held['empty']}, each customer {customer:.0f}, each open ticket with one message and "
          f"its customer {opened:.0f}, {closed:.0f} more once it is closed; in the log until it is cut, each contact {log / samples:.0f}, "
          f"with all that comes with it {whole / samples:.0f}")
    return beside_manual({"an empty site": held["empty"], "each customer": customer, "each open ticket": opened,
                          "the same once it is closed": opened + closed, "each contact in the log": log / samples})


def beside_manual(measured):
    """How far from what the manual says: 1.1 is 10 % more, or less."""
    said = {}
    for label, figure in re.findall(r"^\| ([^|]+) \| ([0-9,]+) \|$", (root / "docs/redis.md").read_text(), re.MULTILINE):
        said[label] = int(figure.replace(",", ""))
    results = []
    for what, found in measured.items():
        documented = next(figure for label, figure in said.items() if label.startswith(what))
        away = max(found / documented, documented / found)
        if away > 1.1:
            print(f"docs/redis.md says {documented} for {what}: it is {found:.0f}")
        results.append({"name": f"redis bytes of {what}", "ratio": round(away, 3), "goal": 1.1, "better": "lower",
                        "against": f"the {documented} that docs/redis.md says"})
    return results


class Watch(threading.Thread):
    """Looks at something again and again, and notes when it was well: the longest time in between is the gap."""

    def __init__(self, look):
        super().__init__(daemon=True)
        self.look, self.over, self.last, self.gap = look, False, None, 0.0

    def run(self):
        while not self.over:
            if not self.look():
                continue
            now = time.monotonic()
            if self.last is not None:
                self.gap = max(self.gap, now - self.last)
            self.last = now

    def end(self):
        self.over = True
        self.join()
        if self.last is None:
            raise RuntimeError("it was never well")
        return self.gap * 1000


def lease_is_held(redis, site):
    over = socket.create_connection(("127.0.0.1", redis.port))
    head = f"kindred:{{{site}}}:head"
    asked = f"*3\r\n$4\r\nHGET\r\n${len(head)}\r\n{head}\r\n$3\r\nexp\r\n".encode()

    def look():
        over.sendall(asked)
        ends = over.recv(200).split(b"\r\n")[1]
        time.sleep(0.001)
        return int(ends) > time.time() * 1000

    return look


def log_in(node):
    over = http.client.HTTPConnection("127.0.0.1", node.port)
    over.request("POST", "/api/v1/login", json.dumps({"login": person["login"], "password": person["password"], "bearer": True}),
                 {"Content-Type": "application/json"})
    return json.loads(over.getresponse().read())["token"]


def site_answers(node, token):
    over = http.client.HTTPConnection("127.0.0.1", node.port, timeout=30)

    def look():
        try:
            over.request("GET", "/api/v1/tickets?limit=1", headers={"Authorization": f"Bearer {token}"})
            answer = over.getresponse()
            answer.read()
            return answer.status == 200
        except (OSError, http.client.HTTPException):
            over.close()
            return False

    return look


class DeskAt(threading.Thread):
    """A desk, and how long it was told that there is nobody to go on with."""

    def __init__(self, node, token):
        super().__init__(daemon=True)
        self.socket = socket.create_connection(("127.0.0.1", node.port))
        self.socket.sendall(f"GET /api/v1/desk HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nAuthorization: "
                            f"Bearer {token}\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
        self.left, self.back = None, None
        self.start()

    def run(self):
        kept = b""
        while part := self.socket.recv(65536):
            kept = kept[-40:] + part
            if b'"reconnecting"' in kept and self.left is None:
                self.left = time.monotonic()
            if b'"reconnected"' in kept and self.back is None:
                self.back = time.monotonic()

    def end(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.join()
        return None if self.back is None else (self.back - self.left) * 1000


def hand_overs(folder, redis, site, tickets):
    """Milliseconds: without a lease, without an answer, and that a desk was told of, for each hand-over."""
    start = lambda number: Node(folder, f"{site}-{number}", shared(redis, site, f"node{number}"))
    leads, follows = start(1), None
    gaps = []
    try:
        webhook.wait_for(leads.port)
        if tickets:
            leads.load(400, tickets / 400, tickets)
        for attempt in range(6):
            follows = start(2 - attempt % 2)
            webhook.wait_for(follows.port)
            time.sleep(2)  # it has a copy, and is on the list of those that follow
            token = log_in(follows)
            desk = DeskAt(follows, token)
            looks = [Watch(lease_is_held(redis, site)), Watch(site_answers(follows, token))]
            for each in looks:
                each.start()
            time.sleep(1)
            leads.process.terminate()
            leads.process.wait()
            time.sleep(3)
            gaps.append([each.end() for each in looks] + [desk.end()])
            running.discard(leads)
            leads, follows = follows, None
    finally:
        for node in (leads, follows):
            if node is not None:
                node.end()
    return gaps


def of_handover(folder):
    redis = Redis(folder)
    results = []
    try:
        for site, tickets in (("small", 200), ("large", 20_000)):
            gaps = hand_overs(folder, redis, site, tickets)
            for what, row in zip(("nobody has the lease", "no request is answered", "a desk waits"), zip(*gaps)):
                known = sorted(each for each in row if each is not None)
                print(f"hand-over of {tickets} tickets, {what}: " + ", ".join(f"{each:.0f}" for each in known) + " ms")
                results.append({"name": f"redis hand-over of {tickets} tickets: {what}", "ratio": round(known[len(known) // 2] / 200, 2),
                                "goal": 1, "better": "lower", "against": "200 ms, the middle of six"})
    finally:
        redis.end()
    return results


def main():
    parts = {"commit": lambda f: of_program(f, "commit"), "follow": lambda f: of_program(f, "follow"), "nodes": of_nodes, "memory": of_memory,
             "handover": of_handover}
    results = []
    for name in sys.argv[1:] or parts:
        folder = pathlib.Path(tempfile.mkdtemp(prefix="kindred-bench-", dir=root / "build"))
        try:
            results += parts[name](folder)
        finally:
            for node in list(running):
                node.end()
            shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(results))


if __name__ == "__main__":
    main()
