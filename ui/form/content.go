package form

// content is what a draft keeps of a form.
type content struct {
	Fields map[string]entry              `json:"fields,omitempty"`
	Rows   map[string][]map[string]entry `json:"rows,omitempty"`
}

type entry struct {
	Text  string `json:"text"`
	Key   string `json:"key,omitempty"`
	Aside string `json:"aside,omitempty"`
}

func (f *Form) content() content {
	c := content{Fields: map[string]entry{}, Rows: map[string][]map[string]entry{}}
	for _, p := range f.parts {
		if x := p.field; x != nil {
			if !x.Secret {
				c.Fields[x.name] = entry{x.Text, x.Key, x.Aside}
			}
			continue
		}
		list := []map[string]entry{}
		for _, r := range p.rows.Filled() {
			row := map[string]entry{}
			for _, x := range r.Fields {
				if !x.Secret {
					row[x.name] = entry{x.Text, x.Key, x.Aside}
				}
			}
			list = append(list, row)
		}
		c.Rows[p.rows.Path] = list
	}
	return c
}

// load fills the form; what a newer or older program called otherwise is left out.
func (f *Form) load(c content, strange bool) {
	for _, p := range f.parts {
		if x := p.field; x != nil {
			if e, ok := c.Fields[x.name]; ok {
				x.load(e, strange)
			}
			continue
		}
		p.rows.rows, p.rows.removed = nil, nil
		for _, row := range c.Rows[p.rows.Path] {
			r := p.rows.Add()
			for _, x := range r.Fields {
				if e, ok := row[x.name]; ok {
					x.load(e, strange)
				}
			}
		}
		p.rows.Add()
		p.rows.number()
	}
}

func (f *Field) load(e entry, strange bool) {
	f.Text, f.Key, f.Aside = e.Text, e.Key, e.Aside
	if strange && !f.Coded {
		f.Key, f.Was = "", e.Key
	}
}

// secret reports whether a field of the form is in no draft.
func (f *Form) secret() bool {
	for _, p := range f.parts {
		if p.field != nil && p.field.Secret {
			return true
		}
	}
	return false
}

// fingerprint is equal for equal content. It is taken in every frame, so it
// allocates nothing.
func (f *Form) fingerprint(secrets bool) uint64 {
	h := fnv64(14695981039346656037)
	for _, p := range f.parts {
		if p.field != nil {
			if secrets || !p.field.Secret {
				h.add(p.field)
			}
			continue
		}
		for _, r := range p.rows.rows {
			if r.Blank() {
				continue
			}
			for _, x := range r.Fields {
				h.add(x)
			}
			h.byte(0xfe)
		}
		h.byte(0xfd)
	}
	return uint64(h)
}

// fnv64 is FNV-1a over texts with their ends marked.
type fnv64 uint64

func (h *fnv64) add(x *Field) {
	h.text(x.Text)
	h.text(x.Key)
}

func (h *fnv64) text(s string) {
	for i := range len(s) {
		h.byte(s[i])
	}
	h.byte(0xff)
}

func (h *fnv64) byte(b byte) { *h = (*h ^ fnv64(b)) * 1099511628211 }
