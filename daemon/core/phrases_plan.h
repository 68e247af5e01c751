/* phrases_plan.h: what is said about goals, plans and practice. Formats of printf.
 * Layer: core (pure). */
#pragma once

/* goals, and the own reasons */
#define SAY_HELP_GOALS                                                                             \
    "goals: your goals and this week's slice of them; goals 20 calls a week sets one"
#define SAY_GOALS_NONE                                                                             \
    "No goal is noted for you. Set one of your own, for example: goals 20 calls a week."
#define SAY_GOALS_HEAD       "Your goals. Nobody else reads this.\n"
#define SAY_GOAL_LINE        "%d. %s %s%s%s (%s)\n"
#define SAY_GOAL_OWN         "your own"
#define SAY_GOAL_MADE_OWN    "handed to you, made your own"
#define SAY_GOAL_ASSIGNED    "handed to you"
#define SAY_GOAL_IN_WORDS    "   In your words: “%s”\n"
#define SAY_GOAL_SLICE       "   This week: %lld %s. %lld done, %lld to go.\n"
#define SAY_GOAL_REACHED     "   All of it is done for this time.\n"
#define SAY_GOAL_NO_END      "   It has no end I could share out by weeks.\n"
#define SAY_GOAL_NOT_COUNTED "   I do not see what it counts, so I leave it as it is.\n"
#define SAY_GOAL_WEEKS       "   %lld of %lld are left for %lld weeks, rounded up.\n"
#define SAY_GOAL_FEW                                                                               \
    "   Your team has closed %lld deals whose way I know. Below %d any rate would be a guess, so " \
    "I give no number for the week.\n"
#define SAY_GOAL_PRICE                                                                             \
    "   %lld are left; a won deal brought %lld on average, so that is %lld won deals.\n"
#define SAY_GOAL_FUNNEL                                                                            \
    "   Of the %lld deals your team closed within %d months, %lld got past the first stage "       \
    "and %lld were won.\n"
#define SAY_GOAL_SUM     "   %lld won deals to go × %lld ÷ %lld ÷ %lld weeks, rounded up: %lld.\n"
#define SAY_GOAL_REASONS "Why it is worth it, in your words:\n"
#define SAY_GOAL_KEPT    "Noted as your own goal.\n"
#define SAY_GOAL_HOW                                                                               \
    "A number first, then what and for how long. For example: goals 20 calls a week, or goals 3 "  \
    "won deals a quarter. goals alone shows what there is."
#define SAY_GOAL_ZERO                                                                              \
    "A goal I can help with starts at 1. Which number would be a good next step for you?"
#define SAY_GOAL_LARGE "That number is more than I can count. Try a smaller one."
#define SAY_GOAL_PAST                                                                              \
    "That day has passed already. I count by day, week, month, quarter or year: goals 20 calls a " \
    "week."
#define SAY_GOAL_PERIOD                                                                            \
    "I count by day, week, month, quarter or year. For example: goals 20 calls a week."
#define SAY_GOAL_UNIT                                                                              \
    "I do not know how to count that. I can count %s, or an amount in a currency such as EUR."
#define SAY_GOAL_MANY                                                                              \
    "You have %d goals, which is all I can keep. Take one off first: goals drop 1."
#define SAY_GOAL_WHICH    "Which one? Say goals to see the numbers, then for example: goals drop 1."
#define SAY_GOAL_DROPPED  "All right, that goal is off your list."
#define SAY_GOAL_IS_YOURS "Thank you. From now on it stands in your words: say goals to see it."
#define SAY_REASON_KEPT   "Thank you. I keep that among your reasons; only you see them: say goals."
#define SAY_REASON_FIRST  "You once said why this matters to you: “%s”\n"

/* plans, and what is practised */
#define SAY_HELP_PLAN                                                                              \
    "plan: your if-then plans; plan when I lose a deal, then I call Rosa makes one"
#define SAY_PLAN_NONE                                                                              \
    "You have no plans with me. To make one: plan when I lose a deal, then I call Rosa. Or: plan " \
    "Tuesday 9:00, write to Acme."
#define SAY_PLAN_HEAD      "Your plans. Nobody else reads this.\n"
#define SAY_PLAN_LINE      "%d. “%s” (%s)\n"
#define SAY_PLAN_IS_DRAFT  "say plan yes to keep it"
#define SAY_PLAN_IS_QUEUED "waits until another one is a habit"
#define SAY_PLAN_IS_HABIT  "a habit by now"
#define SAY_PLAN_PRACTICE  "   Done by itself %d of %d times. I ask again on %s.\n"
#define SAY_PLAN_SAID_DID  "   Followed through %d of %d times.\n"
#define SAY_PLAN_LAPSE                                                                             \
    "A moment that slips by is part of learning. A smaller act or another moment often helps.\n"
#define SAY_PLAN_FOOT "plan drop 1 takes one off; plan practise 1 makes it a habit to practise."
#define SAY_PLAN_READ                                                                               \
    "I read it like this.\n“%s”\nWhen: %s\nThen: %s\nSay plan yes to keep it, plan no to drop " \
    "it, or write it again."
#define SAY_PLAN_READ_LOOSE                                                                        \
    "“%s”\nI do not know that moment, so I could only keep the sentence and not remind you. "  \
    "Moments I know: Tuesday 9:00, every Monday 8:30, before my next meeting with Acme, when I "   \
    "lose a deal, when a deal moves to propose. Say plan yes to keep it as it is, or write it "    \
    "again."
#define SAY_PLAN_KEPT       "Kept. I will remind you in your own words: %s."
#define SAY_PLAN_KEPT_LOOSE "Kept in your own words, without a reminder."
#define SAY_PLAN_HOW                                                                               \
    "A plan has two halves: when, and then what. For example: plan when I lose a deal, then I "    \
    "call Rosa."
#define SAY_PLAN_TEMPLATE                                                                          \
    "That is only the frame. What would stand in it in your own words? When … happens, I will …"
#define SAY_PLAN_PAST      "That moment has passed already. When would be the next good one?"
#define SAY_PLAN_MANY      "You have %d plans, which is all I can keep. Take one off first: plan drop 1."
#define SAY_PLAN_WHICH     "Which one? Say plan to see the numbers, then for example: plan drop 1."
#define SAY_PLAN_NO_DRAFT  "There is no plan that waits for a yes. Say plan to see yours."
#define SAY_PLAN_DISCARDED "All right, I did not keep it."
#define SAY_PLAN_DROPPED   "All right, that plan is off your list."
#define SAY_PLAN_DONE      "Good. I have noted that it is done."
#define SAY_PRACTICE_BEGINS                                                                        \
    "That is yours to practise now. I will ask about it in a few days, less and less often as it " \
    "comes by itself."
#define SAY_PRACTICE_QUEUED                                                                        \
    "Kept. You practise %d things already, and more at once seldom stay; this one comes next."
#define SAY_PRACTICE_HABIT   "“%s” comes by itself now. I will not ask about it any more."
#define SAY_PRACTICE_NOT_YET "That is how practice goes. I will ask again a little sooner."
#define SAY_CUE_NONE         "without a reminder"
#define SAY_CUE_PAST         "its moment has passed"
#define SAY_CUE_WEEKLY       "every %s at %s"
#define SAY_CUE_DAILY        "every working day at %s"
#define SAY_CUE_AHEAD        "an hour before what you have planned%s"
#define SAY_CUE_LOST         "when a deal is lost%s"
#define SAY_CUE_WON          "when a deal is won%s"
#define SAY_CUE_STAGE        "when a deal comes to %s%s"
