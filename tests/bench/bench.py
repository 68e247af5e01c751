#!/usr/bin/env python3
"""The benchmarks: bench.py BUILD_FOLDER [NAME...]; each prints a table. See docs/performance.md.

Every figure but the memory is the median of RUNS, because the machine is shared with the load
generator and the fake Slack (and often with more); every run checks that nothing was lost and
nothing was sent twice. BENCH_QUICK=1 makes all of it ten times shorter: a test that it works."""
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time

import plugins as many
import rig
import year

QUICK = bool(os.environ.get("BENCH_QUICK"))
RUNS = 1 if QUICK else int(os.environ.get("BENCH_RUNS", "3"))
REPS = 10000
FIVE = ("stage-questions", "two-sided-gates", "grit-praise", "weekly", "gps")
LATENCY_REPS = 1000  # their directory is read first: 15 s


def scaled(count):
    return count // 10 if QUICK else count


def check(fake, posts):
    """Nothing lost, nothing twice."""
    stats = fake.stats()
    if stats["duplicates"] or stats["posts_stored"] != posts:
        raise RuntimeError(f"{posts} posts expected, {stats['posts_stored']} came, "
                           f"twice: {stats['duplicates'][:3]}")


def one_flow(build, events, miss, per_post, connections):
    """One run: events/s and gritd's CPU-seconds for 10,000 events."""
    options = ["-n", events, "-u", REPS, "-b", per_post, "-c", connections] + ["-m"] * miss
    with rig.scratch() as folder, rig.running(build, folder, REPS) as (fake, gritd):
        cpu, fake_cpu, start = gritd.cpu_s(), fake.cpu_s(), time.monotonic()
        report = build.generate(gritd, *options)
        if not miss:
            rig.wait_until("all posts", lambda: fake.posted() >= events, 120)
        wall = report["wall_s"] if miss else time.monotonic() - start
        used, fake_used = gritd.cpu_s() - cpu, fake.cpu_s() - fake_cpu
        check(fake, 0 if miss else events)
        return {"rate": events / wall, "cpu": used / events * 1e4,
                "fake": fake_used / events * 1e4, "mib": gritd.memory_kib("VmHWM") / 1024}


def middle(runs, key):
    """The median run, whole: picking the best by what is measured would flatter us."""
    return sorted(runs, key=key)[len(runs) // 2]


def flow_row(build, name, events, miss, per_post, connections):
    runs = [one_flow(build, events, miss, per_post, connections) for _ in range(RUNS)]
    run = middle(runs, lambda run: run["rate"])
    return [name, events, per_post, connections, f"{run['rate']:,.0f}", f"{run['cpu']:.2f}",
            f"{run['fake']:.2f}", f"{run['mib']:.0f}"]


FLOW_HEAD = ["", "events", "a POST", "connections", "events/s", "CPU-s/10,000", "fake's CPU-s",
             "peak MiB"]


def bench_posts(build):
    rows = [flow_row(build, "webhook to post", scaled(60000), False, 1, 64)]
    rig.table("1. Webhook, 50 rules, durable, chat post: to the last post", FLOW_HEAD, rows)


def bench_intake(build):
    rows = [flow_row(build, "no rule matches, one a POST", scaled(100000), True, 1, 128),
            flow_row(build, "no rule matches, batches", scaled(200000), True, 100, 16)]
    rig.table("2. The same without a post: to the last 202", FLOW_HEAD, rows)


def one_latency(build, rate, events):
    """Milliseconds from the POST leaving to the post at the fake, sorted."""
    reps = scaled(LATENCY_REPS)
    with rig.scratch() as folder, rig.running(build, folder, reps) as (fake, gritd):
        times = f"{folder}/times"
        rig.read_directory(fake, reps)
        rig.settle(gritd)
        rig.rest(folder)
        build.generate(gritd, "-n", events, "-u", reps, "-r", rate, "-c", 16, "-t", times)
        rig.wait_until("all posts", lambda: fake.posted() >= events, 60)
        check(fake, events)
        with open(times, encoding="ascii") as file:
            left = dict(map(int, line.split()) for line in file)
        took = []
        for message in fake.messages():
            number = re.search(r"no (\d+) of D", message)
            seconds, micros = re.search(r'"ts":\s*"(\d+)\.(\d{6})"', message).groups()
            took.append((int(seconds) * 1000000 + int(micros) - left[int(number.group(1))]) / 1000)
        return sorted(took)


def disk_latency(first, second):
    """Milliseconds that the disk alone takes: `first` bytes made durable every 10 ms, sorted. The `second` follow at
    once and are not measured; the file wraps around, as the store's log does."""
    took, at, wrap = [], 0, 32 << 20
    with rig.scratch() as folder:
        file = os.open(f"{folder}/disk", os.O_RDWR | os.O_CREAT, 0o600)
        os.pwrite(file, b"x" * wrap, 0)
        os.fsync(file)
        for _ in range(scaled(1000)):
            time.sleep(0.01)
            start = time.perf_counter()
            os.pwrite(file, b"x" * first, at)
            os.fdatasync(file)
            took.append((time.perf_counter() - start) * 1000)
            if second:
                os.pwrite(file, b"x" * second, at + first)
                os.fdatasync(file)
            at = (at + first + second) % (wrap - first - second)
        os.close(file)
    return sorted(took)


def latency_row(name, took):
    return [name, len(took), *(f"{took[int((len(took) - 1) * part)]:.2f}"
                               for part in (0.5, 0.99, 1))]


def bench_latency(build):
    # gritd's commit of an event and its message, then that of the platform's answer
    rows = [latency_row("the disk alone, 24 KiB", disk_latency(24 << 10, 0)),
            latency_row("the disk alone, 40 and 4 KiB", disk_latency(40 << 10, 4 << 10))]
    for rate in (100, 200):
        runs = [one_latency(build, rate, scaled(rate * 10)) for _ in range(RUNS)]
        run = middle(runs, lambda run: run[len(run) * 99 // 100])
        rows.append(latency_row(f"{rate} events/s", run))
    rig.table("3. POST leaves to post at the fake, ms", ["", "events", "p50", "p99", "max"], rows)


def one_start(build, fake, reps):
    """Seconds from exec to the log's ready, to the socket, and the memory then."""
    with rig.scratch() as folder:
        config = rig.write_config(folder, reps, f"{fake.url}/api/")
        fresh = []
        for _ in range(20 if reps <= 1000 else 3):
            for name in ("gritd.db", "gritd.db-wal", "gritd.db-shm"):
                if len(fresh) == 0 and os.path.exists(f"{folder}/{name}"):
                    os.remove(f"{folder}/{name}")
            gritd = rig.Gritd(build, config, ready=False)
            gritd.find(r" ready: ", pause_s=0.0005)
            ready = time.monotonic() - gritd.started
            gritd.wait_ready()
            connected = time.monotonic() - gritd.started
            if len(fresh) == 0:
                rig.settle(gritd)
            memory = gritd.memory_kib() / 1024
            gritd.stop()
            fresh.append((ready * 1000, connected * 1000, memory))
        ready, connected, memory = zip(*fresh)
        return statistics.median(ready), statistics.median(connected), memory[0], max(memory)


def bench_start(build):
    rows = []
    for reps in (1000, scaled(100000)):
        with rig.scratch() as folder:
            fake = rig.Fake(build, folder, reps)
            ready, connected, memory, most = one_start(build, fake, reps)
            fake.stop()
        rows.append([f"{reps:,} reps", f"{ready:.0f}", f"{connected:.0f}", f"{memory:.1f}",
                     f"{most:.1f}"])
    rig.table("4. Start and memory, 50 rules",
              ["", "ready, ms", "connected, ms", "resident, MiB", "at a restart"], rows)


def one_monday(build, reps):
    """A schedule that is due for everybody at the next full minute."""
    if time.time() % 60 > 40:
        time.sleep(61 - time.time() % 60)
    minute = int(time.time() // 60 + 1)
    cron = f"{minute % 60} * * * *"
    with rig.scratch() as folder, rig.running(build, folder, reps, cron=cron) as (fake, gritd):
        if time.time() >= minute * 60:
            raise RuntimeError("gritd took too long to start")
        time.sleep(max(0, minute * 60 - time.time() - 0.2))
        cpu = gritd.cpu_s()
        rig.wait_until("all posts", lambda: fake.posted() >= reps, 120)
        took, cpu = time.time() - minute * 60, gritd.cpu_s() - cpu
        check(fake, reps)
        return took, cpu, gritd.memory_kib("VmHWM") / 1024


def bench_monday(build):
    reps = scaled(10000)
    took, cpu, memory = middle([one_monday(build, reps) for _ in range(RUNS)], None)
    rig.table("5. A question for everybody at one moment: to the last post",
              ["", "seconds", "posts/s", "CPU-s", "peak MiB"],
              [[f"{reps:,} reps", f"{took:.2f}", f"{reps / took:,.0f}", f"{cpu:.2f}",
                f"{memory:.0f}"]])


def bench_refresh(build):
    """Slack warns, then closes; meanwhile a person writes every 10 ms."""
    said, rows = scaled(3000), []
    with rig.scratch() as folder, rig.running(build, folder, 100) as (fake, gritd):
        before = fake.stats()
        events = gritd.metric("gritd_events_total")
        fake.set(ack_deadline_ms=3000, disconnect_close_ms=5000)
        for n in range(said):
            if n in (said // 6, said // 2, said * 5 // 6):
                fake.push({"type": "disconnect", "reason": "refresh_requested",
                           "debug_info": {"host": "bench"}})
            fake.act(type="say", user=f"U{n % 100 + 1}", text=f"word {n}")
            time.sleep(0.01)
        rig.wait_until("all acks", lambda: fake.stats()["envelopes_waiting"] == 0, 30)
        time.sleep(0.5)
        after = fake.stats()
        new = gritd.metric("gritd_events_total") - events
        twice = gritd.metric("gritd_events_repeated_total")
        rows.append(["3 refreshes", said, said - new, twice, after["max_deaf_ms"],
                     after["max_no_socket_ms"],
                     after["envelopes_acked"] - before["envelopes_acked"]])
        if said != new or after["duplicates"]:
            raise RuntimeError(f"{said} said, {new} taken, twice: {after['duplicates'][:3]}")
    rig.table("6. A planned refresh with an event every 10 ms",
              ["", "events", "lost", "twice", "deaf, ms", "no socket, ms", "acks"], rows)


def bench_step(build):
    rows = []
    for rules, miss in ((50, False), (50, True), (1000, False), (1000, True)):
        with rig.scratch() as folder:
            config = rig.write_config(folder, REPS, rules=rules)
            options = [build.step, "-n", str(scaled(50000)), "-u", str(REPS)] + ["-m"] * miss
            runs = [json.loads(subprocess.run([*options, config], check=True,
                                              stdout=subprocess.PIPE).stdout) for _ in range(RUNS)]
        best = min(runs, key=lambda run: run["ns_per_step"])
        rows.append([f"{rules:,} rules, {50 if rules == 50 else 20} of this event",
                     "none" if miss else "one", f"{best['ns_per_step']:,}"])
    rig.table("7. One step of the core", ["", "matches", "ns"], rows)


def bench_store(build):
    print("\n8. The store alone (see the head of bench_store.c)", flush=True)
    with rig.scratch() as folder:
        subprocess.run([build.store, "-d", "-n", str(scaled(60000)), folder], check=True)


def run_signal(build, reps, rules, *options):
    with rig.scratch() as folder:
        config = rig.write_config(folder, reps, rules=rules, signals=True)
        return json.loads(subprocess.run([build.signal, *map(str, options), config], check=True,
                                         stdout=subprocess.PIPE).stdout)


def bench_signal(build):
    reps, steps, rows = scaled(100000), scaled(20000), []
    for facts in (10, 20): # from 17 on what the signals have found is remembered
        filled = run_signal(build, reps, 20, "-u", reps, "-f", facts)
        rows.append(["memory", f"{reps:,} reps, 20 signals and {facts} facts each",
                     "200 MiB" if facts == 10 else "", f"{filled['kib'] / 1024:.0f} MiB"])
    rows.append(["", "of it people and rules", "", f"{filled['kib_before'] / 1024:.0f} MiB"])
    rows.append(["", "a rep's 20 signals", "", f"{filled['words'] * 4} bytes"])
    for history in (16, 100, 5000):
        runs = [run_signal(build, 10, 1000, "-f", history, "-n", steps) for _ in range(RUNS)]
        run = middle(runs, lambda run: run["ns_per_step"])
        rows.append(["one step", f"1,000 rules, 20 with a signal; a rep with {history:,} facts",
                     "20 us", f"{run['ns_per_step'] / 1000:.1f} us"])
    rig.table("9. Signals", ["", "", "goal", "measured"], rows)


def run_measured(command):
    """Seconds, CPU-seconds and peak MiB of a program. Forked from a small process: the peak of a
    child begins with that of its parent."""
    code = ("import resource, subprocess, sys, time\nstart = time.monotonic()\n"
            "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)\n"
            "u = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
            "print(time.monotonic() - start, u.ru_utime + u.ru_stime, u.ru_maxrss / 1024)")
    done = subprocess.run([sys.executable, "-c", code, *command], check=True,
                          stdout=subprocess.PIPE, text=True)
    return tuple(map(float, done.stdout.split()))


def bench_year(build):
    """A year of 500 reps through the shipped plugins, and five of them, and one that does nothing."""
    reps, events = scaled(500), scaled(2000000)
    source = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    rows = []
    with rig.scratch() as folder:
        year.write_year(folder, reps, events)
        with open(f"{folder}/nothing.yaml", "w", encoding="ascii") as file:
            file.write("plugin: nothing\nabout: Never speaks.\narea: skill\nrules:\n"
                       "  - {rule: never, about: x, when: rep.left, tell: \"Bye {{rep.name}}.\"}\n")
        for name, plugins in (("read and folded", [f"{folder}/nothing.yaml"]),
                              ("five practices", [f"{source}/plugins/{one}.yaml" for one in FIVE]),
                              ("all shipped plugins", [f"{source}/plugins"])):
            runs = [run_measured([build.gritctl, "simulate", "--events", f"{folder}/events.ndjson",
                                  "--people", f"{folder}/people.yaml", "--pipeline",
                                  f"{source}/config/pipeline.yaml",
                                  *(word for one in plugins for word in ("--plugins", one))])
                    for _ in range(RUNS)]
            wall, cpu, memory = middle(runs, lambda run: run[1])
            rows.append([f"{reps} reps, {name}", f"{events:,}", f"{wall:.1f}", f"{cpu:.1f}",
                         f"{memory:.0f}"])
    rig.table("10. A year of a team, simulated",
              ["", "events", "seconds", "CPU-s", "peak MiB"], rows)


def bench_check(build):
    count = scaled(1000)
    with rig.scratch() as folder:
        many.write_plugins(folder, count)
        runs = [run_measured([build.gritctl, "check", folder]) for _ in range(RUNS)]
        wall, cpu, memory = middle(runs, lambda run: run[0])
    rig.table("11. gritctl check", ["", "seconds", "CPU-s", "peak MiB"],
              [[f"{count:,} plugins of 2 KB", f"{wall:.2f}", f"{cpu:.2f}", f"{memory:.0f}"]])


def one_reload(gritd, path, text, rules):
    """Milliseconds from the signal until the edited file is in force."""
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    start = time.monotonic()
    os.kill(gritd.child.pid, signal.SIGHUP)
    rig.wait_until("the edit", lambda: gritd.metric("gritd_rules") == rules, 30, pause_s=0.002)
    return (time.monotonic() - start) * 1000


def bench_reload(build):
    """One of many plugins gains a rule and loses it again, by SIGHUP."""
    rows = []
    for count in (10, scaled(1000)):
        with rig.scratch() as folder, rig.running(build, folder, REPS, rules=1) as (_, gritd):
            more = f"{folder}/plugins"
            many.write_plugins(more, count)
            before = gritd.metric("gritd_rules") + 3 * count
            os.kill(gritd.child.pid, signal.SIGHUP)
            rig.wait_until("the plugins", lambda: gritd.metric("gritd_rules") == before, 30)
            good = many.PLUGIN.format(n=0)
            rule = ("  - {rule: one-more, about: x, when: deal.won, ask: step-0}\n")
            edited = good.replace("rules:\n", "rules:\n" + rule)
            path = f"{more}/practice-0000.yaml"
            took = []
            for _ in range(5 * RUNS):
                took.append(one_reload(gritd, path, edited, before + 1))
                took.append(one_reload(gritd, path, good, before))
            took.sort()
            rows.append([f"{REPS:,} reps, {count:,} plugins", f"{took[len(took) // 2]:.0f}",
                         f"{took[-1]:.0f}"])
    rig.table("12. An edited file in force, ms after SIGHUP", ["", "median", "max"], rows)


BENCHES = {"posts": bench_posts, "intake": bench_intake, "latency": bench_latency,
           "start": bench_start, "monday": bench_monday, "refresh": bench_refresh,
           "step": bench_step, "store": bench_store, "signal": bench_signal,
           "year": bench_year, "check": bench_check, "reload": bench_reload}


def main():
    if len(sys.argv) < 2 or set(sys.argv[2:]) - set(BENCHES):
        raise SystemExit(f"usage: run.sh BUILD_FOLDER [{' | '.join(BENCHES)}]...")
    build = rig.Build(os.path.abspath(sys.argv[1]))
    failed = []
    for name in sys.argv[2:] or BENCHES:
        try:
            BENCHES[name](build)
        except RuntimeError as error:
            failed.append(name)
            print(f"\n{name} failed: {error}")
        sys.stdout.flush()
    if failed:
        raise SystemExit(f"failed: {' '.join(failed)}")


if __name__ == "__main__":
    main()
