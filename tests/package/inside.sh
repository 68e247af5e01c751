#!/bin/bash
# inside.sh: what nspawn.py has done in the container, one line for each act in /results: NAME, tab, ok or what is wrong.
set -u
exec 2>&1
result() { printf '%s\t%s\n' "$1" "$(tr '\n\t' '  ' <<< "$2" | sed 's/ *$//')" >> /results; echo "$1: $2"; }
expect() { # name, got, wanted
    if [ "$2" = "$3" ]; then result "$1" ok; else result "$1" "'$2', not '$3'"; fi
}
pid() { systemctl show -p MainPID --value gritd; }
wait_for() { # seconds, command...
    local end=$((SECONDS + $1))
    shift
    until "$@" > /dev/null 2>&1; do
        [ $SECONDS -ge $end ] && return 1
        read -rt 0.05 <> <(:) || true
    done
}
answers() { curl -s -o /dev/null -m 20 http://127.0.0.1:8467/healthz; }
another_pid() { local now; now=$(pid); [ "$now" != 0 ] && [ "$now" != "$1" ] && systemctl is-active -q gritd; }

EVENT='{"specversion":"1.0","id":"ID","source":"/crm/generic/x","type":"gritd.deal.created","time":"TIME","subject":"deal/ID",
"datacontenttype":"application/json","repid":"ana","data":{"deal":{"id":"ID","name":"Deal","owner":"ana","stage":{"canonical":"discover"}}}}'
# Posts over connections of their own, one after the other, until the file is gone; a line for each that is not a 202.
posts() {
    local n=0 code event
    : > /wrong
    while [ -e /posting ]; do
        n=$((n + 1))
        event=${EVENT//ID/$1-$n}
        code=$(curl -s -o /answer -m 30 -w '%{http_code}:%{errormsg}' http://127.0.0.1:8467/v1/events \
            -H 'Content-Type: application/cloudevents+json' -d "${event/TIME/$(date -u +%Y-%m-%dT%H:%M:%SZ)}")
        [ "${code%%:*}" = 202 ] || echo "$n $code $(cat /answer)" >> /wrong
        echo $n > /posted
    done
}
while_posting() { # name, command...
    local name=$1 before
    shift
    touch /posting
    rm -f /posted
    posts "$name" &
    wait_for 20 test -s /posted
    "$@" || echo "$* failed: $?" >> /wrong
    before=$(cat /posted)
    wait_for 20 sh -c "[ \$(cat /posted) -gt $((before + 3)) ]"
    rm -f /posting
    wait
    if [ -s /wrong ]; then result "$name" "$(head -3 /wrong | tr '\n' ' ')"; else result "$name" "ok: $(cat /posted) events, none refused"; fi
}

systemctl is-active -q gritd && result a-first-install-starts-nothing "it runs" || result a-first-install-starts-nothing ok

systemctl enable --now gritd && answers && result started ok || result started "$(systemctl status --no-pager gritd)"
expect its-user "$(ps -o user= -p "$(pid)" 2> /dev/null || stat -c %U "/proc/$(pid)")" gritd
code=$(curl -s -o /dev/null -w '%{http_code}' -H 'Authorization: Bearer from-the-folder' -H 'Content-Type: application/json' \
    -d '{"type":"deal.created","deal":{"id":"G1","name":"x"},"rep":"ana"}' http://127.0.0.1:8467/v1/intake/crm)
wrong=$(curl -s -o /dev/null -w '%{http_code}' -H 'Authorization: Bearer wrong' -H 'Content-Type: application/json' \
    -d '{}' http://127.0.0.1:8467/v1/intake/crm)
[ "$code" != 401 ] && [ "$wrong" = 401 ] && result secrets-by-the-folder ok || result secrets-by-the-folder "$code $wrong"
# what can be written in the daemon's own view of the files
writable=$(nsenter -t "$(pid)" -m -- setpriv --reuid gritd --regid gritd --clear-groups \
    find / -xdev -type d -writable -not -path '/proc/*' 2> /dev/null | sort | tr '\n' ' ')
elsewhere=$(for one in /etc /usr /var/log /root /home /srv /opt /boot; do
    nsenter -t "$(pid)" -m -- sh -c "touch $one/x 2> /dev/null && echo $one"; done)
[ -z "$elsewhere" ] && result nothing-to-write-elsewhere ok || result nothing-to-write-elsewhere "$elsewhere ($writable)"
expect no-core "$(awk '/Max core file size/{print $5, $6}' "/proc/$(pid)/limits")" "0 0"
expect files-are-closed "$(stat -c '%U %a' /var/lib/gritd /var/lib/gritd/gritd.db /run/gritd /run/gritd/control.sock | tr '\n' ' ')" \
    "gritd 700 gritd 600 gritd 750 gritd 660 "

systemctl reload gritd && result reloaded ok || result reloaded "$(systemctl status --no-pager gritd)"
before=$(pid)
cp /etc/gritd/people.yaml /people.good
echo "people: 7" > /etc/gritd/people.yaml
if systemctl reload gritd 2> /dev/null; then
    result bad-reload-fails-and-changes-nothing "the reload succeeds"
else
    expect bad-reload-fails-and-changes-nothing "$(pid) $(systemctl is-active gritd)" "$before active"
fi
cp /people.good /etc/gritd/people.yaml
systemctl reload gritd

while_posting restart-refuses-nobody systemctl restart gritd
while_posting upgrade-refuses-nobody sh -c 'dpkg -i --force-confold /gritd.deb > /dev/null && systemctl is-active -q gritd'

before=$(pid)
kill -KILL "$before"
wait_for 30 another_pid "$before" && answers && result killed-comes-back ok || result killed-comes-back "$(systemctl status --no-pager gritd)"

mkdir -p /run/systemd/system/gritd.service.d
printf '[Service]\nWatchdogSec=2\n' > /run/systemd/system/gritd.service.d/quick.conf
systemctl daemon-reload
systemctl restart gritd
before=$(pid)
start=$SECONDS
kill -STOP "$before"
if wait_for 40 another_pid "$before" && answers && systemctl show -p NRestarts --value gritd | grep -qv '^0$'; then
    result stands-still-comes-back "ok: after $((SECONDS - start)) s, with WatchdogSec=2"
else
    result stands-still-comes-back "$(systemctl status --no-pager gritd)"
fi

echo "people: 7" > /etc/gritd/people.yaml
systemctl restart gritd 2> /dev/null
wait_for 10 systemctl is-failed -q gritd
read -rt 4 <> <(:) || true
expect bad-configuration-is-not-tried-again "$(systemctl is-failed gritd) $(systemctl show -p ExecMainStatus --value gritd) $(systemctl show -p NRestarts --value gritd)" "failed 78 0"
cp /people.good /etc/gritd/people.yaml
systemctl restart gritd

adduser --quiet --disabled-password --gecos '' olga 2> /dev/null || useradd olga
usermod -aG gritd olga
setpriv --reuid olga --regid olga --init-groups gritctl status > /status 2>&1 &&
    result gritctl-by-the-group ok || result gritctl-by-the-group "$(cat /status)"

systemd-analyze security --threshold=12 gritd.service > /security 2>&1 && result security "ok: $(tail -1 /security | tr -cd '[:print:]')" ||
    result security "$(tail -1 /security)"

start=$(date +%s%N)
systemctl stop gritd
took=$((($(date +%s%N) - start) / 1000000))
[ $took -lt 5000 ] && [ "$(systemctl show -p Result --value gritd)" = success ] && result stopped-in-five-seconds "ok: $took ms" ||
    result stopped-in-five-seconds "$took ms, $(systemctl show -p Result --value gritd)"
answers && result stop-lets-go-of-the-listener "somebody answers" || expect stop-lets-go-of-the-listener \
    "$(curl -s -o /dev/null -m 5 http://127.0.0.1:8467/healthz; echo $?)" 7
rm /etc/gritd/credentials/*
sed -i '/^intake:/,/kind: generic/d' /etc/gritd/gritd.yaml
systemctl start gritd && answers && result starts-without-a-secret ok || result starts-without-a-secret "$(systemctl status --no-pager gritd)"

# --- a second chat account, as docs/operating.md has it ---

install -d -g gritd -m 750 /etc/gritd-emea /etc/gritd-emea/plugins
install -d -m 700 /etc/gritd-emea/credentials
cp -p /etc/gritd/*.yaml /etc/gritd-emea/
cp -p /etc/gritd/plugins/*.yaml /etc/gritd-emea/plugins/
sed -i -e 's,/var/lib/gritd/,/var/lib/gritd-emea/,' -e 's,^listen:.*,listen: 127.0.0.1:8468,' /etc/gritd-emea/gritd.yaml
printf 'intake:\n  - {name: crm, kind: generic, secret: credential:crm-secret, verify: bearer}\n' >> /etc/gritd-emea/gritd.yaml
echo from-its-own-folder | install -m 600 /dev/stdin /etc/gritd-emea/credentials/crm-secret
emea() { setpriv --reuid olga --regid olga --init-groups gritctl --config /etc/gritd-emea/gritd.yaml "$@"; }
first() { setpriv --reuid olga --regid olga --init-groups gritctl "$@"; }
instance_answers() { curl -s -o /dev/null -m 20 http://127.0.0.1:8468/healthz; }
instance_pid() { systemctl show -p MainPID --value gritd@emea; }

systemctl enable --now gritd@emea && instance_answers && answers && result an-instance-beside-the-service ok ||
    result an-instance-beside-the-service "$(systemctl status --no-pager gritd@emea; journalctl --no-pager -u gritd@emea | tail -5)"
code=$(curl -s -o /dev/null -w '%{http_code}' -H 'Authorization: Bearer from-its-own-folder' -H 'Content-Type: application/json' \
    -d '{"type":"deal.created","deal":{"id":"E1","name":"x"},"rep":"ana"}' http://127.0.0.1:8468/v1/intake/crm)
expect instance-has-its-own-store-and-secrets "$([ "$code" = 401 ] || echo let in) $(stat -c '%U %a' /var/lib/gritd-emea \
    /var/lib/gritd-emea/gritd.db /run/gritd-emea /run/gritd-emea/control.sock | tr '\n' ' ')" "let in gritd 700 gritd 600 gritd 750 gritd 660 "
expect gritctl-asks-the-instance-it-is-told "$(emea status | grep -o '127.0.0.1:[0-9]*') $(first status | grep -o '127.0.0.1:[0-9]*')" \
    "127.0.0.1:8468 127.0.0.1:8467"
before=$(instance_pid)
systemctl reload gritd@emea
expect instance-reloads "$? $(instance_pid)" "0 $before"
systemctl stop gritd@emea
emea status > /status 2>&1
expect one-that-is-down-holds-up-no-other "$(answers && echo answers) $(emea status > /dev/null 2>&1; echo $?) $(grep -c /run/gritd-emea/control.sock /status)" \
    "answers 69 1"
systemctl start gritd@emea
before=$(instance_pid)
dpkg -i --force-confold /gritd.deb > /dev/null
another_instance() { [ "$(instance_pid)" != "$before" ] && instance_answers; }
wait_for 20 another_instance && result an-upgrade-restarts-instances ok || result an-upgrade-restarts-instances "it is $before still"
journalctl --no-pager -u gritd -u gritd@emea | tail -40
dpkg --remove gritd > /dev/null
expect a-removal-stops-them-all "$(cat /proc/[0-9]*/comm 2> /dev/null | grep -cx gritd) $(find /etc/systemd/system -name 'gritd*' | tr '\n' ' ')" "0 "
dpkg --purge gritd > /dev/null
expect a-purge-takes-their-stores-and-secrets "$(ls -d /var/lib/gritd* /etc/gritd*/credentials 2> /dev/null) $(ls /etc/gritd-emea/gritd.yaml)" \
    " /etc/gritd-emea/gritd.yaml"
