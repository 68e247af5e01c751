/* The words of the command line, by the tables of the commands. */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/nearest.h"
#include "base/str.h"
#include "gritctl/ctl.h"

enum { OPTIONS_MAX = 32, OPTION_NAME_BYTES = 64 };

static const struct option globals[] = {
    {"config", OPTION_TEXT, "FILE", "the configuration (default " CTL_CONFIG_DEFAULT ")", false},
    {"json", OPTION_FLAG, NULL, "one JSON object a line", false},
    {"help", OPTION_FLAG, NULL, "this text", false},
    {"version", OPTION_FLAG, NULL, "the version", false},
};

const struct option *call_globals(size_t *ret_count)
{
    *ret_count = ARRAY_LEN(globals);
    return globals;
}

struct words {
    char *const *list;
    int count, at;
};

static const struct option *find_in(const struct option *options, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(options[i].name, name))
            return &options[i];
    }
    return NULL;
}

static int unknown(const struct call *call, const char *name, struct err *err)
{
    const char *known[OPTIONS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < ARRAY_LEN(globals); i++)
        known[count++] = globals[i].name;
    for (size_t i = 0; call->command && i < call->command->option_count; i++)
        known[count++] = call->command->options[i].name;
    const char *near = nearest_word(name, known, count);
    if (near)
        return err_set(err, EINVAL, "unknown option '--%s'; did you mean '--%s'?", name, near);
    return err_set(err, EINVAL, "unknown option '--%s'", name);
}

/* The value of TIME, NUMBER and LENGTH is checked here, so that every command says the same. */
static int read_value(const struct option *option, const char *text, int64_t *ret, struct err *err)
{
    switch (option->kind) {
    case OPTION_TIME:
        if (msec_parse(text, ret))
            return err_set(err, EINVAL,
                           "--%s: '%s' is not a time; write it like 2026-03-09T09:00:00Z",
                           option->name, text);
        return 0;
    case OPTION_NUMBER:
        if (str_to_i64(text, ret) || *ret < 0)
            return err_set(err, EINVAL, "--%s: '%s' is not a whole number from 0 up", option->name,
                           text);
        return 0;
    case OPTION_LENGTH:
        if (msec_parse_length(text, ret) || *ret <= 0)
            return err_set(err, EINVAL,
                           "--%s: '%s' is not a length of time; write it like 3d or 2h",
                           option->name, text);
        return 0;
    case OPTION_FLAG:
    case OPTION_TEXT:
    case OPTION_LIST:
        break;
    }
    return 0;
}

static void add_text(struct option_value *value, const char *text)
{
    ARRAY_GROW(value->texts, value->count, value->cap);
    value->texts[value->count++] = text;
}

static int take(struct call *call, const struct option *option, const char *text,
                struct words *words, struct err *err)
{
    struct option_value *value = &call->values[option - call->command->options];
    if (value->count && option->kind != OPTION_LIST)
        return err_set(err, EINVAL, "--%s is given twice", option->name);
    add_text(value, text ? text : "");
    while (option->kind == OPTION_LIST && call->command->args_max == 0 &&
           words->at < words->count && words->list[words->at][0] != '-')
        add_text(value, words->list[words->at++]);
    return text ? read_value(option, text, &value->number, err) : 0;
}

static int take_global(struct call *call, const struct option *option, const char *text,
                       struct err *err)
{
    if (str_eq(option->name, "config")) {
        if (call->config)
            return err_set(err, EINVAL, "--config is given twice");
        call->config = text;
    }
    call->json |= str_eq(option->name, "json");
    call->help |= str_eq(option->name, "help");
    call->version |= str_eq(option->name, "version");
    return 0;
}

/* "--name value", "--name=value" or "--flag". */
static int read_option(struct call *call, const char *word, struct words *words, struct err *err)
{
    char name[OPTION_NAME_BYTES] = "help";
    const char *text = NULL, *equals = strchr(word, '=');
    size_t length = equals ? (size_t)(equals - word) : strlen(word);
    if (!str_eq(word, "-h")) {
        if (word[1] != '-' || length >= sizeof(name))
            return err_set(err, EINVAL, "unknown option '%.40s'", word);
        memcpy(name, word + 2, length - 2);
        name[length - 2] = '\0';
    }
    const struct option *option = find_in(globals, ARRAY_LEN(globals), name);
    bool global = option != NULL;
    if (!option && call->command)
        option = find_in(call->command->options, call->command->option_count, name);
    if (!option)
        return unknown(call, name, err);
    if (option->kind == OPTION_FLAG && equals)
        return err_set(err, EINVAL, "--%s takes no value", name);
    if (option->kind != OPTION_FLAG) {
        if (!equals && words->at == words->count)
            return err_set(err, EINVAL, "--%s needs %s", name, option->value);
        text = equals ? equals + 1 : words->list[words->at++];
        if (str_empty(text))
            return err_set(err, EINVAL, "--%s is empty", name);
    }
    return global ? take_global(call, option, text, err) : take(call, option, text, words, err);
}

static void add_argument(struct call *call, const char *word,
                         const struct command *(*find)(const char *name))
{
    if (!call->command && !call->arg_count) {
        call->command = find(word);
        if (call->command) {
            call->values = NEW_ARRAY(struct option_value, call->command->option_count + 1);
            return;
        }
    }
    ARRAY_GROW(call->args, call->arg_count, call->arg_cap);
    call->args[call->arg_count++] = word;
}

/* What a whole call needs, once every word is read. */
static int check(const struct call *call, struct err *err)
{
    const struct command *command = call->command;
    if (!command || call->help || call->version)
        return 0;
    if ((int)call->arg_count < command->args_min)
        return err_set(err, EINVAL, "something is missing: gritctl %s %s", command->name,
                       command->args);
    if (command->args_max != CTL_ARGS_ANY && (int)call->arg_count > command->args_max)
        return err_set(err, EINVAL, "'%s' is one word too many", call->args[command->args_max]);
    for (size_t i = 0; i < command->option_count; i++) {
        if (command->options[i].required && !call->values[i].count)
            return err_set(err, EINVAL, "--%s %s is missing", command->options[i].name,
                           command->options[i].value);
    }
    return 0;
}

int call_parse(struct call *call, int count, char *const *list,
               const struct command *(*find)(const char *name), struct err *err)
{
    struct words words = {list, count, 0};
    bool only_arguments = false;
    while (words.at < words.count) {
        const char *word = words.list[words.at++];
        if (only_arguments || word[0] != '-' || !word[1]) {
            add_argument(call, word, find);
        } else if (str_eq(word, "--")) {
            only_arguments = true;
        } else {
            int status = read_option(call, word, &words, err);
            if (status)
                return status;
        }
    }
    return check(call, err);
}

void call_done(struct call *call)
{
    for (size_t i = 0; call->command && i < call->command->option_count; i++)
        free((void *)call->values[i].texts); /* the array; the words are argv's */
    free(call->values);
    free((void *)call->args); /* as above */
    zones_done(&call->zones);
}

static const struct option_value *value_of(const struct call *call, const char *name)
{
    const struct option *option =
        find_in(call->command->options, call->command->option_count, name);
    assert(option);
    return &call->values[option - call->command->options];
}

bool call_has(const struct call *call, const char *name)
{
    return value_of(call, name)->count > 0;
}

const char *call_text(const struct call *call, const char *name)
{
    const struct option_value *value = value_of(call, name);
    return value->count ? value->texts[0] : NULL;
}

const struct option_value *call_list(const struct call *call, const char *name)
{
    return value_of(call, name);
}

int64_t call_number(const struct call *call, const char *name, int64_t absent)
{
    const struct option_value *value = value_of(call, name);
    return value->count ? value->number : absent;
}
