/* figures_style.h: how the page of a simulation looks; light and dark, from 360 px on.
 * Layer: commands. No "<" and no "&": the page is well-formed XML too. */
#pragma once

#define FIGURES_STYLE                                                                              \
    ":root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1b2430;--soft:#5b6675;"       \
    "--line:#d9dee5;--a:#d0752a;--b:#2463b4;--fill:#cfe0f5;--track:#eef1f5}\n"                     \
    "@media (prefers-color-scheme:dark){:root{--page:#12161c;--card:#1b2129;--ink:#e8ecf1;"        \
    "--soft:#9ba7b6;--line:#313a46;--a:#ec9a55;--b:#6fa8ef;--fill:#28405f;--track:#252c36}}\n"     \
    "*{box-sizing:border-box}\n"                                                                   \
    "body{margin:0;background:var(--page);color:var(--ink);font:16px/1.45 system-ui,sans-serif}\n" \
    "main{overflow-wrap:break-word;max-width:80rem;margin:0 auto;padding:1.25rem 1rem 3rem}\n"     \
    "h1{font-size:1.5rem;line-height:1.2;margin:.25rem 0 .5rem}\n"                                 \
    "h2{font-size:1.1rem;margin:0 0 .25rem}\n"                                                     \
    "h3{font-size:.95rem;margin:1rem 0 .25rem}\n"                                                  \
    "p{margin:.25rem 0}\n"                                                                         \
    ".note{color:var(--soft);font-size:.875rem}\n"                                                 \
    ".key{list-style:none;padding:0;margin:.5rem 0;display:flex;flex-wrap:wrap;gap:.25rem "        \
    "1.5rem;overflow-wrap:anywhere}\n"                                                             \
    ".key li:before{content:'';display:inline-block;width:.8rem;height:.8rem;border-radius:2px;"   \
    "margin-right:.45rem;background:currentColor}\n"                                               \
    ".key .a:before{background:var(--a)}.key .b:before{background:var(--b)}\n"                     \
    ".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;"      \
    "margin:1rem 0}\n"                                                                             \
    ".tile,section{background:var(--card);border:1px solid var(--line);border-radius:.6rem;"       \
    "padding:.75rem 1rem}\n"                                                                       \
    ".tile{margin:0}.tile dt{color:var(--soft);font-size:.875rem}\n"                               \
    ".tile dd{margin:0;font-size:1.35rem;font-weight:600;font-variant-numeric:tabular-nums}\n"     \
    ".tile dd small{font-size:.875rem;font-weight:400;color:var(--soft);display:block}\n"          \
    ".grid{display:grid;grid-template-columns:minmax(0,1fr);gap:1rem}\n"                           \
    ".stack{display:grid;grid-template-columns:minmax(0,1fr);gap:1rem;align-content:start}\n"      \
    "@media (min-width:60rem){.grid{grid-template-columns:repeat(2,minmax(0,1fr))}"                \
    ".wide{grid-column:1/-1}.wide table{max-width:40rem}}\n"                                       \
    "figure{margin:.75rem 0}\n"                                                                    \
    "svg{display:block;width:100%}\n"                                                              \
    ".time{position:relative;padding-left:2.5rem}\n"                                               \
    ".time svg{height:11rem;border-bottom:1px solid var(--line)}\n"                                \
    ".time .axis{position:absolute;left:0;width:2.2rem;text-align:right;top:0;bottom:0;display:"   \
    "flex;flex-direction:column;justify-content:space-between}\n"                                  \
    ".axis,.dates{color:var(--soft);font-size:.75rem;line-height:1;"                               \
    "font-variant-numeric:tabular-nums}\n"                                                         \
    ".dates{display:flex;justify-content:space-between;padding:.4rem 0 0 2.5rem}\n"                \
    ".mesh{stroke:var(--line);stroke-width:1;vector-effect:non-scaling-stroke}\n"                  \
    ".area{fill:var(--fill)}\n"                                                                    \
    ".line{fill:none;stroke-width:2;vector-effect:non-scaling-stroke;stroke-linejoin:round}\n"     \
    ".line.a{stroke:var(--a);stroke-dasharray:5 3}.line.b{stroke:var(--b)}\n"                      \
    ".bars{display:grid;grid-template-columns:minmax(5rem,11rem) 1fr auto;gap:.35rem .75rem;"      \
    "align-items:center;font-size:.875rem}\n"                                                      \
    ".bars .name{overflow-wrap:anywhere;line-height:1.2}\n"                                        \
    ".bars .figure{font-variant-numeric:tabular-nums;text-align:right;white-space:nowrap}\n"       \
    "@media (max-width:30rem){.bars{grid-template-columns:1fr auto}.bars .name{grid-column:1/-1;"  \
    "margin-bottom:-.3rem}}\n"                                                                     \
    ".bars svg{height:.5rem;background:var(--track);border-radius:2px}\n"                          \
    ".bars svg+svg{margin-top:2px}\n"                                                              \
    "rect.a{fill:var(--a)}rect.b{fill:var(--b)}\n"                                                 \
    ".scroll{overflow:auto;max-height:22rem;border-top:1px solid var(--line)}\n"                   \
    "table{border-collapse:collapse;width:100%;font-size:.8125rem;"                                \
    "font-variant-numeric:tabular-nums}\n"                                                         \
    "th,td{padding:.3rem .5rem;text-align:right;white-space:nowrap;"                               \
    "border-bottom:1px solid var(--line)}\n"                                                       \
    "th:first-child,td:first-child{text-align:left;padding-left:0}\n"                              \
    "thead th{position:sticky;top:0;background:var(--card);color:var(--soft);font-weight:600}\n"   \
    "tbody th{font-weight:400}td.nil{color:var(--soft)}\n"                                         \
    "tr:last-child>*{border-bottom:0}\n"                                                           \
    "@media print{.scroll{max-height:none}section{break-inside:avoid}}\n"
