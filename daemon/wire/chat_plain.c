/* A message where there are no buttons: its text, who will read the answer, and numbers. */
#include <string.h>

#include "base/str.h"
#include "wire/chat.h"

static void put_numbers(const struct message *message, struct arena *arena, struct strbuf *out)
{
    const struct message_number *numbers;
    int count = message_numbers(message, arena, &numbers), i = 0;
    const struct input *input = &message->input;
    if (count == 0)
        return;
    strbuf_puts(out, "\n\n");
    if (input->present && input->type == ANSWER_SCALE && input->max > input->min) {
        strbuf_printf(out, "[%d–%d] %s", input->min, input->max, input->label);
        while (i < count && numbers[i].value)
            i++;
    }
    for (; i < count; i++)
        strbuf_printf(out, "%s[%d] %s", i ? "  " : "", numbers[i].number, numbers[i].label);
}

void chat_plain(const struct message *message, size_t max_points, struct arena *arena,
                struct strbuf *out)
{
    struct strbuf end = {0};
    if (message->reader)
        strbuf_printf(&end, "\n%s", message->reader);
    if (message->op == MESSAGE_POST)
        put_numbers(message, arena, &end);
    long tail = utf8_length(strbuf_text(&end), end.len);
    size_t length = strlen(message->text), taken = tail > 0 ? (size_t)tail : 0;
    size_t room = max_points > taken ? max_points - taken : 0;
    size_t kept = utf8_prefix(message->text, room);
    if (kept < length && room > 0)
        kept = utf8_prefix(message->text, room - 1);
    strbuf_add(out, message->text, kept);
    if (kept < length && room > 0)
        strbuf_puts(out, "…");
    strbuf_puts(out, strbuf_text(&end));
    strbuf_done(&end);
}
