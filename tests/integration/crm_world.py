"""crm_world.py: a daemon with a fake CRM and a fake Slack, for the suites of what is asked of CRMs."""

import contextlib
import sys
import threading

sys.dont_write_bytecode = True
from fake_crm import FakeCrm  # noqa: E402
from lib import *  # noqa: E402,F403 - the test library is made for this


class Together(Suite):
    """Every case waits for the next round most of the time, so they run side by side."""

    def run(self):
        wanted = sys.argv[2:]
        threads = []
        for run in self.cases:
            name = run.__name__.replace("_", "-")
            if not wanted or any(name.startswith(one) for one in wanted):
                threads.append(threading.Thread(target=self.one, args=(name, run)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        sys.exit(self.close())


PEOPLE_CRM = """\
people:
  - {id: ana, name: Ana Ruiz, chat: U1, crm: ["005A00000000001", "61120443", "user_ana", "20113"]}
  - {id: ben, name: Ben Osei, chat: U2, crm: ["005A00000000002"]}
"""
STAGES_CRM = """\
stages:
  - {id: prospect, name: Prospect, crm: [Prospecting, "1"]}
  - {id: discover, name: Discover, crm: ["Needs Analysis", "3"]}
  - {id: propose, name: Propose, crm: ["Proposal/Price Quote", "4"]}
"""


class World:
    def __init__(self, folder):
        self.folder = folder
        self.crm = FakeCrm(folder)
        self.slack = Fake(folder)
        self.gritd = None

    def start(self, intake, chat=None):
        if isinstance(intake, str):
            configure(self.folder, chat or slack_chat(self.slack.api), people=PEOPLE_CRM, pipeline=STAGES_CRM,
                      more=f"intake:\n  - {intake}\n")
        self.gritd = Gritd(self.folder, env={"CRM_SECRET": self.crm.secret, "CRM_TOKEN": "api-token",
                                             "CRM_KEY": "api_key", "CRM_READ": "pat-token"})
        self.gritd.wait_ready()
        return self.gritd

    def events(self):
        return [one for one in self.gritd.store().journal()
                if one["type"].startswith(("deal.", "activity."))]

    def told(self):
        """(type, what of it) in the order of time."""
        return [(one["type"], one) for one in
                sorted(self.events(), key=lambda one: one["time"])]

    def types(self):
        return [kind for kind, one in self.told()]

    def poll(self):
        return self.gritd.control("status")["polls"]["crm"]

    def rounds(self):
        return self.gritd.metrics()['gritd_poll_rounds_total{intake="crm"}']

    def long(self, what, probe):
        """Waits as until(), and longer while the CRM is being asked."""
        asked, end = -1, 0
        while not probe():
            if len(self.crm.requests) > asked:
                asked, end = len(self.crm.requests), time.monotonic() + 2 * WAIT_S
            check(time.monotonic() < end, lambda: f"waited for {what}: {self.gritd.log()[-400:]}")
            time.sleep(0.02)

    def another(self, count=1):
        """Waits for a round that begins after now."""
        before = self.rounds()
        until("another round", lambda: self.rounds() > before + count)


@contextlib.contextmanager
def world():
    with scratch() as folder:
        one = World(folder)
        try:
            yield one
            if one.gritd and one.gritd.running():
                equal(one.gritd.stop(), 0, "exit code")
        finally:
            if one.gritd:
                one.gritd.kill()
            one.slack.kill()
            one.crm.close()


def ids_are_unique(w):
    ids = [(one["source"], one["id"]) for one in w.events()]
    equal(len(ids), len(set(ids)), "events that are there twice")
