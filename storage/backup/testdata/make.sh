#!/bin/sh
# make.sh COMMIT writes a restore point as the program of that commit makes one; README.md
# beside it says what is in it. Run it in the repository.
set -eu

commit=$(git rev-parse --short=7 "${1:?which commit?}")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'git worktree remove --force "$work/source"; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

git worktree add --quiet --detach "$work/source" "$commit"
(cd "$work/source" && go build -trimpath -tags faultpoints -ldflags "-X main.version=$commit" -o "$work/masala" .)

# The month of docs/examples, and a morning after it in the middle of which the program is
# replaced: a batch is in the mill, a truck is being loaded, and stock is counted. The
# cumin that was counted has moved since.
mkdir "$work/point"
sed '/^# --- and the books agree/,$d' "$work/source/docs/examples/month.sh" >"$work/month.sh"
cat >>"$work/month.sh" <<'END'
batch=$(as store production.plan_batch '{"recipe":'"$recipe"',"charge":50000000}' | get id)
as store production.start_batch '{"id":'"$batch"',"version":1}' >/dev/null
order=$(as store sales.create_order '{"customer":'"$pune"',"lines":[{"item":'"$packs"',"qty":40,"unit":"pcs","price":2743}]}' | get id)
as store sales.draft_dispatch '{"order":'"$order"',"lines":[{"order_line":1,"qty":40}]}' >/dev/null
count=$(as store stock.open_count '{"types":["RAW"]}' | get id)
as store stock.record_count '{"id":'"$count"',"entries":[
  {'"$(cell "$turmeric_lot" REGULAR RELEASED)"',"qty":499000000},{'"$(cell "$cumin_lot" REGULAR RELEASED)"',"qty":49500000}]}' >/dev/null
as store production.issue_material '{"id":'"$batch"',"version":2,"lines":[{"line":1,"qty":30000000},{"line":2,"qty":20000000}]}' >/dev/null
"$masala" verify --data "$work/owner" --quiet >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 1; }
"$masala" backup --data "$work/owner" --to "$POINT" --quiet
END
MASALA=$work/masala POINT=$work/point sh "$work/month.sh"
rm -rf "${here:?}/$commit"
mv "$work/point" "$here/$commit"
chmod 755 "$here/$commit"
chmod 644 "$here/$commit"/*
