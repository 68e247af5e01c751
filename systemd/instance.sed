# Makes gritd@.service of gritd.service: the same lines, with folders of each instance's own.
s,/\(etc\|var/lib\|run\)/gritd\b,&-%i,g
s,^\(State\|Runtime\)Directory=gritd$,&-%i,
s,^Description=.*,& (%i),
