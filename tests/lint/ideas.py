"""A13: the shipped plugins are a pack with one version, and each of the ideas B1 to B88 is named by a rule of theirs.

The ids of gritctl, of docs/coaching.md and, where it lies beside the repository, of the collection itself are the same.
Usage: ideas.py BUILD
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parents[2]
gritctl = (root / sys.argv[1] / "gritctl").resolve()


def ids_of(text):
    return re.findall(r"^\| ([AB]\d+) \|", text, re.M)


def shared_list():
    """The collection, if it lies in a folder `shared` beside this one or above it."""
    for folder in root.parents:
        path = folder / "shared/design/coaching-concepts.md"
        if path.is_file():
            return path.read_text(encoding="utf-8")
    return None


def lines_of(config, *args):
    made = subprocess.run([gritctl, "--config", config, "catalogue", "--json", *args], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in made.stdout.splitlines()]


def check(config):
    docs = (root / "docs/coaching.md").read_text(encoding="utf-8")
    rules = {line["idea"]: line["rules"] for line in lines_of(config, "--ideas")}
    plugins = lines_of(config)
    problems = [f"{idea} is named by no rule of plugins/"
                for idea, named in rules.items() if idea[0] == "B" and not named]
    if sorted(ids_of(docs)) != sorted(rules):
        problems.append(f"docs/coaching.md and gritctl differ: {sorted(set(ids_of(docs)) ^ set(rules))}")
    shared = shared_list()
    if shared and sorted(ids_of(shared)) != sorted(rules):
        problems.append(f"the collection and gritctl differ: {sorted(set(ids_of(shared)) ^ set(rules))}")
    packs = {line.get("pack") for line in plugins}
    if len(packs) != 1 or not re.fullmatch(r"gritd \d+", str(*packs)):
        problems.append(f"the plugins are of different packs: {packs}")
    if len(plugins) != len(list((root / "plugins").glob("*.yaml"))):
        problems.append(f"{len(plugins)} plugins in the catalogue")
    print("\n".join(problems) or f"{len(plugins)} plugins; {len(rules)} ideas")
    return bool(problems)


with tempfile.NamedTemporaryFile("w", suffix=".yaml", prefix="ideas-") as file:
    file.write(f"plugins: [{root}/plugins]\npipeline: {root}/config/pipeline.yaml\n")
    file.flush()
    sys.exit(check(file.name))
