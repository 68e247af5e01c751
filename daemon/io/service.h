/* service.h: where the units gritd.service and gritd@NAME.service keep what belongs to a
 * configuration. /etc/gritd/gritd.yaml is the service's, /etc/gritd-NAME/gritd.yaml an instance's.
 * Layer: io. */
#pragma once

/* Each is NULL when the configuration is in neither folder. Owns: the caller frees it. */
char *service_socket(const char *config);      /* /run/gritd/control.sock, /run/gritd-NAME/... */
char *service_credentials(const char *config); /* what the service manager hands over */
