/* Who may hear what: every refusal of the loader, word for word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "load_check.h"

#define HEAD                                                                                       \
    "plugin: p\narea: skill\n"                                                                     \
    "signals: {calls: {count: activity.logged}, quiet: {gap: activity.logged}}\n"                  \
    "questions: {q: {kind: skill, text: \"What for {{rep.name}}?\", reader: rep}, r: {kind: "      \
    "skill, "                                                                                      \
    "text: \"What worked?\", reader: rep}}\n"                                                      \
    "rules:\n"

#define PEOPLE(channel)                                                                            \
    "teams: [{id: west, manager: dana" channel "}]\n"                                              \
    "people: [{id: ana, team: west}, {id: dana, role: manager}]\n"

static struct loaded load_one(const char *rule, const char *people)
{
    struct strbuf yaml = {0};
    strbuf_printf(&yaml, HEAD "  - {rule: r, %s}\n", rule);
    struct loaded l =
        load_given(&(struct load_given){.people = people, .plugins = {strbuf_text(&yaml)}});
    strbuf_done(&yaml);
    return l;
}

static const struct refused {
    const char *rule, *line; /* without its place */
} refused[] = {
    /* to a team */
    {"every: Friday at 16:00, to: team, tell: \"Hello {{rep.name}}\"",
     "error: 'rep.name' is about one person; what goes to a team may only name team.* fields "
     "[personal-field]"},
    {"every: Friday at 16:00, to: team, tell: [\"Hello\", \"{{signal.calls}} calls\"]",
     "error: 'signal.*' is about one person; what goes to a team may only name team.* fields "
     "[personal-field]"},
    {"when: deal.won, to: team, tell: \"{{deal.name}} is won\"",
     "error: 'deal.name' is about one person; what goes to a team may only name team.* fields "
     "[personal-field]"},
    {"when: deal.won, to: team, tell: \"Won on {{event.time}}\"",
     "error: 'time' is about one person; what goes to a team may only name team.* fields "
     "[personal-field]"},
    {"when: deal.won, to: team, tell: \"{{answer.q}}\"",
     "error: 'answer.*' is about one person; what goes to a team may only name team.* fields "
     "[personal-field]"},
    {"when: deal.won, to: team, if: {any: [{signal.calls: {under: 3}}]}, tell: Hello",
     "error: 'signal.*' is about one person; what goes to a team may only depend on team.* fields "
     "and on the event itself [personal-field]"},
    {"when: {event: deal.won, rep.tenure: {under: 90d}}, to: team, tell: Hello",
     "error: 'rep.tenure' is about one person; what goes to a team may only depend on team.* "
     "fields and on the event itself [personal-field]"},
    {"when: [deal.won, deal.lost], to: team, tell: Hello",
     "error: 'deal.lost' can be somebody's setback, and a team never hears of one; take a schedule "
     "(every), or one of deal.created, deal.won, activity.logged, activity.planned, "
     "gate.completed, rep.joined, rep.back, goal.set, training.completed, content.shared "
     "[personal-event]"},
    {"when: gate.reverted, to: team, tell: Hello", "error: 'gate.reverted' can be somebody's"},
    {"when: deal.stage_changed, to: team, tell: Hello", "error: 'deal.stage_changed' can be"},
    {"when: rep.left, to: team, tell: Hello", "error: 'rep.left' can be somebody's setback"},
    {"when: deal.won, to: team, ask: r",
     "error: 'to: team' is for tell and digest; 'ask' is a matter between two people "
     "[wrong-receiver]"},
    {"when: deal.won, to: team, praise: \"{{deal.name}} took work\"",
     "error: 'to: team' is for tell and digest; 'praise' is a matter between two people "
     "[wrong-receiver]"},
    {"every: Friday at 16:00, to: team, digest: [{each: rep, text: \"{{team.name}}\"}]",
     "error: 'each: rep' names people; what goes to a team is about all of them [personal-field]"},
    {"every: Friday at 16:00, to: team, digest: [{text: \"{{rep.name}}\"}]",
     "error: 'rep.name' is about one person; what goes to a team may only name team.* fields "
     "[personal-field]"},
    {"every: Friday at 16:00, to: team, digest: [{text: \"{{team.total.quiet}}\"}]",
     "error: at character 1: 'team.total.quiet' has no meaning: only signals that count for each "
     "rep (count, sum, distinct, not per deal) add up [unknown-field]"},
    {"when: deal.won, to: team, tell: Hello, limit: 1 per deal",
     "error: a limit per deal never counts here: the message is about no single deal "
     "[unused-key]"},
    {"missing: {event: activity.logged, since: Monday 09:00, by: Wednesday 11:00}, to: team, tell: "
     "Hello",
     "error: 'missing' is about what one person does; for a team take a schedule (every) "
     "[personal-event]"},
    {"before: {event: activity.planned, by: 2h}, to: peer, ask: r",
     "error: 'before' is about what one person does; for a peer take a schedule (every) "
     "[personal-event]"},
    {"after: {event: training.completed, at: [2d]}, to: team, tell: Hello",
     "error: 'after' is about what one person does; for a team take a schedule (every) "
     "[personal-event]"},
    {"missing: {event: activity.logged, since: Monday 09:00, by: Wednesday 11:00}, digest: [{text: "
     "Hello}]",
     "error: a digest collects over a period; give it a schedule"},
    {"when: deal.won, to: \"#west\", tell: Hello",
     "error: '#west' is a channel; what is about one"},
    /* to a peer */
    {"when: deal.won, to: peer, ask: q",
     "error: 'rep.name' is about one person; what goes to a peer may only name team.* fields "
     "[personal-field]"},
    {"when: deal.won, to: peer, tell: \"{{event.kind}}\"",
     "error: 'kind' is about one person; what goes to a peer may only name team.* fields "
     "[personal-field]"},
    {"when: deal.lost, to: peer, ask: r",
     "error: 'deal.lost' can be somebody's setback, and a peer "
     "never hears of one"},
    {"when: deal.won, to: peer, suggest: {text: Help, resource: x}",
     "error: 'to: peer' is for tell and ask, not for 'suggest' (for a talk write 'peer: true') "
     "[wrong-receiver]"},
    {"every: Friday at 16:00, to: peer, digest: [{text: Hello}]",
     "error: 'to: peer' is for tell and ask, not for 'digest' [wrong-receiver]"},
    /* digests */
    {"when: deal.won, to: manager, digest: [{text: Hello}]",
     "error: a digest collects over a period; give it a schedule (every, cron or rrule) in place "
     "of an event [no-schedule]"},
    {"every: Friday at 16:00, to: manager, digest: [{each: rep, text: \"{{answer.q}}\"}]",
     "error: 'answer.*' stands in this text; answers are never part of a digest [personal-field]"},
    {"every: Friday at 16:00, to: manager, digest: [{each: rep, if: {answer.q: present}, text: x}]",
     "error: 'answer.*' stands in this condition; answers are never part of a digest "
     "[personal-field]"},
    {"every: Friday at 16:00, digest: [{each: deal, text: \"{{event.kind}}\"}]",
     "error: 'kind' stands in this text, but a digest is about a period and not about an event "
     "[unused-field]"},
    {"every: Friday at 16:00, digest: [{each: rep, text: \"{{rep.name}}\"}]",
     "error: 'each: rep' is for the manager; a rep hears of the own deals ('each: deal') "
     "[wrong-receiver]"},
    {"every: Friday at 16:00, digest: [{text: Hello, at_most: 3}]",
     "error: 'at_most' is only for sections with 'each' [unused-key]"},
    {"every: Friday at 16:00, digest: [{title: \"{{rep.name}}\", text: Hello}]",
     "error: 'title' is no text with {{names}}: write plain words [wrong-value]"},
    {"every: Friday at 16:00, digest: [{text: Hello, order: calls}]",
     "error: unknown key 'order'; the keys of a section are: title, each, if, text, at_most "
     "[unknown-key]"},
    {"every: Friday at 16:00, digest: [{each: deal}]",
     "error: a section needs 'text': the line; there is none"},
    {"every: Friday at 16:00, digest: {text: x}",
     "error: 'digest' must be a list of sections, such as - {title: Standing still, each: deal"},
    /* suggestions */
    {"when: deal.won, suggest: {text: Help}",
     "error: there is nothing to say yes to; give the offer a 'resource' or 'peer: true' "
     "[missing-key]"},
    {"when: deal.won, suggest: {text: Help, resource: x, peer: true, topic: y}",
     "error: one step at a time: either 'resource' or 'peer' [wrong-value]"},
    {"when: deal.won, suggest: {text: Help, peer: true}",
     "error: 'topic' is missing: what the colleague is asked to talk about [missing-key]"},
    {"when: deal.won, suggest: {text: Help, peer: false, topic: y}",
     "error: 'peer' can only be true; leave it out otherwise [wrong-value]"},
    {"when: deal.won, suggest: {text: Help, resource: x, topic: y}",
     "error: 'topic' is only for 'peer: true' [unused-key]"},
    {"when: deal.won, suggest: {text: Help, peer: true, topic: \"{{deal.name}}\"}",
     "error: 'topic' is no text with {{names}}: write plain words [wrong-value]"},
    {"when: deal.won, suggest: {text: Help, resource: \"http://x.example\"}",
     "error: a link must begin with https://; anybody on the way could change the page "
     "[insecure-url]"},
    {"when: deal.won, suggest: {text: \"This? Or that?\", resource: x}",
     "error: 2 question marks; offer one thing at a time [double-question]"},
    {"when: deal.won, to: manager, suggest: {text: Help, resource: x}",
     "error: what is suggested is for the rep alone [wrong-receiver]"},
};

static void receiver_refusals_have_their_words(void **state)
{
    int wrong = 0;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct loaded l = load_one(refused[i].rule, PEOPLE(", channel: C1"));
        const char *found = strstr(l.text, "error: ");
        bool alone = strchr(l.text, '\n') == l.text + strlen(l.text) - 1;
        if (!found || strncmp(found, refused[i].line, strlen(refused[i].line)) != 0 || !alone) {
            print_error("%s\nwanted: %s\nfound:  %s\n", refused[i].rule, refused[i].line, l.text);
            wrong++;
        }
        load_done(&l);
    }
    assert_int_equal(wrong, 0);
}

static void receiver_place_is_that_of_the_text(void **state)
{
    (void)state;
    struct loaded l = load_one("every: Friday at 16:00, to: team, tell: [Hello, \"{{rep.id}}\"]",
                               PEOPLE(", channel: C1"));
    assert_line(&l, "a.yaml:6:63: error: 'rep.id' is about");
    load_done(&l);
}

static void receiver_team_without_a_channel_is_named(void **state)
{
    (void)state;
    struct loaded l = load_one("every: Friday at 16:00, to: team, tell: Hello", PEOPLE(""));
    assert_line(&l, "a.yaml:6:43: error: the team 'west' has no 'channel' in people.yaml, so a "
                    "message to it has nowhere to go [no-channel]");
    load_done(&l);
    l = load_one("every: Friday at 16:00, to: manager, tell: Hello", PEOPLE(""));
    assert_clean(&l); /* who does not speak to teams needs none */
    load_done(&l);
}

static void receiver_good_rules_load(void **state)
{
    static const char *const rules[] = {
        "every: Friday at 16:00, to: team, tell: \"{{team.name}}: {{team.total.calls}}, "
        "{{team.open_deals}}, {{team.reps}}, {{team.manager}}\"",
        "when: {event: deal.won, deal.amount: present}, to: rep, tell: Hello",
        "when: {event: activity.logged, kind: call}, to: team, if: {team.total.calls: {at_least: "
        "50}}, tell: Hello",
        "every: Friday at 16:00, to: team, digest: [{title: Together, text: "
        "\"{{team.total.calls}}\"}]",
        "when: deal.won, to: peer, ask: r",
        "every: Friday at 16:00, to: manager, digest: [{each: rep, if: {signal.calls: {over: 3}}, "
        "text: \"{{rep.name}}\", at_most: 3}]",
        "every: Friday at 16:00, digest: [{each: deal, if: {deal.name: {matches: \"^A\"}}, text: "
        "\"{{deal.name}}\"}]",
        "cron: \"0 16 * * 5\", digest: [{each: deal, text: \"{{deal.name}}\"}]",
        "when: deal.lost, suggest: {text: [Help, \"Would it help?\"], resource: "
        "\"https://x.example/a\"}",
        "when: deal.lost, suggest: {text: \"Talk it over?\", peer: true, topic: objections}",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        struct loaded l = load_one(rules[i], PEOPLE(", channel: C1"));
        if (l.problems.errors)
            fail_msg("%s\n%s", rules[i], l.text);
        load_done(&l);
    }
}

static void receiver_rank_words_in_a_digest_are_warned_of(void **state)
{
    (void)state;
    struct loaded l =
        load_one("every: Friday at 16:00, to: manager, digest: [{title: Top "
                 "performers, each: rep, text: \"{{rep.name}} is ahead of the others\"}]",
                 PEOPLE(""));
    assert_int_equal(l.problems.warnings, 2);
    assert_line(&l, "[lint-rank]");
    load_done(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(receiver_refusals_have_their_words),
        cmocka_unit_test(receiver_place_is_that_of_the_text),
        cmocka_unit_test(receiver_team_without_a_channel_is_named),
        cmocka_unit_test(receiver_good_rules_load),
        cmocka_unit_test(receiver_rank_words_in_a_digest_are_warned_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
