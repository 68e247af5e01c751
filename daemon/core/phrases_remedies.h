/* phrases_remedies.h: what would have let a message go on, for each gate that can stop one.
 * Layer: core (pure). */
#pragma once

#define SAY_REMEDY_CONSENT "It would have gone on without the pause, or with that topic left on."
#define SAY_REMEDY_LATE    "It would have gone on if the event had arrived sooner after it happened."
#define SAY_REMEDY_LEAVE   "It would have gone on on a day at work."
#define SAY_REMEDY_STAGE   "It would have gone on if the deal had stayed in its stage until then."
#define SAY_REMEDY_HOURS   "It would have gone on within working hours."
#define SAY_REMEDY_COOL_OFF                                                                        \
    "It would have gone on if no deal had been lost since the last working morning."
#define SAY_REMEDY_CONVERSATION                                                                    \
    "It would have gone on if the open question had been answered or skipped."
#define SAY_REMEDY_BACK_OFF "It would have gone on after a reaction to one of the last questions."
#define SAY_REMEDY_CAPS     "It would have gone on on a day or in a week with fewer messages before it."
#define SAY_REMEDY_LIMIT                                                                           \
    "It would have gone on if the rule had spoken less often before, or had a higher limit."
#define SAY_REMEDY_COOLDOWN "It would have gone on once the rule's cooldown was over."
#define SAY_REMEDY_INHIBIT  "It would have gone on if the stronger rule had not spoken or waited."
#define SAY_REMEDY_PRIORITY "It would have gone on with a higher priority than the rule that spoke."
#define SAY_REMEDY_EVIDENCE                                                                        \
    "It would have gone on with something to say: a value for every name in its text, a line in "  \
    "the digest, or an offer that was not declined lately."
#define SAY_REMEDY_IF                                                                              \
    "It would have gone on if the rule's conditions had still held at the end of the wait."
#define SAY_REMEDY_RECEIVER                                                                        \
    "It would have gone on if a manager were named for the team, or the rep were in a team of "    \
    "people.yaml."
#define SAY_REMEDY_PEER                                                                            \
    "It would have gone on if a colleague of the team had been at work and not been asked "        \
    "anything that day."
#define SAY_REMEDY_MISSED  "It would have gone on if gritd had been running at that time."
#define SAY_REMEDY_UNLESS  "It would have gone on if none of the events under `unless` had come."
#define SAY_REMEDY_PLAN    "It would have gone on if it had stayed as it was planned."
#define SAY_REMEDY_MISSING "It would have gone on if that had not happened either."
#define SAY_REMEDY_FEED    "It would have gone on if something of the kind had been heard of earlier."
#define SAY_REMEDY_RULE    "It would have gone on if the rule were still there."
#define SAY_REMEDY_RAMP                                                                            \
    "It would have gone on later, once the new rule has come to everybody on the team."
#define SAY_REMEDY_COIN "It would have gone on if the experiment's coin had fallen the other way."
#define SAY_REMEDY_PAUSED_RULE                                                                     \
    "It would have gone on if the rule had not paused itself for doing harm."
#define SAY_REMEDY_FLOW     "It would have gone on if the flow were still there."
#define SAY_REMEDY_SEND     "It was decided, but the platform did not take it."
#define SAY_REMEDY_OTHER    "It would have gone on if that gate had let it pass."
#define SAY_REMEDY_NEAR_IS  "It would have gone on if %s had been %s."
#define SAY_REMEDY_NEAR_ANY "It would have gone on if one of these had held."
#define SAY_REMEDY_NEAR_NOT "It would have gone on if that had not held."
