/* phrases_all.h: every header of sentences, for the table of them (phrase_list.h).
 * Layer: core (pure). */
#pragma once
#include "core/phrases.h"
#include "core/phrases_coach.h"
#include "core/phrases_data.h"
#include "core/phrases_door.h"
#include "core/phrases_manager.h"
#include "core/phrases_page.h"
#include "core/phrases_plan.h"
#include "core/phrases_reasons.h"
#include "core/phrases_remedies.h"
#include "core/phrases_rep.h"
#include "core/phrases_request.h"
#include "core/phrases_unkept.h"
