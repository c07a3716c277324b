package theme

import (
	"time"

	"gioui.org/unit"
)

// The 4-grid.
const (
	S4  unit.Dp = 4
	S6  unit.Dp = 6
	S8  unit.Dp = 8
	S12 unit.Dp = 12
	S16 unit.Dp = 16
	S20 unit.Dp = 20
	S24 unit.Dp = 24

	PagePadX unit.Dp = 20
	PagePadY unit.Dp = 18
	CardGap  unit.Dp = 12
	CardPadX unit.Dp = 18
	CardPadY unit.Dp = 14
)

// Corner radii.
const (
	RadiusTag     unit.Dp = 5
	RadiusField   unit.Dp = 8 // button, field, nav
	RadiusPopover unit.Dp = 10
	RadiusCard    unit.Dp = 12
	RadiusFloor   unit.Dp = 16
	RadiusModal   unit.Dp = 16
)

// Heights.
const (
	ButtonSmall  unit.Dp = 30
	ButtonNormal unit.Dp = 36
	ButtonLarge  unit.Dp = 48
	ButtonFloor  unit.Dp = 56
	FieldHeight  unit.Dp = 38
	CellHeight   unit.Dp = 44
	FieldFloor   unit.Dp = 48
	RowHeight    unit.Dp = 36
	RowDense     unit.Dp = 30
	RowFloor     unit.Dp = 56
	HeadHeight   unit.Dp = 34
	FootHeight   unit.Dp = 38
)

// Motion: how long each change lasts. Every one is zero when animation is switched off (see Theme.Motion).
const (
	MotionHover    = 80 * time.Millisecond
	MotionPopover  = 120 * time.Millisecond
	MotionToastIn  = 160 * time.Millisecond
	MotionToastOut = 120 * time.Millisecond
	MotionOverlay  = 160 * time.Millisecond
	MotionFlash    = 400 * time.Millisecond
	SpinnerTurn    = 900 * time.Millisecond
)
