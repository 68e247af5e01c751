/* gritctl council: one page for the works council, from the configuration that is in force. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/str.h"
#include "core/phrases_data.h"
#include "engine/personal.h"
#include "gritctl/ctl.h"

static const char *const readers[] = {[READER_REP] = "only the person who answers",
                                      [READER_MANAGER] = "the person and the person's manager",
                                      [READER_TEAM] = "the person's team",
                                      [READER_GROUP] =
                                          "nobody by itself: it counts in figures of 5 or more"};
static const char *const kept_words[] = {[STORED_ALWAYS] = "stored",
                                         [STORED_ON_WISH] =
                                             "not stored unless the person asks for it",
                                         [STORED_NEVER] = "not stored"};
static const char *const receivers[] = {[TO_REP] = "the rep",
                                        [TO_MANAGER] = "the manager",
                                        [TO_TEAM] = "the team's channel",
                                        [TO_PEER] = "a colleague"};

static void say(const char *text)
{
    (void)puts(text);
}

/* Markdown's own signs in a text of somebody's. */
static void say_safe(const char *text)
{
    for (; *text; text++) {
        if (strchr("\\`*_{}[]<>#|", *text))
            (void)putchar('\\');
        (void)putchar(*text == '\n' ? ' ' : *text);
    }
}

static void say_or(const char *title, const char *text, const char *otherwise)
{
    (void)fputs(title, stdout);
    if (text)
        say_safe(text);
    else
        (void)fputs(otherwise, stdout);
}

static void say_head(const struct setup *setup)
{
    const struct book *book = setup->book;
    say("# What gritd asks, keeps and shows\n");
    say("Made from the configuration in force by `gritctl council`. Nothing here is written by "
        "hand,\nso it cannot be out of date.\n");
    say_or("Purpose: ", book->purpose,
           "not written down yet (`purpose:` in gritd.yaml); please insist on it");
    say_or("\n\nResponsible: ", book->controller,
           "not written down yet (`controller:` in gritd.yaml)");
    (void)printf("\n\nPeople: %d, teams: %d, rules: %d, questions: %d.\n", book->person_count,
                 book->team_count, book->rule_count, book->question_count);
}

static void say_texts(struct text *const *texts, int count)
{
    for (int i = 0; i < count; i++) {
        (void)fputs("  - “", stdout);
        say_safe(text_template(texts[i]));
        say("”");
    }
}

static void say_question(const struct book *book, const struct question *question)
{
    (void)printf("- question `%s`, read by %s; the answer is %s:\n", question->id,
                 readers[question->reader],
                 kept_words[book->unstored ? STORED_NEVER : question->stored]);
    say_texts(question->texts, question->text_count);
}

static void say_rule(const struct book *book, const struct rule *rule)
{
    (void)printf("\n### %s (%s)\n\n", rule->id, rule->plugin->id);
    say_safe(rule->about ? rule->about : rule->plugin->about);
    (void)printf("\n\n- goes to %s\n", receivers[rule->to]);
    for (int i = 0; i < rule->question_count; i++)
        say_question(book, rule->questions[i]);
    if (rule->text_count)
        say("- says:");
    say_texts(rule->texts, rule->text_count);
    for (int i = 0; rule->flow && i < rule->flow->step_count; i++)
        say_question(book, rule->flow->steps[i].question);
    if (rule->experiment)
        say("- part of an experiment: a coin decides who gets it, and the figures are shown for 5 "
            "people or more");
}

static void say_rules(const struct book *book)
{
    say("\n## What is asked and said, rule by rule");
    for (int i = 0; i < book->rule_count; i++)
        say_rule(book, book->rules[i]);
    say("\n## Talks that a person starts\n");
    for (int i = 0; i < book->flow_count; i++) {
        const struct flow *flow = book->flows[i];
        if (!flow->command)
            continue;
        (void)printf("- `%s`\n", flow->command);
        for (int k = 0; k < flow->step_count; k++)
            say_question(book, flow->steps[k].question);
    }
}

static void say_kept(const struct book *book)
{
    const struct limits *limits = &book->limits;
    int horizon = (int)((book->fact_horizon + MSEC_DAY - 1) / MSEC_DAY);
    say("\n## What is kept, and for how long\n");
    say("| what | days | who can read it |");
    say("|---|---|---|");
    if (book->unstored)
        (void)printf(
            "| questions, and that they were answered | %d after their end | the person |\n"
            "| the words of answers | not at all (`answers: not-stored`) | nobody |\n",
            limits->keep_answers);
    else
        (void)printf(
            "| questions and answers | %d after their end | as each question above says; a "
            "person can show one answer to the manager and take that back |\n",
            limits->keep_answers);
    (void)printf("| what was said with the word `anonymous`, without who said it | %d after it was "
                 "opened, 91 unopened | who leads the team, once 5 people have spoken |\n",
                 limits->keep_answers);
    (void)printf("| requests for help | %d after their end | the person, and the one helper each "
                 "was passed on to after the person had seen it |\n",
                 limits->keep_answers);
    (void)printf("| why somebody did or did not get a message | %d | the person; the operator, who "
                 "is written down |\n",
                 limits->keep_decisions);
    (void)printf("| events of the CRM and the chat, without what people wrote | %d | the operator, "
                 "who is written down |\n",
                 limits->keep_journal > horizon ? limits->keep_journal : horizon);
    (void)printf("| words of messages sent | %d | the person they went to |\n",
                 limits->keep_messages);
    say("| that a message was sent, without its words | 400 | the operator, who is written down |");
    say("| who has looked at what is kept of a person | 400 | that person |");
    (void)printf(
        "\nAll about somebody who has left and is not in people.yaml any more is erased after "
        "%d days.\n",
        limits->keep_leavers);
    say("\nThe store keeps these kinds of rows:\n");
    for (int kind = 1; kind < 64; kind++) {
        if (personal_state_name(kind))
            (void)printf("- %s\n", personal_state_name(kind));
    }
    say("- the journal of events, the messages, the decisions");
}

static void say_limits(const struct book *book)
{
    const struct limits *limits = &book->limits;
    say("\n## How much, and when\n");
    (void)printf("- at most %d questions for one person and working day, %d of one plugin a week\n",
                 limits->prompts_per_day, limits->prompts_per_family_week);
    (void)printf("- after %d without an answer it stops and asks once what would help\n",
                 limits->backoff_after);
    (void)printf("- messages only from %02d:%02d to %02d:%02d on working days, on the person's own "
                 "clock, unless people.yaml names other hours\n",
                 limits->hours.start_min / 60, limits->hours.start_min % 60,
                 limits->hours.end_min / 60, limits->hours.end_min % 60);
    say("- nobody has to give a reason for a pause; a pause holds at once");
}

static void say_rights(void)
{
    say("\n## What is never done\n");
    say("- no score, rank or comparison of people; no measure of how fast or how much somebody "
        "answers");
    say("- no figure for fewer than 5 people");
    say("- no reading of moods from texts; no decision about a person by the machine");
    say("\n## What each person can do, in the chat\n");
    static const char *const commands[] = {SAY_HELP_HISTORY, SAY_HELP_SHARE, SAY_HELP_EXPORT,
                                           SAY_HELP_FORGET};
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        (void)printf("- %s\n", commands[i]);
    say("- privacy: the purpose, what is kept, and who has looked");
    say("- pause: silence at once, for as long as wanted");
}

static int run(struct call *call)
{
    struct setup *setup = ctl_setup(call, ctl_config_path(call), NULL);
    bool good = setup->book && !setup->problems.errors;
    print_errors(&setup->problems);
    if (setup->book) {
        say_head(setup);
        say_rules(setup->book);
        say_kept(setup->book);
        say_limits(setup->book);
        say_rights();
    }
    setup_free(setup);
    return good ? CTL_OK : CTL_FOUND;
}

const struct command command_council = {
    .name = "council",
    .help = "what is asked, kept and shown: a page for the works council (Markdown)",
    .more = "Made from the configuration in force: each rule with its words and who reads the\n"
            "answers, what is kept for how long, and what each person can do about it.",
    .run = run,
};
