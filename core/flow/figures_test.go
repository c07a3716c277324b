package flow_test

import (
	"masala/core"
	"masala/core/report"
	"masala/core/stock"
)

// figures: what the owner's dashboard shows of its days, and the stock of one of them, is
// what the rows of the ledger up to that day sum to; so are the purchases of the month.
func (s *story) figures() {
	between := func(from, to core.Date, accounts ...stock.Account) (sum core.Paise) {
		for _, d := range s.papers {
			for _, x := range d.rows {
				for _, a := range accounts {
					if x.account == a && d.on >= from && d.on <= to {
						sum += x.v
					}
				}
			}
		}
		return sum
	}
	d := read(s.person, report.ValuedDashboard, report.DashboardReq{})
	if bought := -between(d.Day.Month(), d.Day, stock.Supplier, stock.Landed); d.Purchases != bought {
		s.fatal("the dashboard shows purchases of %d, the ledger of %d", d.Purchases, bought)
	}
	for i, x := range d.ValueDays {
		inStock, wip := between(0, x.Day, stock.InStock), between(0, x.Day, stock.WIP)
		if p := d.InProcessDays[i]; p.Day != x.Day || x.Value != inStock || p.Value != wip {
			s.fatal("of %s the dashboard shows %d in stock and %d in process, the ledger %d and %d", x.Day, x.Value, p.Value, inStock, wip)
		}
	}
	last, ago := len(d.ValueDays)-1, len(d.ValueDays)-1-7
	if d.Total != d.ValueDays[last].Value || d.InProcess != d.InProcessDays[last].Value || d.WeekAgo != d.ValueDays[ago].Value || d.InProcessWeekAgo != d.InProcessDays[ago].Value {
		s.fatal("the dashboard shows %d and %d in process, %d and %d a week ago; its curves %+v and %+v", d.Total, d.InProcess, d.WeekAgo, d.InProcessWeekAgo, d.ValueDays, d.InProcessDays)
	}
	i := len(d.ValueDays) - 3
	if on := read(s.person, stock.ValuedStockOn, stock.StockOnReq{On: d.ValueDays[i].Day}); on.Total != d.ValueDays[i].Value || on.InProcess != d.InProcessDays[i].Value {
		s.fatal("on %s the stock was worth %d and %d in process, the dashboard shows %d and %d", on.On, on.Total, on.InProcess, d.ValueDays[i].Value, d.InProcessDays[i].Value)
	}
}
