package app_test

import (
	"strings"
	"testing"

	"masala/core/op"
)

// rights is section 3 of DOMAIN.md, written out: who may call what; op.Operator is everybody who
// is logged in.
var rights = map[op.Permission]string{
	op.Public: `account.login licence.status`,
	op.ThisPC: `account.create_first_admin licence.restart recovery.get_status recovery.replace_key recovery.restore recovery.retry recovery.start_empty`,
	op.Operator: `account.change_password account.logout account.who_am_i
		catalog.get_item catalog.list_items party.get_party party.list_parties recipe.get_recipe recipe.list_recipes recipe.preview packing.get_profile packing.list_profiles
		purchase.get_grn purchase.get_order purchase.list_orders purchase.list_reorder purchase.post_grn purchase.return_goods
		production.cancel_batch production.complete_batch production.get_batch production.issue_material production.list_batches production.plan_batch production.start_batch
		packing.check_feasibility packing.get_run packing.list_runs packing.post_run
		sales.close_order sales.confirm_dispatch sales.create_order sales.discard_draft sales.draft_dispatch sales.get_dispatch sales.get_order sales.list_dispatches
		sales.list_orders sales.list_returns sales.mark_dispatched sales.post_return sales.preview_dispatch sales.update_draft sales.update_order
		stock.get_count stock.get_document stock.get_lot stock.hold_lot stock.list_counts stock.list_documents stock.list_entries stock.list_ledger stock.list_lots
		stock.open_count stock.record_count stock.stock_on stock.suggest_numbers stock.void_entry
		report.dashboard report.wastage trace.get_recall trace.list_parcels trace.list_recalls trace.trace_lot
		system.get_settings system.server_status`, // the window shows factory, zone and server to all
	op.Admin: `account.create_user account.list_devices account.list_users account.open_pairing account.reset_password account.revoke_device account.update_user
		backup.check backup.confirm_restore backup.get_status backup.make_code backup.restore backup.start backup.update_settings
		catalog.create_item catalog.suggest_sku catalog.update_item party.create_party party.update_party recipe.create_recipe recipe.update_recipe
		packing.create_profile packing.update_profile packing.get_valued_run production.get_valued_batch
		purchase.close_order purchase.correct_price purchase.create_order purchase.get_costed_grn purchase.get_costed_order purchase.preview_price_correction
		purchase.reopen_order purchase.update_order sales.get_valued_dispatch
		stock.adjust stock.cancel_count stock.close_period stock.get_valued_document stock.get_valued_lot stock.list_periods stock.list_valued_ledger stock.list_valued_lots
		stock.post_count stock.post_opening stock.reject_lot stock.release_lot stock.reverse_document stock.transfer_segment stock.trial_balance stock.valuation
		stock.valued_stock_on report.valued_dashboard report.valued_wastage trace.close_recall trace.open_recall
		licence.confirm_clock licence.install system.check_books system.export_table system.get_health system.get_server system.list_audit system.read_log
		system.update_server system.update_settings`,
}

// TestEveryOperationHasItsRight holds every operation against the list, and the list
// against the operations: a new one is added here by somebody who has thought of it.
func TestEveryOperationHasItsRight(t *testing.T) {
	t.Parallel()
	want := map[string]op.Permission{}
	for perm, names := range rights {
		for _, name := range strings.Fields(names) {
			if _, twice := want[name]; twice {
				t.Errorf("%s is listed twice", name)
			}
			want[name] = perm
		}
	}
	for _, m := range op.All() {
		if got, listed := want[m.Name]; !listed || got != m.Perm {
			t.Errorf("%s is open to %s, section 3 says %q", m.Name, m.Perm, got)
		}
		delete(want, m.Name)
	}
	for name := range want {
		t.Errorf("%s is listed and does not exist", name)
	}
}
