#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "wire/chat_slack.h"

struct row {
    const char *error;
    enum slack_class class;
};

/* Sorted; the test of this file checks that. duplicate_* and restricted_action* are below. */
static const struct row rows[] = {
    {"access_denied", SLACK_STOP},
    {"account_inactive", SLACK_STOP},
    {"bad_timestamp", SLACK_REFUSED},
    {"block_mismatch", SLACK_REFUSED},
    {"cannot_reply_to_message", SLACK_REFUSED},
    {"cant_update_message", SLACK_REFUSED},
    {"channel_not_found", SLACK_REFUSED},
    {"deprecated_endpoint", SLACK_REFUSED},
    {"edit_window_closed", SLACK_REFUSED},
    {"ekm_access_denied", SLACK_STOP},
    {"enterprise_is_restricted", SLACK_STOP},
    {"exchanged_trigger_id", SLACK_REFUSED},
    {"expired_trigger_id", SLACK_REFUSED},
    {"external_channel_migrating", SLACK_LATER},
    {"fatal_error", SLACK_UNSURE},
    {"forbidden_team", SLACK_STOP},
    {"internal_error", SLACK_UNSURE},
    {"invalid_arg_name", SLACK_REFUSED},
    {"invalid_arguments", SLACK_REFUSED},
    {"invalid_array_arg", SLACK_REFUSED},
    {"invalid_auth", SLACK_STOP},
    {"invalid_blocks", SLACK_REFUSED},
    {"invalid_blocks_format", SLACK_REFUSED},
    {"invalid_charset", SLACK_REFUSED},
    {"invalid_cursor", SLACK_REFUSED},
    {"invalid_form_data", SLACK_REFUSED},
    {"invalid_metadata_format", SLACK_REFUSED},
    {"invalid_metadata_schema", SLACK_REFUSED},
    {"invalid_name", SLACK_REFUSED},
    {"invalid_post_type", SLACK_REFUSED},
    {"invalid_trigger_id", SLACK_REFUSED},
    {"is_archived", SLACK_REFUSED},
    {"limit_required", SLACK_REFUSED},
    {"markdown_text_conflict", SLACK_REFUSED},
    {"message_limit_exceeded", SLACK_LATER},
    {"message_not_found", SLACK_REFUSED},
    {"messages_tab_disabled", SLACK_REFUSED},
    {"metadata_must_be_sent_from_app", SLACK_REFUSED},
    {"metadata_too_large", SLACK_REFUSED},
    {"method_deprecated", SLACK_REFUSED},
    {"missing_post_type", SLACK_REFUSED},
    {"missing_scope", SLACK_STOP},
    {"msg_blocks_too_long", SLACK_REFUSED},
    {"msg_too_long", SLACK_REFUSED},
    {"no_permission", SLACK_STOP},
    {"no_text", SLACK_REFUSED},
    {"not_allowed_token_type", SLACK_STOP},
    {"not_authed", SLACK_STOP},
    {"not_enabled", SLACK_REFUSED},
    {"not_found", SLACK_REFUSED},
    {"not_in_channel", SLACK_REFUSED},
    {"org_login_required", SLACK_STOP},
    {"push_limit_reached", SLACK_REFUSED},
    {"rate_limited", SLACK_LIMITED},
    {"ratelimited", SLACK_LIMITED},
    {"request_timeout", SLACK_UNSURE},
    {"service_unavailable", SLACK_UNSURE},
    {"team_access_not_granted", SLACK_STOP},
    {"team_added_to_org", SLACK_LATER},
    {"team_disabled", SLACK_STOP},
    {"thread_locked", SLACK_REFUSED},
    {"token_expired", SLACK_STOP},
    {"token_revoked", SLACK_STOP},
    {"too_many_attachments", SLACK_REFUSED},
    {"two_factor_setup_required", SLACK_STOP},
    {"update_failed", SLACK_LATER},
    {"user_disabled", SLACK_REFUSED},
    {"user_not_found", SLACK_REFUSED},
    {"user_not_visible", SLACK_REFUSED},
    {"user_removed_from_team", SLACK_STOP},
    {"users_not_found", SLACK_REFUSED},
    {"view_too_large", SLACK_REFUSED},
};

/* Families whose members differ in their endings only. */
static const struct row prefixes[] = {
    {"duplicate_external_id", SLACK_REFUSED}, /* of a view */
    {"duplicate_", SLACK_UNSURE},             /* of a message: hints that it is there already */
    {"restricted_action", SLACK_REFUSED},
};

static const struct {
    const char *error, *todo;
} todos[] = {
    {"missing_scope", "add the missing scope under OAuth & Permissions and install the app again"},
    {"not_allowed_token_type", "app_token must begin with xapp-, bot_token with xoxb-"},
    {"invalid_auth", "Slack does not know this token: copy it again from the settings of the app"},
    {"not_authed", "the token is empty: look at its credential file"},
    {"token_revoked", "install the app again and put the new token into its credential file"},
    {"token_expired", "put the new token into its credential file"},
    {"account_inactive",
     "the app or its bot user was removed from the workspace: install it again"},
    {"user_removed_from_team", "the bot user was removed from the workspace: install it again"},
    {"team_access_not_granted",
     "the token is of another workspace: install the app in yours and take its tokens"},
    {"forbidden_team", "the token is of another workspace: install the app in yours"},
    {"org_login_required", "the workspace moves to another organisation: try again after that"},
    {"enterprise_is_restricted", "the organisation must allow the app: ask its administrators"},
    {"access_denied", "the organisation must allow the app: ask its administrators"},
    {"no_permission", "the workspace must allow the app to do that: ask its administrators"},
    {"two_factor_setup_required", "the workspace asks for two-factor sign-in: set it up first"},
    {"team_disabled", "the workspace itself is switched off"},
    {"ekm_access_denied", "the workspace's administrators stopped message access (key management)"},
};

static int by_error(const void *key, const void *row)
{
    const char *error = key;
    return strcmp(error, ((const struct row *)row)->error);
}

enum slack_class slack_error_class(const char *error)
{
    const struct row *row = bsearch(error, rows, ARRAY_LEN(rows), sizeof(rows[0]), by_error);
    if (row)
        return row->class;
    for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
        if (str_starts(error, prefixes[i].error))
            return prefixes[i].class;
    }
    return SLACK_NEW;
}

const char *slack_error_todo(const char *error)
{
    for (size_t i = 0; i < ARRAY_LEN(todos); i++) {
        if (str_eq(todos[i].error, error))
            return todos[i].todo;
    }
    return "check the tokens of the app, and that it is installed in the workspace";
}
