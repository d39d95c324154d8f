#!/usr/bin/env bash
# Writes the code that the pages name in <!-- snippet: file#region --> into the block below each name.
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files -co --exclude-standard '*.md' | while read -r page; do
  awk '
    function show(file, region,    line, on, n, i, indent, lines) {
      on = region == ""; n = 0; indent = 999
      while ((getline line < file) > 0) {
        if (region != "" && line ~ "^ *#region " region "$") { on = 1; continue }
        if (region != "" && on && line ~ /^ *#endregion/) { on = 0; continue }
        if (on) { lines[++n] = line; if (line != "") { match(line, /^ */); if (RLENGTH < indent) indent = RLENGTH } }
      }
      close(file)
      while (n > 0 && lines[n] == "") n--
      for (i = 1; i <= n; i++) print region == "" ? lines[i] : substr(lines[i], indent + 1)
    }
    /^<!-- snippet: / { split($3, name, "#"); pending = 1 }
    skipping && /^```$/ { skipping = 0 }
    skipping { next }
    { print }
    pending && /^```[a-z]+$/ { show(name[1], name[2]); pending = 0; skipping = 1; name[2] = "" }
  ' "$page" > "$page.new"
  if cmp -s "$page" "$page.new"; then rm "$page.new"; else mv "$page.new" "$page"; echo "updated $page"; fi
done
