// Package packing turns bulk powder and packing material into finished goods: the
// profiles that say what one pack consumes (R3), and the runs that pack (R26-R28).
package packing

import (
	"masala/core/op"
	"masala/core/stock"
)

// Topic moves with every change of a profile. Runs are documents: who shows them
// follows stock.TopicDocuments, because a reversal changes them too.
const Topic op.Topic = "profiles"

// The operations on packaging profiles and packing runs.
var (
	ListProfiles     = op.Define[ListProfilesReq, ListProfilesResp]("packing.list_profiles", op.Read, op.Operator, "Search and page through the packaging profiles.")
	GetProfile       = op.Define[GetProfileReq, Profile]("packing.get_profile", op.Read, op.Operator, "Read a packaging profile, in its current version or an earlier one.")
	CreateProfile    = op.Define[CreateProfileReq, Profile]("packing.create_profile", op.Business, op.Admin, "Add a packaging profile.", op.Changes(Topic))
	UpdateProfile    = op.Define[UpdateProfileReq, Profile]("packing.update_profile", op.Business, op.Admin, "Write a new version of a packaging profile, or take it out of use.", op.Changes(Topic))
	CheckFeasibility = op.Define[CheckReq, Feasibility]("packing.check_feasibility", op.Read, op.Operator, "Say what a run would take of powder and every component, what stands in its way, and how many packs are possible; nothing is posted.")
	PostRun          = op.Define[PostRunReq, Run]("packing.post_run", op.Business, op.Operator, "Pack finished goods from one lot of powder.", op.Changes(stock.Topic, stock.TopicDocuments))
	ListRuns         = op.Define[ListRunsReq, ListRunsResp]("packing.list_runs", op.Read, op.Operator, "Page through the packing runs, newest first.")
	GetRun           = op.Define[GetRunReq, Run]("packing.get_run", op.Read, op.Operator, "Read a packing run: what it took, lost and made.")
	GetValuedRun     = op.Define[GetRunReq, ValuedRun]("packing.get_valued_run", op.Read, op.Admin, "The same with values.", op.Viewed())
)
