#!/bin/sh
# clang-format decides how our C looks.
set -eu
format=$(command -v clang-format || command -v clang-format-14) ||
    { echo "skipped: clang-format is not installed"; exit 77; }
find daemon tests -name '*.[ch]' ! -name command_list.h ! -name action_list.h ! -name chat_list.h ! -name crm_list.h ! -name metric_list.h ! -name doctor_list.h ! -name poll_list.h ! -name back_list.h -print0 |
    xargs -0 "$format" --dry-run -Werror && echo "formatted"
