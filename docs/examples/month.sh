#!/bin/sh
# A month of a spice factory: February 2026, from the first day of the books to the
# closed month, through "masala call" alone. Every number that is checked was worked
# out by hand in the comment above it; the script ends at the first one that differs.
#
#   MASALA=./masala-examples docs/examples/month.sh [-v]
#
# See README.md beside it for the program it needs. Quantities are milligrams and
# pieces, money is paise. It needs a shell, sed and awk, and nothing else.
set -eu

masala=${MASALA:?set MASALA to the program, see README.md}
work=$(mktemp -d)
export XDG_STATE_HOME="$work/state" # the trial of this factory, apart from that of the PC
checked=0
server=

bye() {
  code=$?
  [ -z "$server" ] || { kill "$server" 2>/dev/null || :; wait "$server" 2>/dev/null || :; }
  rm -rf "$work"
  exit $code
}
trap bye EXIT
trap 'exit 1' INT TERM

# --- what the rest is written in ------------------------------------------------------

# as USER OPERATION JSON answers what the server answers. The owner sits at the server PC,
# the store at a PC of its own; both stay logged in.
as() { "$masala" call "$2" "${3:-}" --data "$work/$1" --quiet; }

# login logs both in, for the seven days that a login lasts.
login() {
  for user in owner store; do
    "$masala" call account.who_am_i --user $user --password turmeric-42 --save --data "$work/$user" --quiet >/dev/null
  done
}

# refused USER OPERATION JSON answers the sentence of a refusal.
refused() {
  if as "$@" >"$work/out" 2>"$work/err"; then
    echo "$2 was not refused: $3" >&2
    exit 1
  elif [ $? -ne 3 ]; then
    cat "$work/err" >&2
    exit 1
  fi
  sed -n 's/^masala: //p' "$work/err"
}

# each FIELD prints every value of a field, in order; get FIELD the first one.
each() { sed -n 's/^ *"'"$1"'": "\{0,1\}\(.*[^",]\)"\{0,1\},\{0,1\}$/\1/p'; }
get() { each "$1" | sed -n 1p; }

# of FIELD VALUE WANTED prints, of the object whose FIELD is VALUE, the field WANTED
# that stands behind it.
of() {
  awk -v key="\"$1\": $2" -v want="\"$3\": " '
    { line = $0; sub(/,$/, "", line); at = match(line, /[^ ]/); rest = substr(line, at) }
    rest == key { depth = at; next }
    depth && at < depth { depth = 0 }
    depth && at == depth && index(rest, want) == 1 { v = substr(rest, length(want) + 1); gsub(/^"|"$/, "", v); print v; exit }'
}

# same WHAT GOT WANT
same() {
  if [ "$2" != "$3" ]; then
    echo "$1: $2, worked out by hand: $3" >&2
    exit 1
  fi
  checked=$((checked + 1))
  [ "${verbose:-}" = "" ] || echo "  $1: $2"
}

# cell LOT SEGMENT STATUS names a stock cell.
cell() { echo '"lot":'"$1"',"segment":"'"$2"'","status":"'"$3"'"'; }

# worth LOT checks quantity and value of a lot: worth NAME LOT QTY VALUE
worth() {
  lot=$(as owner stock.get_valued_lot '{"id":'"$2"'}')
  same "$1, quantity" "$(echo "$lot" | sed -n 's/^  "qty": \(.*\),$/\1/p')" "$3"
  same "$1, value" "$(echo "$lot" | get value)" "$4"
}

# on DAY ""|gap|monday TITLE begins a day at ten in the morning. After a gap of more than
# a day the program asks an Admin whether the date is right. On Mondays all log in anew.
on() {
  echo "$1 $3"
  echo "$1T10:00:00+05:30" >"$work/clock.new"
  mv "$work/clock.new" "$work/owner/clock"
  [ "$2" != monday ] || login
  [ "$2" = "" ] || as owner licence.confirm_clock '{"day":"'"$1"'"}' >/dev/null
}

if [ "${1:-}" = -v ]; then verbose=yes; fi

# --- 2 February, Monday: the factory sets up its books ----------------------------------

mkdir -p "$work/owner"
on 2026-02-02 "" "setting up"
"$masala" serve --listen 127.0.0.1:0 --data "$work/owner" --quiet 2>"$work/log" &
server=$!

# Exit code 4 is a server that is not there yet.
tries=0
until as owner account.create_first_admin '{"factory":"Masala factory, Pune","state_code":"27","login":"owner","name":"Asha Kulkarni","password":"turmeric-42"}' >/dev/null 2>"$work/err"; do
  if [ $? -ne 4 ] || [ $tries -gt 100 ]; then cat "$work/err" "$work/log" >&2; exit 1; fi
  tries=$((tries + 1))
  sleep 0.2
done
"$masala" call account.create_user '{"login":"store","name":"Sunita Pawar","role":"OPERATOR","password":"turmeric-42"}' \
  --user owner --password turmeric-42 --save --data "$work/owner" --quiet >/dev/null
lan=$(sed -n 's/.*"lan":"\([^"]*\)".*/\1/p' "$work/owner/runtime.json")
"$masala" pair "$lan" "$(as owner account.open_pairing | get code)" --data "$work/store" --quiet >/dev/null
login

# item JSON answers the id of a new item.
item() { as owner catalog.create_item "$1" | get id; }
kg='"dimension":"mass","purchase_unit":"kg","issue_unit":"kg"'
pcs='"dimension":"count","purchase_unit":"pcs","issue_unit":"pcs"'
turmeric=$(item '{"sku":"RAW-001","name":"Turmeric finger","type":"RAW",'"$kg"',"shelf_life_months":24,"active":true}')
coriander=$(item '{"sku":"RAW-004","name":"Coriander seed","type":"RAW",'"$kg"',"shelf_life_months":12,"qc_required":true,"active":true}')
cumin=$(item '{"sku":"RAW-005","name":"Cumin seed","type":"RAW",'"$kg"',"shelf_life_months":18,"active":true}')
masala_powder=$(item '{"sku":"BLK-006","name":"Garam Masala","type":"BULK_POWDER",'"$kg"',"shelf_life_months":9,"active":true}')
oversize=$(item '{"sku":"BLK-013","name":"Oversize for regrind","type":"BULK_POWDER",'"$kg"',"shelf_life_months":3,"active":true}')
pouch=$(item '{"sku":"PKG-001","name":"Pouch 50 g","type":"PACKING_MATERIAL","subtype":"POUCH",'"$pcs"',"active":true}')
carton=$(item '{"sku":"PKG-002","name":"Carton of 40","type":"PACKING_MATERIAL","subtype":"OUTER",'"$pcs"',"active":true}')
packs=$(item '{"sku":"FIN-007","name":"Garam Masala 50 g","type":"FINISHED_GOOD",'"$pcs"',"shelf_life_months":9,"net_weight":50000,"hsn":"09109100","gst":[{"from":"2025-09-22","rate":500}],"active":true}')

# party JSON answers the id of a new supplier or customer.
party() { as owner party.create_party "$1" | get id; }
unjha=$(party '{"kind":"SUPPLIER","name":"Unjha Jeera House","state_code":"24","active":true}')
polyflex=$(party '{"kind":"SUPPLIER","name":"PolyFlex Laminates","state_code":"24","active":true}')
customer() { party '{"kind":"CUSTOMER","name":"'"$1"'","state_code":"'"$2"'","segment":"'"$3"'","phone":"98220 12345","min_life":'"$4"',"active":true}'; }
pune=$(customer "Main Distributor Pune" 27 REGULAR 5000)
surat=$(customer "Surat Super Stockist" 24 REGULAR 5000)
hyderabad=$(customer "Hyderabad Kirana Agencies" 36 REGULAR 4000)
hotel=$(customer "Hotel & Canteen Supplies" 27 REGULAR 2500)
bengaluru=$(customer "Online Marketplace A" 29 ONLINE 3000)
gurgaon=$(customer "Online Marketplace B" 06 ONLINE 3000)

recipe=$(as owner recipe.create_recipe '{"code":"GM","name":"Garam Masala","item":'"$masala_powder"',"std_loss":300,"tolerance":150,"active":true,
  "lines":[{"item":'"$cumin"',"share":6000},{"item":'"$coriander"',"share":4000}]}' | get id)
profile=$(as owner packing.create_profile '{"code":"POUCH_50","name":"Pouch of 50 g, 40 to a carton","net_weight":50000,"active":true,
  "components":[{"item":'"$pouch"',"q":1,"n":1},{"item":'"$carton"',"q":1,"n":40}],"products":[{"item":'"$packs"',"powder":'"$masala_powder"'}]}' | get id)

# --- 3 February: goods come in ------------------------------------------------------------

on 2026-02-03 "" "buying"

# 500 kg at 143.00 = 71,500.00; 300 kg at 85.00 = 25,500.00; 200 kg at 225.00 = 45,000.00.
# Freight 3,500.00 by value over 142,000.00: 1,762.32394, 628.52113, 1,109.15493;
# floors sum to 3,499.98, and the two largest remainders, .515 and .493 of a paisa more
# precisely 176,232.394, 62,852.113, 110,915.493 paise, leave one paisa for the last:
# 1,762.32 + 628.52 + 1,109.16 = 3,500.00.
grn=$(as store purchase.post_grn '{"supplier":'"$unjha"',"invoice_no":"UJ/771","invoice_date":"2026-02-01","freight":350000,"lines":[
  {"item":'"$turmeric"',"qty":500000000,"unit":"kg","value":7150000,"supplier_batch":"ET-512","mfg_on":"2026-01-20","expiry_on":"2028-01-19"},
  {"item":'"$coriander"',"qty":300000000,"unit":"kg","value":2550000,"supplier_batch":"RD-31","mfg_on":"2026-01-20","expiry_on":"2027-01-19"},
  {"item":'"$cumin"',"qty":200000000,"unit":"kg","value":4500000,"supplier_batch":"UJ-77","mfg_on":"2026-01-20","expiry_on":"2027-07-19"}]}')
goods=$(echo "$grn" | get document)
turmeric_lot=$(echo "$grn" | each lot | sed -n 1p)
coriander_lot=$(echo "$grn" | each lot | sed -n 2p)
cumin_lot=$(echo "$grn" | each lot | sed -n 3p)
same "number of the receipt" "$(echo "$grn" | get number)" GRN-20260203-001
same "coriander waits for its test" "$(echo "$grn" | each status | sed -n 2p)" HOLD
worth turmeric "$turmeric_lot" 500000000 7326232
worth coriander "$coriander_lot" 300000000 2612852
worth cumin "$cumin_lot" 200000000 4610916

# 6,000 pouches at 0.60 = 3,600.00; 150 cartons at 24.00 = 3,600.00.
grn=$(as store purchase.post_grn '{"supplier":'"$polyflex"',"invoice_no":"PF/9","invoice_date":"2026-02-02","lines":[
  {"item":'"$pouch"',"qty":6000,"unit":"pcs","value":360000},{"item":'"$carton"',"qty":150,"unit":"pcs","value":360000}]}')
pouch_lot=$(echo "$grn" | each lot | sed -n 1p)
carton_lot=$(echo "$grn" | each lot | sed -n 2p)

# --- 4 February: hold and release -----------------------------------------------------------

on 2026-02-04 "" "hold and release"

as store stock.hold_lot '{"lot":'"$cumin_lot"',"reason":"smells musty"}' >/dev/null
# The mill can have none of what is on hold: 60 % of 250 kg is 150 kg, 40 % is 100 kg.
batch=$(as store production.plan_batch '{"recipe":'"$recipe"',"charge":250000000,"on":"2026-02-05"}')
id=$(echo "$batch" | get id)
same "cumin on the job card" "$(echo "$batch" | of sku '"RAW-005"' qty)" 150000000
same "light of cumin" "$(echo "$batch" | of sku '"RAW-005"' light)" RED
same "expected after 3 % loss" "$(echo "$batch" | get expected)" 242500000
same "starting is refused, and all that is short is named" "$(refused store production.start_batch '{"id":'"$id"',"version":1}')" \
  "Cumin seed: need 150.000 kg, available 0.000 kg. LOT-20260203-003 is on hold. And 1 more to correct."
same "an Operator releases nothing" "$(refused store stock.release_lot '{"lot":'"$cumin_lot"',"reason":"aired"}')" "Only an Admin may do this."
as owner stock.release_lot '{"lot":'"$cumin_lot"',"reason":"aired and tested"}' >/dev/null
as owner stock.release_lot '{"lot":'"$coriander_lot"',"reason":"moisture 8.3 %"}' >/dev/null
worth "cumin after hold and release" "$cumin_lot" 200000000 4610916

# --- 5 February: produce, with loss and by-product ------------------------------------------

on 2026-02-05 "" "producing"

as store production.start_batch '{"id":'"$id"',"version":1}' >/dev/null
# Weighed: 150.5 kg cumin instead of 150, 100 kg coriander.
#   cumin      4,610,916 x 150.5/200 = 3,469,714.29 -> 3,469,714; 1,141,202 stay on 49.5 kg
#   coriander  2,612,852 x 100/300   =   870,950.67 ->   870,951; 1,741,901 stay on 200 kg
batch=$(as store production.issue_material '{"id":'"$id"',"version":2,"lines":[{"line":1,"qty":150500000},{"line":2,"qty":100000000}]}')
worth "cumin after the issue" "$cumin_lot" 49500000 1141202
worth "coriander after the issue" "$coriander_lot" 200000000 1741901

# Out: 240 kg powder, 2 kg oversize at a net realisable value of 60.00/kg = 120.00, 3 kg
# of dust weighed. In 250.5 kg; loss 250.5 - 242 = 8.5 kg, of which 5.5 kg nobody weighed;
# 8.5/250.5 = 3.393 %, below 3.00 + 1.50 %. Value in 3,469,714 + 870,951 = 4,340,665; the
# oversize takes 12,000, the powder the rest: 4,328,665.
# The owner completes it: a by-product's value in rupees is his to give.
batch=$(as owner production.complete_batch '{"id":'"$id"',"version":3,"output":240000000,"waste":[{"reason":"DUST","qty":3000000}],
  "by_products":[{"item":'"$oversize"',"qty":2000000,"nrv":12000}]}')
same "loss" "$(echo "$batch" | sed -n 's/^    "loss": \(.*\),$/\1/p')" 8500000
same "invisible loss" "$(echo "$batch" | get invisible)" 5500000
same "loss in 0.01 %" "$(echo "$batch" | get loss_share)" 339
same "alert" "$(echo "$batch" | get alert)" false
powder_lot=$(as store stock.list_lots '{"item":'"$masala_powder"'}' | get lot)
oversize_lot=$(as store stock.list_lots '{"item":'"$oversize"'}' | get lot)
worth powder "$powder_lot" 240000000 4328665
worth oversize "$oversize_lot" 2000000 12000

# --- 9 February: pack for two segments --------------------------------------------------------

on 2026-02-09 monday "packing"

run='"profile":'"$profile"',"item":'"$packs"',"lot":'"$powder_lot"
# 6,100 packs need 305 kg of 240, 6,100 pouches of 6,000 and 6,100/40 = 152.5 -> 153
# cartons of 150. Possible are 240/0.050 = 4,800 packs.
possible=$(as store packing.check_feasibility '{'"$run"',"segment":"REGULAR","packs":6100}')
same "what stands in the way" "$(echo "$possible" | each message)" "LOT-20260205-001: need 305.000 kg, available 240.000 kg.
Pouch 50 g: need 6,100 pcs, available 6,000 pcs.
Carton of 40: need 153 pcs, available 150 pcs."
same "possible packs" "$(echo "$possible" | get max_packs)" 4800
same "limited by" "$(echo "$possible" | get limited_by)" "Garam Masala"

# 2,000 packs: 100 kg, 0.5 kg overfill, 0.2 kg spilt = 100.7 kg; 2,000 pouches and 10
# torn; 50 cartons.
#   powder   4,328,665 x 100.7/240 = 1,816,235.69 -> 1,816,236; 2,512,429 stay on 139.3 kg
#   pouches  2,010 x 60 = 120,600; cartons 50 x 2,400 = 120,000
#   packs    2,056,836
# Packed on 9-Feb they keep 9 months, until 8-Nov; the powder only until 4-Nov-2026.
regular=$(as store packing.post_run '{"version":1,'"$run"',"segment":"REGULAR","packs":2000,"overfill":500000,"lost":200000,"lost_reason":"SPILLAGE",
  "components":[{"item":'"$pouch"',"lost":10,"reason":"torn at the seal"}]}')
regular_lot=$(echo "$regular" | get lot)
same "number of the run" "$(echo "$regular" | get number)" PK-20260209-01
same "powder used" "$(echo "$regular" | get powder)" 100700000
same "expiry of the packs" "$(echo "$regular" | get expiry_on)" 2026-11-04
worth "packs, regular" "$regular_lot" 2000 2056836
worth "powder after the first run" "$powder_lot" 139300000 2512429

# 800 packs: 40 kg; 2,512,429 x 40/139.3 = 721,444.08 -> 721,444; 1,790,985 stay on 99.3 kg;
# pouches 48,000, cartons 20 x 2,400 = 48,000: packs 817,444.
online=$(as store packing.post_run '{"version":1,'"$run"',"segment":"ONLINE","packs":800}')
online_run=$(echo "$online" | get id)
online_lot=$(echo "$online" | get lot)
worth "packs, online" "$online_lot" 800 817444
worth "powder after the second run" "$powder_lot" 99300000 1790985
worth pouches "$pouch_lot" 3190 191400
worth cartons "$carton_lot" 80 192000
valued=$(as owner packing.get_valued_run '{"id":'"$online_run"'}')
same "powder in the online packs" "$(echo "$valued" | get powder_value)" 721444
# 817,444/800 = 1,021.805 paise = 10.21805 rupees a pack -> 10.2180 (half to even)
same "cost of an online pack, 1/10,000 rupee" "$(echo "$valued" | get rate)" 102180
same "an Operator sees no cost" "$(refused store packing.get_valued_run '{"id":'"$online_run"'}')" "Only an Admin may do this."

# --- 12 February: six customers -----------------------------------------------------------------

on 2026-02-12 gap "dispatching"

# send CUSTOMER PACKS PRICE confirms a dispatch and lets it leave.
send() {
  order=$(as store sales.create_order '{"customer":'"$1"',"lines":[{"item":'"$packs"',"qty":'"$2"',"unit":"pcs","price":'"$3"'}]}' | get id)
  draft=$(as store sales.draft_dispatch '{"order":'"$order"',"lines":[{"order_line":1,"qty":'"$2"'}]}' | get id)
  sent=$(as store sales.confirm_dispatch '{"id":'"$draft"',"version":1}')
  as store sales.mark_dispatched '{"id":'"$draft"',"version":2,"vehicle":"MH 12 AB 1234"}' >/dev/null
}
# bill NAME CHALLAN CGST IGST ROUND-OFF TOTAL
bill() {
  same "$1, challan" "$(echo "$sent" | get challan)" "$2"
  totals=$(echo "$sent" | sed -n '/^  "totals": {/,/^  }/p')
  same "$1, CGST" "$(echo "$totals" | get cgst)" "$3"
  same "$1, SGST" "$(echo "$totals" | get sgst)" "$3"
  same "$1, IGST" "$(echo "$totals" | get igst)" "$4"
  same "$1, round-off" "$(echo "$totals" | get round_off)" "$5"
  same "$1, total" "$(echo "$totals" | get total)" "$6"
}
cost() { same "$1, cost" "$(as owner sales.get_valued_dispatch '{"id":'"$draft"'}' | get cost)" "$2"; }

# 37 cartons x 40 x 27.43 = 40,596.40; 2.5 % = 1,014.91 twice; 42,626.22 -> 42,626.00.
# Cost 2,056,836 x 1,480/2,000 = 1,522,058.64 -> 1,522,059; 534,777 stay on 520.
send "$pune" 1480 2743; bill Pune DC/2526/00001 101491 0 -22 4262600; cost Pune 1522059
pune_sent=$draft
# 200 x 27.43 = 5,486.00 to another state: 5 % = 274.30; 5,760.30 -> 5,760.00.
# 534,777 x 200/520 = 205,683.46 -> 205,683; 329,094 on 320.
send "$surat" 200 2743; bill Surat DC/2526/00002 0 27430 -30 576000; cost Surat 205683
# 120 x 27.43 = 3,291.60; 164.58; 3,456.18 -> 3,456.00. 329,094 x 120/320 = 123,410.25
# -> 123,410; 205,684 on 200.
send "$hyderabad" 120 2743; bill Hyderabad DC/2526/00003 0 16458 -18 345600; cost Hyderabad 123410
# 80 x 28.00 = 2,240.00; 56.00 twice; 2,352.00. 205,684 x 80/200 = 82,273.6 -> 82,274;
# 123,410 on 120.
send "$hotel" 80 2800; bill Hotel DC/2526/00004 5600 0 0 235200; cost Hotel 82274
# 300 x 31.50 = 9,450.00; 472.50; 9,922.50 -> 9,923.00. 817,444 x 300/800 = 306,541.5 ->
# 306,542 (half to even); 510,902 on 500.
send "$bengaluru" 300 3150; bill "Marketplace A" DC/2526/00005 0 47250 50 992300; cost "Marketplace A" 306542
# 250 x 31.50 = 7,875.00; 393.75; 8,268.75 -> 8,269.00. 510,902 x 250/500 = 255,451.
send "$gurgaon" 250 3150; bill "Marketplace B" DC/2526/00006 0 39375 25 826900; cost "Marketplace B" 255451
worth "packs left, regular" "$regular_lot" 120 123410
worth "packs left, online" "$online_lot" 250 255451
# An order of 121 does not get what lies in the other segment.
order=$(as store sales.create_order '{"customer":'"$hotel"',"lines":[{"item":'"$packs"',"qty":121,"unit":"pcs","price":2800}]}' | get id)
draft=$(as store sales.draft_dispatch '{"order":'"$order"',"lines":[{"order_line":1,"qty":121}]}' | get id)
same "too large an order" "$(refused store sales.confirm_dispatch '{"id":'"$draft"',"version":1}')" "Garam Masala 50 g: need 121 pcs, available 120 pcs. LOT-20260209-002 lies in the other segment."
as store sales.discard_draft '{"id":'"$draft"',"version":1}' >/dev/null

# --- 16 February: goods come back ------------------------------------------------------------------

on 2026-02-16 monday "a return"

# 20 good and 4 damaged of Pune's 1,480, at the value they went out with:
#   20: 1,522,059 x 20/1,480 = 20,568.36 -> 20,568; 1,501,491 on 1,460
#    4: 1,501,491 x 4/1,460  =  4,113.67 ->  4,114, written off
as store sales.post_return '{"dispatch":'"$pune_sent"',"reason":"wet in the truck","lines":[{"lot":'"$regular_lot"',"qty":20,"condition":"GOOD"},{"lot":'"$regular_lot"',"qty":4,"condition":"DAMAGED"}]}' >/dev/null
same "more cannot come back than went" "$(refused store sales.post_return '{"dispatch":'"$pune_sent"',"reason":"x","lines":[{"lot":'"$regular_lot"',"qty":1457,"condition":"GOOD"}]}')" \
  "Of LOT-20260209-001 only 1,456 pcs of DC/2526/00001 are still with the customer."
as owner stock.release_lot '{"lot":'"$regular_lot"',"reason":"seals are whole"}' >/dev/null
worth "packs after the return" "$regular_lot" 140 143978

# --- 18 February: the price of cumin was wrong --------------------------------------------------------

on 2026-02-18 gap "a late price correction"

# A debit note of 500.00 on 200 kg cumin, of which 49.5 kg lie there and 150.5 went into
# the batch. Edges: the 2 kg oversize hold 2 x 150.5/250.5 = 1.201597 kg of the cumin,
# the powder the other 149.298403 kg.
#   cumin 50,000 x 49.5/200 = 12,375; powder 37,324.60 -> 37,325 (largest remainder);
#   oversize 300.40 -> 300
# The powder's 37,325 over 240 kg: 99.3 there 15,443.22 -> 15,443; 100.7 in regular packs
# 15,660.95 -> 15,661; 40 in online packs 6,220.83 -> 6,221
#   regular 15,661 over 2,000: 140 there 1,096.27 -> 1,096; 1,856 sold 14,533.41 -> 14,534
#   (largest remainder); 4 lost 31.32 -> 31
#   online 6,221 over 800: 250 there 1,944.06 -> 1,944; 550 sold 4,276.94 -> 4,277
# In stock 12,375 + 15,443 + 300 + 1,096 + 1,944 = 31,158; sold 18,811; variance 31.
note=$(as owner purchase.correct_price '{"grn":'"$goods"',"line":3,"delta":50000,"note_no":"DN/4","reason":"rate of the mandi"}')
same "sold share" "$(echo "$note" | get sold)" 18811
same "variance" "$(echo "$note" | get variance)" 31
worth "cumin, corrected" "$cumin_lot" 49500000 1153577
worth "powder, corrected" "$powder_lot" 99300000 1806428
worth "oversize, corrected" "$oversize_lot" 2000000 12300
worth "packs, regular, corrected" "$regular_lot" 140 145074
worth "packs, online, corrected" "$online_lot" 250 257395

# --- 20 February: a run that was a mistake -----------------------------------------------------------------

on 2026-02-20 gap "packing and cancelling"

# 100 packs: 1,806,428 x 5/99.3 = 90,958.11 -> 90,958; pouches 6,000; 3 cartons 7,200.
wrong=$(as store packing.post_run '{"version":1,'"$run"',"segment":"ONLINE","packs":100}')
wrong_lot=$(echo "$wrong" | get lot)
worth "packs of the mistake" "$wrong_lot" 100 104158
same "an Operator cancels nothing" "$(refused store stock.reverse_document '{"document":'"$(echo "$wrong" | get id)"',"reason":"wrong segment"}')" "Only an Admin may do this."
as owner stock.reverse_document '{"document":'"$(echo "$wrong" | get id)"',"reason":"wrong segment"}' >/dev/null
worth "powder, as before" "$powder_lot" 99300000 1806428
worth "pouches, as before" "$pouch_lot" 3190 191400
worth "cartons, as before" "$carton_lot" 80 192000
worth "packs of the mistake, gone" "$wrong_lot" 0 0

# --- 23 February: counting ------------------------------------------------------------------------------------

on 2026-02-23 monday "counting"

# 3,185 pouches instead of 3,190: 5 x 60 = 300 are written off. 80 cartons are right.
count=$(as store stock.open_count '{"types":["PACKING_MATERIAL"]}' | get id)
as store stock.record_count '{"id":'"$count"',"entries":[{'"$(cell "$pouch_lot" REGULAR RELEASED)"',"qty":3185},{'"$(cell "$carton_lot" REGULAR RELEASED)"',"qty":80}]}' >/dev/null
as owner stock.post_count '{"id":'"$count"'}' >/dev/null
worth "pouches, counted" "$pouch_lot" 3185 191100

# --- 25 February: the supplier of the cumin calls ---------------------------------------------------------------

on 2026-02-25 gap "a recall"

# Cumin, powder, oversize and both lots of packs; not those of the cancelled run. Out are
# 1,456 + 200 + 120 + 80 + 300 + 250 = 2,406 packs with six customers.
recall=$(as owner trace.open_recall '{"lot":'"$cumin_lot"',"reason":"Salmonella in lot UJ-77"}')
same "frozen lots" "$(echo "$recall" | sed -n 's/^  "lots": \(.*\),$/\1/p')" 5
same "frozen stock" "$(as store stock.list_lots '{}' | each frozen | sort -u)" RC-20260225-01
same "customers to call" "$(echo "$recall" | each phone | sed -n '$=')" 6
same "packs that are out" "$(echo "$recall" | sed -n '/"customers"/,$p' | each pieces | awk '{ n += $1 } END { print n }')" 2406
# Mass balance: 200 kg = 49.5 on hand + 150.5 consumed; 2,000 packs + 24 back = 140 on hand
# + 1,880 dispatched + 4 lost.
trace=$(as store trace.trace_lot '{"lot":'"$cumin_lot"'}' | sed -n '/^  "balance"/,/^  }/p')
same "cumin received" "$(echo "$trace" | get received)" 200000000
same "cumin on hand" "$(echo "$trace" | get on_hand)" 49500000
same "cumin consumed" "$(echo "$trace" | get consumed)" 150500000
trace=$(as store trace.trace_lot '{"lot":'"$regular_lot"'}' | sed -n '/^  "balance"/,/^  }/p')
same "packs made and returned" "$(echo "$trace" | get received) $(echo "$trace" | get returned_in)" "2000 24"
same "packs on hand, dispatched, lost" "$(echo "$trace" | get on_hand) $(echo "$trace" | get dispatched) $(echo "$trace" | get lost)" "140 1880 4"
same "frozen cumin waits for an Admin" "$(refused store purchase.return_goods '{'"$(cell "$cumin_lot" REGULAR RELEASED)"',"qty":1000000,"reason":"recall"}')" \
  "LOT-20260203-003 is frozen by recall RC-20260225-01. An Admin may return it."

on 2026-02-27 gap "the laboratory reports"

as owner trace.close_recall '{"id":'"$(echo "$recall" | get id)"',"version":1,"reason":"no Salmonella in 25 g"}' >/dev/null
same "frozen lots after the recall" "$(as store stock.list_lots '{}' | each frozen | sed -n '$=')" ""

# --- 2 March: the month is closed ----------------------------------------------------------------------------------

on 2026-03-02 monday "closing February"

# In stock: turmeric 7,326,232, coriander 1,741,901, cumin 1,153,577, powder 1,806,428,
# oversize 12,300, pouches 191,100, cartons 192,000, packs 145,074 and 257,395: 12,826,007.
# Bought: 14,200,000 + 720,000 + 50,000 = 14,970,000; freight 350,000.
# Sold: 1,522,059 + 205,683 + 123,410 + 82,274 + 306,542 + 255,451 = 2,495,419, less
# 24,682 that came back, and 18,811 of the price: 2,489,548. Lost 4,114, variance 31,
# counted short 300. 12,826,007 + 2,489,548 + 4,114 + 31 + 300 = 15,320,000.
balance=$(as owner stock.trial_balance '{}')
account() { same "account $1" "$(echo "$balance" | of account "\"$1\"" value)" "$2"; }
account STOCK 12826007
account WIP 0
account SUPPLIER -14970000
account LANDED -350000
account COGS 2489548
account LOSS 4114
account ADJUSTMENT 300
account VARIANCE 31
account CONVERSION 0
same "value of all stock" "$(as owner stock.valuation '{}' | get total)" 12826007
period=$(as owner stock.close_period '{"month":"2026-02-01"}')
same "value of the closed month" "$(echo "$period" | get value)" 12826007
same "nothing more is dated in February" "$(refused owner stock.adjust '{'"$(cell "$turmeric_lot" REGULAR RELEASED)"',"qty":-1,"reason":"Damage","note":"seen late","effective_on":"2026-02-28"}')" \
  "February 2026 is closed. Choose a day in an open month."

# --- and the books agree with themselves -------------------------------------------------------------------------

"$masala" verify --data "$work/owner" --quiet >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 1; }
echo "The month is closed; $checked numbers are as worked out by hand, and the books verify."
