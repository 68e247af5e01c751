/* Any bytes as a frame, an answer, a list of posts, a call of a button, a slash command and a text
 * to be shown: refused or read; what is shown mentions nobody, and a session's numbers never go
 * back. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "wire/mattermost_act.h"
#include "wire/mattermost_command.h"

#define BOT "bbbbbbbbbbbbbbbbbbbbbbbbbb"
#define DM  "drrrrrrrrrrrrrrrrrrrrrrrrr"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void frames(const char *text, size_t size)
{
    struct mm_session session;
    struct mm_frame frame;
    mm_session_init(&session);
    for (int turn = 0; turn < 2 && mm_frame_read(text, size, &frame) == 0; turn++) {
        int64_t before = session.next;
        enum mm_step step = mm_session_frame(&session, &frame, 0);
        if (step == MM_TAKE && session.next < before)
            abort();
        mm_frame_done(&frame);
        frame.tree = NULL;
    }
    mm_frame_done(&frame);
}

static void answers(struct mattermost *mm, const char *text, size_t size)
{
    static const struct wire_tag tags[] = {
        {.kind = MM_TAG_POST, .key = "k"},
        {.kind = MM_TAG_FIND, .key = "k", .channel = DM, .more = "5"},
        {.kind = MM_TAG_FIND, .key = "k", .channel = DM, .more = "5", .number = 1},
    };
    static const long statuses[] = {200, 400, 500};
    for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
        const struct wire_reply reply = {.outcome = WIRE_ANSWERED,
                                         .status = statuses[i],
                                         .date = MSEC_NONE,
                                         .body = text,
                                         .len = size,
                                         .error = ""};
        const struct wire_tag missed = {.kind = MM_TAG_MISSED, .channel = DM, .more = "5"};
        const struct wire_tag users = {.kind = MM_TAG_USERS};
        struct wire_out out;
        bool more;
        wire_out_init(&out);
        mm_send_reply(mm, &tags[0], &reply, &out);
        mm_find_reply(mm, &tags[1], &reply, &out);
        mm_find_reply(mm, &tags[2], &reply, &out);
        mm_missed_reply(mm, &missed, &reply, &out);
        (void)mm_people_reply(mm, &users, &reply, &out, &more); /* refused or not: both are fine */
        wire_out_done(&out);
    }
}

static void calls(struct mattermost *mm, const char *text, size_t size)
{
    struct arena arena;
    struct err err = {0};
    struct mm_act act;
    arena_init(&arena);
    int r = mm_act_read(mm, text, size, &arena, &err, &act);
    if ((r != 0) != (err.text[0] != '\0'))
        abort();
    arena_done(&arena);
}

static void commands(const char *text, size_t size)
{
    struct arena arena;
    struct mm_command command;
    arena_init(&arena);
    if (mm_command_read("t", text, size, &arena, &command) == 0 &&
        (utf8_length(command.text, strlen(command.text)) < 0 || !*command.user))
        abort();
    arena_done(&arena);
}

static void shown(const char *text)
{
    struct strbuf out = {0};
    mm_escape(&out, text, 200);
    for (const char *at = strchr(strbuf_text(&out), '@'); at; at = strchr(at + 1, '@')) {
        if (!str_starts(at + 1, "\xE2\x80\x8B"))
            abort();
    }
    strbuf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = xstrndup((const char *)data, size); /* for those that end at a NUL */
    char *bytes = xmemdup(data, size ? size : 1);
    struct mattermost mm;
    struct err err = {0};
    if (mm_init(&mm, "https://x.example", NULL, "secret", NULL, &err) != 0)
        abort();
    strcpy(mm.id, BOT); /* fits */
    frames(bytes, size);
    answers(&mm, bytes, size);
    calls(&mm, bytes, size);
    commands(bytes, size);
    shown(text);
    mm_done(&mm);
    free(bytes);
    free(text);
    return 0;
}
