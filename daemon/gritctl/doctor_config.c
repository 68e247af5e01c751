/* The files: gritd.yaml and what it names, as the daemon reads them. */
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "gritctl/doctor.h"
#include "io/files.h"
#include "io/url.h"

static bool is_named(const struct doctor *doctor, const char *file, const struct config_path *named)
{
    if (!named->path)
        return false;
    CLEANUP_FREE char *path = path_beside(doctor->setup->path, named->path);
    return str_eq(path, file);
}

/* A file that cannot be read is told at the place that names it. */
static bool is_place(const struct problem *problem, const struct config_path *named)
{
    return named->path && problem->line == named->place.line &&
           str_eq(problem->code, "cannot-read");
}

static enum fault fault_of(const struct doctor *doctor, const struct problem *problem)
{
    const struct config *config = doctor->config;
    bool own = str_eq(problem->file, doctor->setup->path);
    if (own && !problem->line && str_eq(problem->code, "cannot-read"))
        return FAULT_CONFIG_MISSING;
    if (own)
        return is_place(problem, &config->people) ? FAULT_PEOPLE_MISSING : FAULT_CONFIG_WRONG;
    if (is_named(doctor, problem->file, &config->people))
        return FAULT_PEOPLE_WRONG;
    if (is_named(doctor, problem->file, &config->pipeline))
        return FAULT_CONFIG_WRONG;
    for (int i = 0; i < config->holiday_count + config->word_count; i++) {
        if (is_named(doctor, problem->file,
                     i < config->holiday_count ? &config->holidays[i]
                                               : &config->words[i - config->holiday_count]))
            return FAULT_CONFIG_WRONG;
    }
    return FAULT_PLUGIN_BROKEN;
}

static void look_at_problems(struct doctor *doctor)
{
    const struct problems *problems = &doctor->setup->problems;
    doctor->configured = true;
    for (int i = 0; i < problems->count; i++) {
        if (problems->list[i].warning)
            continue;
        struct strbuf line = {0};
        enum fault fault = fault_of(doctor, &problems->list[i]);
        problem_print(&problems->list[i], &line);
        doctor_found(doctor, fault, "%s", strbuf_text(&line));
        doctor->configured &= fault != FAULT_CONFIG_MISSING;
        strbuf_done(&line);
    }
}

static bool zone_from_platform(const char *platform)
{
    return str_eq(platform, "slack") || str_eq(platform, "mattermost");
}

static void look_at_people(struct doctor *doctor, const struct book *book)
{
    const char *platform = doctor->config->platform;
    for (int i = 0; i < book->person_count; i++) {
        const struct person_def *person = &book->people[i];
        const struct team_def *team = person->team ? book_team(book, person->team) : NULL;
        if (!str_eq(platform, "local") && !person->chat &&
            (!person->email || !zone_from_platform(platform)))
            doctor_found(doctor, FAULT_PERSON_CHAT,
                         "%s:%d: nothing says who '%s' is on %s, so they get no message",
                         person->place.file, person->place.line, person->id, platform);
        if (!person->zone && !(team && team->zone) && !zone_from_platform(platform))
            doctor_found(doctor, FAULT_PERSON_ZONE,
                         "%s:%d: no time zone is known for '%s', so UTC is taken",
                         person->place.file, person->place.line, person->id);
    }
    for (int i = 0; i < book->team_count; i++) {
        if (!book->teams[i].manager)
            doctor_found(
                doctor, FAULT_MANAGER_MISSING,
                "%s:%d: the team '%s' has no manager, so nobody gets its cards and digests",
                book->teams[i].place.file, book->teams[i].place.line, book->teams[i].id);
    }
}

static void look_at_holidays(struct doctor *doctor, const struct book *book)
{
    struct civil today;
    bool this_year = false;
    civil_from_msec(doctor->call->now, &today);
    for (int i = 0; i < book->holiday_count && !this_year; i++) {
        int year, month, day;
        civil_from_days(book->holidays[i], &year, &month, &day);
        this_year = year == today.year;
    }
    if (!this_year)
        doctor_found(doctor, FAULT_HOLIDAYS,
                     book->holiday_count ? "the holiday files have no day of %d, so people are "
                                           "written to on holidays"
                                         : "no holidays of %d are known, so people are written to "
                                           "on holidays",
                     today.year);
}

static void look_at_address(struct doctor *doctor)
{
    const char *address = doctor->config->public_url;
    struct url url;
    struct err err;
    if (!address)
        return;
    int status = url_parse(address, &err, &url);
    if (status || (!url.tls && !url_host_is_loopback(url.host)))
        doctor_found(doctor, FAULT_PUBLIC_URL,
                     "public_url is %s: links and signed deliveries would go over it unprotected",
                     address);
}

void doctor_config(struct doctor *doctor)
{
    const struct book *book = doctor->setup->book;
    look_at_problems(doctor);
    if (!doctor->configured)
        return;
    if (!doctor->config->people.path)
        doctor_found(doctor, FAULT_PEOPLE_MISSING, "%s names no people", doctor->setup->path);
    look_at_address(doctor);
    if (!book)
        return;
    if (!book->rule_count && !book->flow_count && !doctor->setup->counts.failed)
        doctor_found(doctor, FAULT_RULES_MISSING,
                     "%s leads to no rules, so gritd has nothing to say", doctor->setup->path);
    look_at_people(doctor, book);
    look_at_holidays(doctor, book);
}
