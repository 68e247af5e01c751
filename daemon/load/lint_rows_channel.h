/* lint_rows_channel.h: mentions of a channel. Included by lint.c, in an order that matters. */
LINT_RULE(.code = "lint-channel", .uses = ANY_USE,
          .advice = "calls a whole channel; coaching is for one person, write to them alone",
          .patterns =
              LIST("@channel|@here|@everyone|@everybody|@all|@team|@group", "<!*|<#*",
                   "#a*|#b*|#c*|#d*|#e*|#f*|#g*|#h*|#i*|#l*|#m*|#n*|#o*|#p*|#r*|#s*|#t*|#u*|#w*"),
          .bad = LIST("@channel who has an idea for {{deal.name}}?", "What do we tell @everyone?"),
          .good = LIST("Which channel does {{deal.contact}} like to be reached on?"))
