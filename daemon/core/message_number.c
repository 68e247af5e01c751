/* What can be chosen from, and numbers in place of buttons. */
#include "base/alloc.h"
#include "core/message.h"

static int yes_no(struct arena *arena, const struct input_choice **ret_choices)
{
    struct input_choice *choices = arena_alloc(arena, 2 * sizeof(*choices));
    choices[0] = (struct input_choice){"yes", "Yes"};
    choices[1] = (struct input_choice){"no", "No"};
    *ret_choices = choices;
    return 2;
}

static int scale(const struct input *input, struct arena *arena,
                 const struct input_choice **ret_choices)
{
    long long span = (long long)input->max - input->min + 1;
    int count = span < 0 ? 0 : span > INPUT_CHOICES_MAX ? INPUT_CHOICES_MAX : (int)span;
    struct input_choice *choices = arena_alloc(arena, (size_t)count * sizeof(*choices));
    for (int i = 0; i < count; i++) {
        const char *text = arena_printf(arena, "%d", input->min + i);
        choices[i] = (struct input_choice){text, text};
    }
    *ret_choices = choices;
    return count;
}

static int listed(const struct input *input, struct arena *arena,
                  const struct input_choice **ret_choices)
{
    int count = input->choice_count > INPUT_CHOICES_MAX ? INPUT_CHOICES_MAX : input->choice_count;
    struct input_choice *choices = arena_alloc(arena, (size_t)count * sizeof(*choices));
    for (int i = 0; i < count; i++)
        choices[i] = (struct input_choice){input->choices[i], input->choices[i]};
    *ret_choices = choices;
    return count;
}

int input_choices(const struct input *input, struct arena *arena,
                  const struct input_choice **ret_choices)
{
    if (!input->present)
        return 0;
    switch (input->type) {
    case ANSWER_YES_NO:
        return yes_no(arena, ret_choices);
    case ANSWER_SCALE:
        return scale(input, arena, ret_choices);
    case ANSWER_CHOICE:
        return listed(input, arena, ret_choices);
    case ANSWER_TEXT:
    case ANSWER_DATE:
        break;
    }
    return 0;
}

bool message_wants_input(const struct message *message, const struct button *button)
{
    return message->input.present &&
           (str_eq(button->id, "answer") ||
            (str_eq(button->id, "edit") && message->input.type == ANSWER_TEXT));
}

static int number_of(const struct input *input, int row)
{
    return input->type == ANSWER_SCALE ? input->min + row : row + 1;
}

int message_numbers(const struct message *message, struct arena *arena,
                    const struct message_number **ret_numbers)
{
    const struct input_choice *choices = NULL;
    const struct input *input = &message->input;
    int count = input_choices(input, arena, &choices), last = 0;
    struct message_number *list =
        arena_alloc(arena, (size_t)(count + message->button_count + 1) * sizeof(*list));
    for (int i = 0; i < count; i++) {
        last = number_of(input, i);
        list[i] = (struct message_number){last, "answer", choices[i].value, choices[i].label};
    }
    last = last < 0 ? 0 : last;
    for (int i = 0; i < message->button_count; i++) {
        const struct button *button = &message->buttons[i];
        if (!str_eq(button->id, "answer"))
            list[count++] = (struct message_number){++last, button->id, NULL, button->label};
    }
    *ret_numbers = list;
    return count;
}
