"""sbom.py BINARY...: what the binaries are made of, as an SPDX 2.3 document on stdout.

Every Debian package that the loader brings in, with its version and its licence: that of the library itself where the
table below has it (a copyright file is about the whole source package, tests and build files too, or is made for people
to read), else as Debian's copyright file names it."""

import datetime
import hashlib
import json
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# By Debian's source package: the licence of the library itself, not of its tests and build files.
READ = {"libuv1": "MIT", "libwebsockets": "MIT", "libmicrohttpd": "LGPL-2.1-or-later", "curl": "curl",
        "jansson": "MIT", "libyaml": "MIT", "sqlite3": "blessing", "pcre2": "BSD-3-Clause", "expat": "MIT",
        "openssl": "Apache-2.0", "systemd": "LGPL-2.1-or-later", "glibc": "LGPL-2.1-or-later",
        "gcc-12": "GPL-3.0-or-later WITH GCC-exception-3.1", "zlib": "Zlib", "gnutls28": "LGPL-2.1-or-later",
        "krb5": "MIT", "libgcrypt20": "LGPL-2.1-or-later", "libtasn1-6": "LGPL-2.1-or-later",
        "rtmpdump": "LGPL-2.1-or-later", "libidn2": "LGPL-3.0-or-later OR GPL-2.0-or-later", "e2fsprogs": "MIT",
        "keyutils": "LGPL-2.0-or-later", "libssh2": "BSD-3-Clause", "openldap": "OLDAP-2.8"}
# Debian's short names that SPDX writes differently. Source: DEP-5, "License specification".
SPDX = {"Expat": "MIT", "public-domain": None, "BSD-3-clause": "BSD-3-Clause", "BSD-2-clause": "BSD-2-Clause",
        "ISC": "ISC", "Apache-2.0": "Apache-2.0", "Zlib": "Zlib", "zlib": "Zlib", "BSD-3-Clause": "BSD-3-Clause",
        "BSD-2-Clause": "BSD-2-Clause", "MIT": "MIT", "Artistic": "Artistic-1.0-Perl"}


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True,
                          env={**os.environ, "LC_ALL": "C"}).stdout


def needed(path):
    return set(re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-d", path)))


def libraries(path):
    """All that the loader brings in: name to file."""
    return {os.path.basename(name): os.path.realpath(file or name)
            for name, file in re.findall(r"^\s+(\S+) (?:=> (\S+) )?\(0x", run("ldd", path), re.M)
            if "linux-vdso" not in name}


def packages_of(files):
    """File to package; a file may be known with and without /usr in front."""
    names = {file: {file, file.removeprefix("/usr"), "/usr" + file} for file in files}
    done = subprocess.run(["dpkg-query", "-S", *sorted(set().union(*names.values()))], capture_output=True, text=True,
                          check=False)  # it says 1 for the spellings that it does not know
    owners = {path: package.split(",")[0].strip()
              for package, path in re.findall(r"^(.*?): (/.*)$", done.stdout, re.M)}
    found = {file: next((owners[name] for name in names[file] if name in owners), None) for file in files}
    for file, package in found.items():
        if not package:
            raise SystemExit(f"sbom: {file} is of no Debian package")
    return found


def licence_name(word, refs):
    """A short name of Debian's as SPDX writes it."""
    match = re.fullmatch(r"(L?GPL|AGPL|GFDL)-(\d)(?:\.(\d))?(\+?)", word)
    if match:
        return f"{match[1]}-{match[2]}.{match[3] or 0}-{'or-later' if match[4] else 'only'}"
    if SPDX.get(word):
        return SPDX[word]
    ref = "LicenseRef-debian-" + re.sub(r"[^A-Za-z0-9.-]+", "-", word).strip("-")
    refs[ref] = word
    return ref


def licence_of(package, source, refs):
    """SPDX expression of what was declared."""
    if source in READ:
        return READ[source]
    try:
        with open(f"/usr/share/doc/{package}/copyright", encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return "NOASSERTION"
    main = re.search(r"^Files:\s*\*\s*\n(?:.+\n)*?Licen[sc]e:[ \t]*(\S.*)", text, re.M)
    if not main:
        return "NOASSERTION"
    words = re.split(r"\s*(?:,\s*and/or|,|\band/or\b|\band\b|\bor\b)\s*", main[1].strip())
    joint = " OR " if re.search(r"\bor\b", main[1]) else " AND "
    names = [licence_name(word, refs) for word in words if word]
    return joint.join(dict.fromkeys(names)) or "NOASSERTION"


def describe(line, refs):
    name, version, arch, source, home = line.split("\t")
    declared = licence_of(name, source, refs)
    purl = f"pkg:deb/debian/{name}@{version.replace('+', '%2B').replace(':', '%3A')}?arch={arch}"
    one = {"SPDXID": f"SPDXRef-Package-{re.sub('[^A-Za-z0-9.-]', '-', name)}", "name": name, "versionInfo": version,
           "supplier": "Organization: Debian", "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
           "sourceInfo": f"built from the Debian source package {source}",
           "licenseConcluded": declared if source in READ else "NOASSERTION", "licenseDeclared": declared,
           "copyrightText": "NOASSERTION",
           "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                             "referenceLocator": purl}]}
    if home:
        one["homepage"] = home
    return one


def file_entry(path):
    with open(path, "rb") as file:
        data = file.read()
    return {"SPDXID": f"SPDXRef-File-{os.path.basename(path)}", "fileName": f"./usr/bin/{os.path.basename(path)}",
            "fileTypes": ["BINARY"], "licenseConcluded": "MIT", "copyrightText": "NOASSERTION",
            "checksums": [{"algorithm": "SHA1", "checksumValue": hashlib.sha1(data).hexdigest()},
                          {"algorithm": "SHA256", "checksumValue": hashlib.sha256(data).hexdigest()}]}


def document(binaries):
    with open(os.path.join(TOP, "CMakeLists.txt"), encoding="utf-8") as file:
        version = re.search(r"project\(gritd VERSION (\S+)", file.read())[1]
    loaded, wanted, refs = {}, set(), {}
    for path in binaries:
        loaded |= libraries(path)
        wanted |= needed(path)
    owners = packages_of(set(loaded.values()))
    direct = {owners[file] for name, file in loaded.items() if name in wanted}
    fields = "${Package}\t${Version}\t${Architecture}\t${source:Package}\t${Homepage}\n"
    lines = run("dpkg-query", "-W", "-f", fields, *sorted(set(owners.values()))).splitlines()
    packages = [describe(line, refs) for line in sorted(lines)]
    by_name = {one["name"]: one["SPDXID"] for one in packages}
    files = [file_entry(path) for path in binaries]
    own = {"SPDXID": "SPDXRef-Package-gritd", "name": "gritd", "versionInfo": version, "supplier": "NOASSERTION",
           "downloadLocation": "NOASSERTION", "filesAnalyzed": False, "licenseConcluded": "MIT",
           "licenseDeclared": "MIT", "copyrightText": "NOASSERTION", "primaryPackagePurpose": "APPLICATION"}
    links = [("SPDXRef-DOCUMENT", "DESCRIBES", own["SPDXID"])]
    links += [(own["SPDXID"], "CONTAINS", one["SPDXID"]) for one in files]
    plain = {package.split(":")[0] for package in direct}
    links += [(own["SPDXID"], "DYNAMIC_LINK" if name in plain else "DEPENDS_ON", ref)
              for name, ref in sorted(by_name.items())]
    sums = "".join(one["checksums"][1]["checksumValue"] for one in files)
    sums += "".join(one["name"] + one["versionInfo"] for one in packages)
    when = int(os.environ.get("SOURCE_DATE_EPOCH", datetime.datetime.now().timestamp()))
    made = {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
            "name": f"gritd-{version}",
            "documentNamespace": f"https://spdx.org/spdxdocs/gritd-{version}-{hashlib.sha256(sums.encode()).hexdigest()}",
            "creationInfo": {"creators": ["Tool: gritd-sbom"],
                             "created": datetime.datetime.fromtimestamp(when, datetime.timezone.utc)
                             .strftime("%Y-%m-%dT%H:%M:%SZ")},
            "packages": [own, *packages], "files": files,
            "relationships": [{"spdxElementId": a, "relationshipType": how, "relatedSpdxElement": b}
                              for a, how, b in links]}
    if refs:
        made["hasExtractedLicensingInfos"] = [
            {"licenseId": ref, "name": word, "extractedText": f"'{word}' in /usr/share/doc/PACKAGE/copyright of the "
             "packages that declare it"} for ref, word in sorted(refs.items())]
    return made


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    json.dump(document(sys.argv[1:]), sys.stdout, indent=1)
    print()
