#!/usr/bin/env python3
"""Checks the schemas and the shipped files with python3-jsonschema and PyYAML; 77 where they are absent.

Usage: schema_python.py SOURCE
"""
import glob
import json
import re
import sys

try:
    import jsonschema
    import yaml
    validator = jsonschema.Draft202012Validator
except (ImportError, AttributeError):
    print("skipped: no python3-jsonschema with draft 2020-12, or no python3-yaml")
    sys.exit(77)


class Core(yaml.SafeLoader):
    """YAML 1.2 core schema, as editors read it: dates and 08:30 are texts, no is a word."""


Core.yaml_implicit_resolvers = {}
for kind, pattern, first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?[0-9]+\.[0-9]*$", "-+0123456789"),
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
):
    Core.add_implicit_resolver("tag:yaml.org,2002:" + kind, re.compile(pattern), list(first))

source = sys.argv[1]
files = {
    "plugin": glob.glob(source + "/plugins/*.yaml"),
    "gritd": [source + "/config/gritd.yaml", source + "/config/try/gritd.yaml"],
    "people": [source + "/config/people.yaml", source + "/config/try/people.yaml"],
    "pipeline": [source + "/config/pipeline.yaml", source + "/config/try/pipeline.yaml"],
}
wrong = 0
for kind, paths in files.items():
    with open(f"{source}/config/{kind}.schema.json", encoding="utf-8") as file:
        schema = json.load(file)
    validator.check_schema(schema)
    check = validator(schema)
    for path in paths:
        if path.endswith(".test.yaml"):
            continue
        with open(path, encoding="utf-8") as file:
            document = yaml.load(file, Core)
        for error in check.iter_errors(document):
            wrong += 1
            print(f"{path}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
sys.exit(1 if wrong else 0)
