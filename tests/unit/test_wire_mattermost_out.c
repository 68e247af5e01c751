/* Posts, what an answer proves, looking up, buttons and forms of Mattermost. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "wire_mattermost_case.h"

#define API     "https://chat.example.com/api/v4/"
#define ACTIONS "http://127.0.0.1:8065/mm"
#define NOTHING "\xE2\x80\x8B"

static const struct chat_place known = {.user = REP, .channel = DM};

/* --- text --- */

static const char *escaped(const char *text, size_t points)
{
    strbuf_clear(&mm.part);
    mm_escape(&mm.part, text, points);
    return strbuf_text(&mm.part);
}

static void text_is_shown_as_it_stands(void **unused)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"What is next? Call at 10:30.", "What is next? Call at 10:30."},
        {"50% of $5,000 - or +3 (maybe) = fine!", "50% of $5,000 - or +3 (maybe) = fine!"},
        {"@channel", "\\@" NOTHING "channel"},
        {"a@b", "a\\@" NOTHING "b"},
        {"**x** _y_ `z` ~~s~~", "\\*\\*x\\*\\* \\_y\\_ \\`z\\` \\~\\~s\\~\\~"},
        {"[a](http://evil)", "\\[a\\](http\\://evil)"},
        {"![](x)", "\\!\\[\\](x)"},
        {"https://evil www.evil.com", "https\\://evil w" NOTHING "ww.evil.com"},
        {"WWW.x", "W" NOTHING "WW.x"},
        {"<!channel> <b>", "\\<!channel\\> \\<b\\>"},
        {"&lt; A & B", "\\&lt; A & B"},
        {":smile: a:b", "\\:smile: a:b"},
        {"# head\n- item\n+ item\n1. one\n2) two\n---\n===",
         "\\# head\n\\- item\n\\+ item\n1\\. one\n2\\) two\n\\---\n" NOTHING "==="},
        {"a\n    code", "a\n" NOTHING "    code"},
        {"a|b", "a\\|b"},
        {"back\\slash", "back\\\\slash"},
        {"\xC3\xBC"
         "ber",
         "\xC3\xBC"
         "ber"},
    };
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (!str_eq(escaped(cases[i].text, 1000), cases[i].want))
            fail_msg("'%s' became '%s'", cases[i].text, strbuf_text(&mm.part));
    }
}

static void text_is_cut_between_characters(void **unused)
{
    (void)unused;
    assert_string_equal(escaped("abc", 3), "abc");
    assert_string_equal(escaped("abcd", 3), "ab\xE2\x80\xA6");
    assert_string_equal(escaped("ab*cd", 3), "ab\xE2\x80\xA6");
    assert_string_equal(escaped("\xC3\xBC\xC3\xBC\xC3\xBC", 2), "\xC3\xBC\xE2\x80\xA6");
    char many[9001];
    memset(many, '@', sizeof(many) - 1);
    many[sizeof(many) - 1] = '\0';
    const char *cut = escaped(many, 8000);
    assert_true(utf8_length(cut, strlen(cut)) <= 8000 && utf8_length(cut, strlen(cut)) > 7990);
}

/* Nothing of the CRM's can mention anybody, through whatever field it comes. */
static void hostile_names_mention_nobody(void **unused)
{
    static const char *const names[] = {"@channel",  "@all",       "@here",    "@ana",
                                        "x @here y", "\\@channel", "**@all**", "@\n@all"};
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct message message = question();
        message.text = message.reader = names[i];
        message.buttons[1].label = names[i];
        for (int mode = 0; mode < 2; mode++) {
            mm.actions = mode ? ACTIONS : NULL;
            wire_out_reset(&out);
            mm_send(&mm, &message, &known, &out);
            json_t *tree = body_of(only(WIRE_REQUEST));
            char *body = json_dumps(tree, 0);
            for (const char *p = strchr(body, '@'); p; p = strchr(p + 1, '@')) {
                if (!str_starts(p + 1, NOTHING))
                    fail_msg("%s: %s", names[i], body);
            }
            free(body);
            assert_true(json_is_true(at(tree, "props.disable_mentions")));
            assert_true(json_is_true(at(tree, "props.mentionHighlightDisabled")));
            json_decref(tree);
        }
    }
}

/* --- posts --- */

static void post_without_buttons_asks_by_number(void **unused)
{
    struct message message = question();
    (void)unused;
    message.input.type = ANSWER_YES_NO;
    mm_send(&mm, &message, &known, &out);
    const struct wire_request *request = &only(WIRE_REQUEST)->request;
    assert_string_equal(request->url, API "posts");
    assert_string_equal(request->verb, "POST");
    assert_string_equal(request->content_type, "application/json");
    assert_string_equal(request->channel, DM);
    json_t *body = body_of(out.first);
    assert_string_equal(text_at(body, "channel_id"), DM);
    assert_string_equal(text_at(body, "message"),
                        "What is the next small step?\nOnly you read your answer.\n\n"
                        "\\[1\\] Yes  \\[2\\] No  \\[3\\] Later");
    assert_string_equal(text_at(body, "pending_post_id"), BOT ":" KEY);
    assert_string_equal(text_at(body, "props.gritd_k"), KEY);
    assert_null(at(body, "props.attachments"));
    json_decref(body);
}

static void post_with_buttons_signs_them(void **unused)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    struct message message = question();
    char sign[MM_SIGN_BYTES];
    (void)unused;
    mm.actions = ACTIONS;
    mm_send(&mm, &message, &known, &out);
    json_t *body = body_of(only(WIRE_REQUEST));
    assert_string_equal(text_at(body, "message"),
                        "What is the next small step?\n\n_Only you read your answer._");
    const json_t *answer_to = at(body, "props.attachments.0.actions.0");
    const char *id = text_at(answer_to, "id");
    assert_int_equal(strspn(id, alphabet), strlen(id));
    assert_string_equal(text_at(answer_to, "style"), "primary");
    assert_string_equal(text_at(answer_to, "integration.url"), ACTIONS);
    assert_string_equal(text_at(answer_to, "integration.context.f"), "text");
    const json_t *later = at(body, "props.attachments.0.actions.1.integration.context");
    assert_string_equal(text_at(later, "k"), KEY);
    assert_string_equal(text_at(later, "b"), "later");
    assert_string_equal(text_at(later, "u"), REP);
    mm_sign("secret", KEY, "later", NULL, REP, sign);
    assert_string_equal(text_at(later, "s"), sign);
    json_decref(body);
}

static void many_choices_become_a_select(void **unused)
{
    struct message message = question();
    (void)unused;
    mm.actions = ACTIONS;
    message.input.type = ANSWER_SCALE;
    message.input.min = 1;
    message.input.max = 10;
    mm_send(&mm, &message, &known, &out);
    json_t *body = body_of(only(WIRE_REQUEST));
    assert_string_equal(text_at(body, "props.attachments.0.actions.0.type"), "select");
    assert_string_equal(text_at(body, "props.attachments.0.actions.0.options.9.value"), "10");
    json_decref(body);
}

static void unknown_channel_is_asked_for_first(void **unused)
{
    const struct chat_place person = {.user = REP};
    struct message message = question();
    (void)unused;
    mm_send(&mm, &message, &person, &out);
    assert_string_equal(only(WIRE_REQUEST)->request.url, API "channels/direct");
    assert_string_equal(out.first->request.body, "[\"" BOT "\",\"" REP "\"]");
    struct wire_tag tag = keep_tag(&out.first->request.tag);
    struct wire_reply reply = answer(201, "{\"id\":\"" DM "\"}");
    wire_out_reset(&out);
    mm_send_reply(&mm, &tag, &reply, &out);
    assert_string_equal(only(WIRE_REQUEST)->request.url, API "posts");
    json_t *body = body_of(out.first);
    assert_string_equal(text_at(body, "channel_id"), DM);
    assert_string_equal(text_at(body, "props.gritd_k"), KEY);
    json_decref(body);
    /* whatever goes wrong here, nothing was posted */
    const struct wire_reply lost = {.outcome = WIRE_LOST, .date = MSEC_NONE, .error = "reset"};
    wire_out_reset(&out);
    mm_send_reply(&mm, &tag, &lost, &out);
    assert_int_equal(only(WIRE_RESULT)->result.outcome, CHAT_RETRY);
    drop_tag(&tag);
}

static void update_patches_the_post(void **unused)
{
    const struct chat_place place = {.user = REP, .channel = DM, .platform_id = POST};
    struct message message = question();
    (void)unused;
    message.op = MESSAGE_UPDATE;
    message.target = KEY;
    message.key = "update-key";
    message.button_count = 0;
    message.input.present = false;
    mm_send(&mm, &message, &place, &out);
    assert_string_equal(only(WIRE_REQUEST)->request.url, API "posts/" POST "/patch");
    assert_string_equal(out.first->request.verb, "PUT");
    json_t *body = body_of(out.first);
    assert_string_equal(text_at(body, "props.gritd_k"), KEY); /* props are replaced as a whole */
    assert_null(at(body, "pending_post_id"));
    json_decref(body);
    struct wire_tag tag = keep_tag(&out.first->request.tag);
    struct wire_reply reply = answer(500, "");
    wire_out_reset(&out);
    mm_send_reply(&mm, &tag, &reply, &out);
    assert_int_equal(only(WIRE_RESULT)->result.outcome, CHAT_RETRY); /* harmless to repeat */
    reply = answer(200, "{}");
    wire_out_reset(&out);
    mm_send_reply(&mm, &tag, &reply, &out);
    assert_int_equal(only(WIRE_RESULT)->result.outcome, CHAT_SENT);
    assert_string_equal(out.first->result.platform_id, POST);
    drop_tag(&tag);
}

static void impossible_is_rejected(void **unused)
{
    const struct chat_place nowhere = {0};
    struct message message = question();
    (void)unused;
    mm_send(&mm, &message, &nowhere, &out);
    assert_int_equal(only(WIRE_RESULT)->result.outcome, CHAT_REJECTED);
    wire_out_reset(&out);
    message.op = MESSAGE_UPDATE;
    mm_send(&mm, &message, &known, &out);
    assert_int_equal(only(WIRE_RESULT)->result.outcome, CHAT_REJECTED);
}

/* --- what an answer proves --- */

#define ERROR(id, status) "{\"id\":\"" id "\",\"message\":\"m\",\"status_code\":" #status "}"
#define GOOD              "{\"id\":\"" POST "\",\"channel_id\":\"" DM "\",\"user_id\":\"" BOT "\"}"

static const struct chat_result *after(const struct wire_reply *reply)
{
    static const struct wire_tag tag = {.kind = MM_TAG_POST, .key = KEY};
    wire_out_reset(&out);
    mm_send_reply(&mm, &tag, reply, &out);
    const struct wire_item *at_end = out.first;
    while (at_end->next)
        at_end = at_end->next;
    assert_int_equal(at_end->kind, WIRE_RESULT);
    return &at_end->result;
}

static void answers_are_classified(void **unused)
{
    static const struct {
        long status;
        const char *body;
        enum chat_outcome outcome;
    } cases[] = {
        {201, GOOD, CHAT_SENT},
        {200, GOOD, CHAT_SENT},
        {201, "{}", CHAT_UNKNOWN},
        {201, "", CHAT_UNKNOWN},
        {201, "{\"id\":\"" POST "\",\"chan", CHAT_UNKNOWN},
        {200, "<html>signed in?</html>", CHAT_UNKNOWN},
        {302, "", CHAT_UNKNOWN},
        {400, ERROR("api.context.invalid_body_param.app_error", 400), CHAT_REJECTED},
        {400, ERROR("api.post.create_post.can_not_post_to_deleted.error", 400), CHAT_REJECTED},
        {404, ERROR("app.channel.get.existing.app_error", 404), CHAT_REJECTED},
        {413, ERROR("api.context.x", 413), CHAT_REJECTED},
        {401, ERROR("api.context.session_expired.app_error", 401), CHAT_RETRY},
        {403, ERROR("api.context.permissions.app_error", 403), CHAT_RETRY},
        {501, ERROR("api.x.disabled.app_error", 501), CHAT_RETRY},
        {404, "not here", CHAT_UNKNOWN},                    /* a proxy says that */
        {403, "<html>forbidden</html>", CHAT_UNKNOWN},      /* so does a firewall */
        {404, ERROR("x", 500), CHAT_UNKNOWN},               /* the two contradict each other */
        {500, ERROR("api.x", 400), CHAT_UNKNOWN},           /* likewise */
        {200, ERROR("api.x.app_error", 400), CHAT_UNKNOWN}, /* likewise */
        {408, ERROR("api.x", 408), CHAT_UNKNOWN},
        {500, ERROR("store.sql_post.save.app_error", 500), CHAT_UNKNOWN},
        {500, ERROR("api.post.deduplicate_create_post.pending", 500), CHAT_UNKNOWN},
        {500, ERROR("api.context.session_expired.app_error", 500), CHAT_UNKNOWN},
        {502, "<html>", CHAT_UNKNOWN},
        {503, "", CHAT_UNKNOWN},
        {429, "limit exceeded", CHAT_RETRY},
    };
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct wire_reply reply = answer(cases[i].status, cases[i].body);
        const struct chat_result *result = after(&reply);
        assert_string_equal(result->key, KEY);
        if (result->outcome != cases[i].outcome)
            fail_msg("%ld %s: %d", cases[i].status, cases[i].body, (int)result->outcome);
    }
}

static void limited_answer_says_how_long(void **unused)
{
    struct wire_reply reply = answer(429, "limit exceeded");
    (void)unused;
    reply.retry_after_ms = 7000;
    assert_true(after(&reply)->retry_after_ms == 7000);
    assert_int_equal(out.first->kind, WIRE_LIMIT);
    assert_int_equal(out.first->method, MM_POST);
    assert_true(out.first->delay_ms == 7000);
    reply.retry_after_ms = 0;
    assert_true(after(&reply)->retry_after_ms == 1000);
}

static void refused_token_says_what_to_do(void **unused)
{
    const struct wire_reply reply =
        answer(401, ERROR("api.context.session_expired.app_error", 401));
    (void)unused;
    (void)after(&reply);
    assert_int_equal(out.first->kind, WIRE_FATAL);
    assert_string_equal(out.first->text,
                        "Mattermost refuses posts: api.context.session_expired.app_error");
    assert_non_null(strstr(out.first->todo, "token"));
}

static void lost_answers_tell_apart(void **unused)
{
    struct wire_reply reply = {.outcome = WIRE_LOST, .date = MSEC_NONE, .error = "reset"};
    (void)unused;
    assert_int_equal(after(&reply)->outcome, CHAT_UNKNOWN);
    reply.outcome = WIRE_NOT_SENT;
    assert_int_equal(after(&reply)->outcome, CHAT_RETRY);
}

/* --- looking up --- */

static const struct chat_result *found(struct wire_tag *tag, const char *body)
{
    const struct wire_reply reply = answer(200, body);
    wire_out_reset(&out);
    mm_find_reply(&mm, tag, &reply, &out);
    return &out.first->result;
}

static const char *const keys[] = {KEY, "KB", "KC", "KD"};

static void lookup_finds_own_key(void **unused)
{
    (void)unused;
    mm_lookup(&mm, keys, 1, &known, NOW, &out);
    assert_string_equal(only(WIRE_REQUEST)->request.url,
                        API "channels/" DM "/posts?since=1712345580000");
    struct wire_tag tag = keep_tag(&out.first->request.tag);
#define LIST(user, key, more)                                                                      \
    "{\"order\":[\"" POST "\"],\"posts\":{\"" POST "\":{\"id\":\"" POST "\",\"user_id\":\"" user   \
    "\",\"channel_id\":\"" DM "\",\"props\":{\"gritd_k\":\"" key "\"}" more "}}}"
    assert_int_equal(found(&tag, LIST(BOT, KEY, ""))->outcome, CHAT_FOUND);
    assert_string_equal(out.first->result.platform_id, POST);
    /* one that was deleted since had arrived all the same */
    assert_int_equal(found(&tag, LIST(BOT, KEY, ",\"delete_at\":5"))->outcome, CHAT_FOUND);
    assert_int_equal(found(&tag, LIST(BOT, "other", ""))->outcome, CHAT_MISSING);
    assert_int_equal(found(&tag, LIST(REP, KEY, ""))->outcome, CHAT_MISSING); /* not ours */
    assert_int_equal(found(&tag, "{\"order\":[],\"posts\":{}}")->outcome, CHAT_MISSING);
    assert_int_equal(found(&tag, "{}")->outcome, CHAT_UNREADABLE);
    /* a post that cannot be read could be the one */
    assert_int_equal(found(&tag, "{\"order\":[\"x\"],\"posts\":{}}")->outcome, CHAT_UNREADABLE);
    const struct wire_reply bad = answer(502, "<html>");
    wire_out_reset(&out);
    mm_find_reply(&mm, &tag, &bad, &out);
    assert_int_equal(only(WIRE_RESULT)->result.outcome, CHAT_UNREADABLE);
    drop_tag(&tag);
}

static char *long_list(int count, int64_t newest);

static void expect_result(int index, const char *key, enum chat_outcome outcome, bool more)
{
    const struct chat_result *result = &item(index)->result;
    assert_int_equal(item(index)->kind, WIRE_RESULT);
    assert_string_equal(result->key, key);
    assert_int_equal(result->outcome, outcome);
    assert_int_equal(result->more, more);
}

/* FM-A09: one reading for all that stand in a place; a page on, only those that are not found yet
 * are looked for. */
static void lookup_of_several_is_one_reading(void **unused)
{
#define OTHER_POST "pppppppppppppppppppppppppq"
#define OWN(id, key)                                                                               \
    "\"" id "\":{\"id\":\"" id "\",\"user_id\":\"" BOT "\",\"channel_id\":\"" DM                   \
    "\",\"create_at\":5,\"props\":{\"gritd_k\":\"" key "\"}}"
    static const char two[] = "{\"order\":[\"" POST "\",\"" OTHER_POST
                              "\"],\"posts\":{" OWN(POST, "KD") "," OWN(OTHER_POST, "KB") "}}";
    static const char one[] = "{\"order\":[\"" POST "\"],\"posts\":{" OWN(POST, "KC") "}}";
    (void)unused;
    mm_lookup(&mm, keys, ARRAY_LEN(keys), &known, NOW, &out);
    struct wire_tag tag = keep_tag(&only(WIRE_REQUEST)->request.tag), next;
    assert_string_equal(tag.key, KEY " KB KC KD");
    (void)found(&tag, two);
    expect_result(0, "KB", CHAT_FOUND, true);
    assert_string_equal(item(0)->result.platform_id, OTHER_POST);
    assert_string_equal(item(0)->result.channel, DM);
    expect_result(1, "KD", CHAT_FOUND, true);
    expect_result(2, KEY, CHAT_MISSING, true);
    expect_result(3, "KC", CHAT_MISSING, false);
    char *full = long_list(MM_SINCE_MAX, NOW);
    (void)found(&tag, full);
    next = keep_tag(&only(WIRE_REQUEST)->request.tag);
    (void)found(&next, one);
    expect_result(0, "KC", CHAT_FOUND, true);
    expect_result(3, "KD", CHAT_MISSING, false);
    (void)found(&next, "<html>");
    for (int i = 0; i < 4; i++)
        expect_result(i, keys[i], CHAT_UNREADABLE, i < 3);
    drop_tag(&next);
    drop_tag(&tag);
    free(full);
#undef OWN
}

static char *long_list(int count, int64_t newest)
{
    struct strbuf text = {0};
    strbuf_puts(&text, "{\"order\":[");
    for (int i = 0; i < count; i++)
        strbuf_printf(&text, "%s\"p%025d\"", i ? "," : "", i);
    strbuf_puts(&text, "],\"posts\":{");
    for (int i = 0; i < count; i++)
        strbuf_printf(&text,
                      "%s\"p%025d\":{\"id\":\"p%025d\",\"user_id\":\"" BOT "\",\"channel_id\":\"" DM
                      "\",\"create_at\":%lld}",
                      i ? "," : "", i, i, (long long)newest - i);
    strbuf_puts(&text, "}}");
    return strbuf_take(&text);
}

/* A list that is full may lack the one that is looked for: pages go back to the moment itself. */
static void lookup_of_a_busy_channel_pages_back(void **unused)
{
    char *full = long_list(MM_SINCE_MAX, NOW), *page = long_list(MM_PAGE, NOW);
    char *old = long_list(MM_PAGE, NOW - MM_FIND_BEFORE_MS);
    (void)unused;
    mm_lookup(&mm, keys, 1, &known, NOW, &out);
    struct wire_tag tag = keep_tag(&out.first->request.tag), next;
    (void)found(&tag, full);
    assert_string_equal(only(WIRE_REQUEST)->request.url,
                        API "channels/" DM "/posts?page=0&per_page=200");
    next = keep_tag(&out.first->request.tag);
    (void)found(&next, page);
    assert_string_equal(only(WIRE_REQUEST)->request.url,
                        API "channels/" DM "/posts?page=1&per_page=200");
    assert_int_equal(found(&next, old)->outcome, CHAT_MISSING);
    next.number = MM_PAGES_MAX;
    assert_int_equal(found(&next, page)->outcome, CHAT_UNREADABLE);
    drop_tag(&next);
    drop_tag(&tag);
    free(full);
    free(page);
    free(old);
}

static void lookup_uses_the_clock_of_the_server(void **unused)
{
    struct wire_reply reply = answer(201, GOOD);
    (void)unused;
    reply.date = NOW + 3600000;
    (void)after(&reply);
    wire_out_reset(&out);
    mm_lookup(&mm, keys, 1, &known, NOW, &out);
    assert_non_null(strstr(only(WIRE_REQUEST)->request.url, "since=1712349180000"));
}

static void lookup_of_a_person_opens_the_channel(void **unused)
{
    const struct chat_place person = {.user = REP};
    (void)unused;
    mm_lookup(&mm, keys, 1, &person, NOW, &out);
    assert_string_equal(only(WIRE_REQUEST)->request.url, API "channels/direct");
    struct wire_tag tag = keep_tag(&out.first->request.tag);
    (void)found(&tag, "{\"id\":\"" DM "\"}");
    assert_string_equal(only(WIRE_REQUEST)->request.url,
                        API "channels/" DM "/posts?since=1712345580000");
    drop_tag(&tag);
}

/* --- buttons and forms that come back --- */

static char call_text[2048];

static int act(const char *user, const char *context, struct mm_act *ret)
{
    struct err err = {0};
    (void)snprintf(call_text, sizeof(call_text),
                   "{\"user_id\":\"%s\",\"channel_id\":\"" DM "\",\"post_id\":\"" POST
                   "\",\"trigger_id\":\"T\",\"type\":\"button\",\"context\":%s}",
                   user, context);
    return mm_act_read(&mm, call_text, strlen(call_text), &out.arena, &err, ret);
}

static const char *context(const char *button, const char *choice, const char *user,
                           const char *more)
{
    static char text[512];
    char sign[MM_SIGN_BYTES];
    mm_sign("secret", KEY, button, choice, user, sign);
    (void)snprintf(text, sizeof(text),
                   "{\"k\":\"" KEY "\",\"b\":\"%s\",\"u\":\"%s\",\"s\":\"%s\"%s%s%s%s}", button,
                   user, sign, choice ? ",\"v\":\"" : "", choice ? choice : "", choice ? "\"" : "",
                   more);
    return text;
}

static void click_is_taken_from_its_person_only(void **unused)
{
    struct mm_act ret;
    (void)unused;
    assert_int_equal(act(REP, context("answer", "yes", REP, ""), &ret), 0);
    mm_act_event(&mm, &ret, 7, NOW, &out);
    const struct event *event = only(WIRE_EVENT)->event;
    assert_int_equal(event->type, EVENT_CLICKED);
    assert_string_equal(event->message, KEY);
    assert_string_equal(event->button, "answer");
    assert_string_equal(event->text, "yes");
    assert_string_equal(event->chat, REP);
    assert_int_equal(act(BOT, context("answer", "yes", REP, ""), &ret), -EPERM);
    assert_int_equal(act(REP, "{\"k\":\"" KEY "\",\"b\":\"answer\",\"s\":\"0\"}", &ret), -EACCES);
    assert_int_equal(act(REP, "{}", &ret), -EINVAL);
    char changed[512];
    (void)snprintf(changed, sizeof(changed), "%s", context("later", NULL, REP, ""));
    memcpy(strstr(changed, "later"), "Later", 5);
    assert_int_equal(act(REP, changed, &ret), -EACCES);
}

static void selected_option_is_the_choice(void **unused)
{
    struct mm_act ret;
    (void)unused;
    assert_int_equal(act(REP, context("answer", NULL, REP, ",\"selected_option\":\"7\""), &ret), 0);
    assert_string_equal(ret.choice, "7");
}

static void form_is_asked_for_and_read(void **unused)
{
    struct mm_act ret;
    struct err err = {0};
    (void)unused;
    mm.actions = ACTIONS;
    assert_int_equal(
        act(REP, context("answer", NULL, REP, ",\"f\":\"text\",\"l\":\"Your step\""), &ret), 0);
    mm_act_event(&mm, &ret, 0, NOW, &out);
    assert_null(out.first); /* first the form */
    mm_form_open(&mm, &ret, &out);
    assert_string_equal(only(WIRE_REQUEST)->request.url, API "actions/dialogs/open");
    json_t *body = body_of(out.first);
    assert_string_equal(text_at(body, "trigger_id"), "T");
    assert_string_equal(text_at(body, "dialog.title"), "Your step");
    assert_string_equal(text_at(body, "dialog.elements.0.type"), "textarea");
    json_t *sent =
        json_pack("{s:s,s:s,s:s,s:{s:s}}", "type", "dialog_submission", "user_id", REP, "state",
                  text_at(body, "dialog.state"), "submission", "value", "Call Acme");
    char *text = json_dumps(sent, 0);
    assert_int_equal(mm_act_read(&mm, text, strlen(text), &out.arena, &err, &ret), 0);
    assert_string_equal(ret.text, "Call Acme");
    assert_string_equal(ret.button, "answer");
    wire_out_reset(&out);
    free(text);
    /* somebody else's form, an empty one, one that was closed */
    (void)json_object_set_new(sent, "user_id", json_string(BOT));
    text = json_dumps(sent, 0);
    assert_int_equal(mm_act_read(&mm, text, strlen(text), &out.arena, &err, &ret), -EPERM);
    free(text);
    (void)json_object_set_new(sent, "user_id", json_string(REP));
    (void)json_object_set_new(sent, "submission", json_object());
    text = json_dumps(sent, 0);
    assert_int_equal(mm_act_read(&mm, text, strlen(text), &out.arena, &err, &ret), -EINVAL);
    free(text);
    (void)json_object_set_new(sent, "cancelled", json_true());
    text = json_dumps(sent, 0);
    assert_int_equal(mm_act_read(&mm, text, strlen(text), &out.arena, &err, &ret), 0);
    mm_act_event(&mm, &ret, 0, NOW, &out);
    assert_null(out.first);
    free(text);
    json_decref(sent);
    json_decref(body);
}

static void address_has_to_be_one(void **unused)
{
    struct mattermost other;
    struct err err = {0};
    (void)unused;
    assert_int_equal(mm_init(&other, "chat.example.com", auth, "s", NULL, &err), -EINVAL);
    assert_non_null(strstr(err.text, "https://"));
    assert_int_equal(mm_init(&other, "https://x.example/sub//", auth, "s", NULL, &err), 0);
    assert_string_equal(other.api, "https://x.example/sub/api/v4/");
    mm_done(&other);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(text_is_shown_as_it_stands),
        TEST(text_is_cut_between_characters),
        TEST(hostile_names_mention_nobody),
        TEST(post_without_buttons_asks_by_number),
        TEST(post_with_buttons_signs_them),
        TEST(many_choices_become_a_select),
        TEST(unknown_channel_is_asked_for_first),
        TEST(update_patches_the_post),
        TEST(impossible_is_rejected),
        TEST(answers_are_classified),
        TEST(limited_answer_says_how_long),
        TEST(refused_token_says_what_to_do),
        TEST(lost_answers_tell_apart),
        TEST(lookup_finds_own_key),
        TEST(lookup_of_several_is_one_reading),
        TEST(lookup_of_a_busy_channel_pages_back),
        TEST(lookup_uses_the_clock_of_the_server),
        TEST(lookup_of_a_person_opens_the_channel),
        TEST(click_is_taken_from_its_person_only),
        TEST(selected_option_is_the_choice),
        TEST(form_is_asked_for_and_read),
        TEST(address_has_to_be_one),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
