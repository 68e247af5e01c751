"""sbom.py BUILD: the bill of materials is whole: each library of each binary, with the version that is installed
and a licence, in the form that SPDX 2.3 wants. Source: the SPDX specification 2.3, chapters 6 to 11."""

import json
import os
import re
import shutil
import subprocess
import sys

build = sys.argv[1]
top = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
if not shutil.which("dpkg-query"):
    print("skipped: no dpkg-query")
    sys.exit(77)
binaries = [os.path.join(build, name) for name in ("gritd", "gritctl")]
environment = {**os.environ, "SOURCE_DATE_EPOCH": "1793505600", "LC_ALL": "C"}


def made():
    return subprocess.run([sys.executable, os.path.join(top, "cmake", "sbom.py"), *binaries], capture_output=True,
                          text=True, check=True, env=environment).stdout


first = made()
document = json.loads(first)
wrong = []


def want(good, what):
    if not good:
        wrong.append(what)


want(first == made(), "two runs differ")
want(document["spdxVersion"] == "SPDX-2.3" and document["dataLicense"] == "CC0-1.0", "version or data licence")
want(document["SPDXID"] == "SPDXRef-DOCUMENT" and document["documentNamespace"].startswith("https://"), "identity")
want(document["creationInfo"]["created"] == "2026-11-01T04:00:00Z" and document["creationInfo"]["creators"], "creation")
ids = [one["SPDXID"] for one in document["packages"] + document["files"]] + ["SPDXRef-DOCUMENT"]
want(len(ids) == len(set(ids)), "an id stands there twice")
for one in ids:
    want(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", one), f"no SPDX id: {one}")
known = {one["licenseId"] for one in document.get("hasExtractedLicensingInfos", [])}
NAMED = re.compile(r"[A-Za-z0-9.+-]+")
names = [one["name"] for one in document["packages"] if one["name"] != "gritd"]
lines = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}\\n", *names], capture_output=True, text=True,
                       check=True).stdout.splitlines()
for one in document["packages"]:
    for field in ("name", "versionInfo", "downloadLocation", "licenseDeclared", "licenseConcluded", "copyrightText"):
        want(one.get(field), f"{one['name']}: no {field}")
    want(one["filesAnalyzed"] is False, f"{one['name']}: filesAnalyzed")
    for word in NAMED.findall(one["licenseDeclared"]):
        if word.startswith("LicenseRef-"):
            want(word in known, f"{one['name']}: {word} is explained nowhere")
    if one["name"] != "gritd":
        want(f"{one['name']} {one['versionInfo']}" in lines, f"{one['name']} {one['versionInfo']} is not what is installed")
        purl = one["externalRefs"][0]["referenceLocator"]
        want(purl.startswith(f"pkg:deb/debian/{one['name']}@"), f"{one['name']}: {purl}")
for one in document["files"]:
    path = os.path.join(build, one["fileName"].rsplit("/", 1)[1])
    digest = subprocess.run(["sha256sum", path], capture_output=True, text=True, check=True).stdout.split()[0]
    want({"algorithm": "SHA256", "checksumValue": digest} in one["checksums"], f"{path}: another checksum")
for link in document["relationships"]:
    want(link["spdxElementId"] in ids and link["relatedSpdxElement"] in ids, f"a relationship to nothing: {link}")
linked = {link["relatedSpdxElement"] for link in document["relationships"] if link["relationshipType"] == "DYNAMIC_LINK"}
for path in binaries:
    for library in re.findall(r"NEEDED.*\[(.*)\]",
                              subprocess.run(["readelf", "-d", path], capture_output=True, text=True, check=True).stdout):
        stem = re.sub(r"[.-]so.*|-\d.*", "", library)  # libpcre2-8.so.0 is of libpcre2-8-0
        want(any(stem.rstrip("0123456789") in one.removeprefix("SPDXRef-Package-") for one in linked)
             or library == "libcrypto.so.3" and "SPDXRef-Package-libssl3" in linked
             or library == "libc.so.6" and "SPDXRef-Package-libc6" in linked, f"{library} is missing")
for name in ("libuv1", "libcurl4", "libssl3", "libsqlite3-0", "libc6"):  # what we link to has been read by a person
    for one in document["packages"]:
        if one["name"].removesuffix("t64") == name:
            want(one["licenseConcluded"] not in ("", "NOASSERTION"), f"{name}: licence {one['licenseConcluded']}")
undeclared = [one["name"] for one in document["packages"] if one["licenseDeclared"] == "NOASSERTION"]
want(not undeclared, f"no licence, so cmake/sbom.py wants a row: {undeclared}")
for line in wrong:
    print(line)
print(f"{len(document['packages'])} packages, each with its version and its licence" if not wrong else
      f"{len(wrong)} mistakes")
sys.exit(1 if wrong else 0)
