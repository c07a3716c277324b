package storage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"masala/core"
)

// landed are the migrations that files in factories have been through. They are
// never edited: what must change becomes a new migration (R42).
var landed = map[string]string{
	"00001_books.sql":       "e2334c5b8597b6afbec6d5e38c05054034a3314d86065b86099e527d08cd8069",
	"00006_registers.sql":   "4b9362213cae2d3f4db9054580075f61e5e2ffebd0d83d1426621cc0a064832f",
	"00009_orders.sql":      "4fa9352bd106ae122c9efd2056238804ddfb02066a8544b5e974810903b23c5c",
	"00003_production.sql":  "0a2c9e6467be04e6d53e43a2947af69fc9e5fbfa7e069061b31f9f6e90c57bc2",
	"00005_sales.sql":       "49ca93c4f9555d40a96a57c050639e249638a1b12e3179718b5b6a56532d7ea9",
	"00002_flow.sql":        "3116241b914b7af24b0fee263bc052616a0ef879f5f2dbaac9d95c229af50f01",
	"00015_server.sql":      "217631466d4fa802d6318ca68b38623b4b3e668db777b0db4b29ab5df0575551",
	"00016_packing.sql":     "7a64ef3ca14ce8b32274364d8baaaa2428bc5c4d71185e9715ec5726635b63fd",
	"00017_reports.sql":     "a4a2e1b57c25132f04b07013f5e476f104f01c9c282c2eace4602e7c2c7b0309",
	"00008_licence.sql":     "aa8d499637e2403cecb33e5b746134585d202b541ac855f42705f1ed928f4ae6",
	"00018_scale.sql":       "63e4efd69309a9eca79e86175ba5da2bb708f7459353aeb7be485ace9c7b0bd0",
	"00019_backup.sql":      "8e590c155ed1af5f2c31d86c03ec9912a07252fe0e84e1d9db555a50b0e1d713",
	"00020_lists.sql":       "e8fbadaacb97121d15aa4c290584e8f65dd68ab961039be850205b0b1f6fbdab",
	"00024_papers.sql":      "95ce1ed8108da4c86d9c7d42d2fe8d2c81e8c72cbc44d46704cd9b4560ec37a0",
	"00025_frozen.sql":      "e86718f7f4f0573a2b728d19420d073c0bc3c141426a969b2aecde4f3413e5d7",
	"00021_recall.sql":      "89ab5f6a95f19088b845bf19439971319477aae4025553b94bc9567176ba5ca2",
	"00026_counts.sql":      "315f2cae2f778789455a9ff7f0fa99b4c357d34315dde1c7cde8f5719b041a7a",
	"00027_allergens.sql":   "8c956d5fee5e4403430678024855a3bd078af5cb8a11e5cae2328676cdfe72ec",
	"00030_notes.sql":       "ba9a53a97d144dc5f5d69838a3fc93adee99f525f54c06f1e1d8eb26a6129058",
	"00031_counted_at.sql":  "b5e9cec50bdac14085981a6fde5d63efddc344f9b013ac8c965f3713a12615a7",
	"00033_grounds.sql":     "4fa4d7ea2bd0a1c91a0f560b3c430657099d8e5132799eadb8972a43b745b8fb",
	"00034_secret.sql":      "5cac17936a9930b2a131616fd7ad2f30469fbe403bc8e0f7175942f51526a449",
	"00035_about.sql":       "d2608795acf9904f3053e84157fafe9b5e023b8c68e953273431d071a9d0cef1",
	"00040_taken_back.sql":  "00ac0e56ff134503650280c0ee198060c168f2cab2f5990be5589162aa4768f6",
	"00032_by_products.sql": "c4195c6c2dfc041d8d1c8f906b839d2123002936e640dd38c38822bf0d0fe135",
	"00041_days.sql":        "3a3ef997458746720856e1e859f704b4d7cd73b7c26f815a9b837337f8e26419",
	"00042_parcel.sql":      "cb15e59ffc18fd7fe4e2e9960f50f8613c16c87faa140e921489ac713c8b6350",
	"00043_edge_child.sql":  "9be360dc8f5d578e88201739c5167fb924bd10da003447782707f7a0336259ec",
}

func TestR42_LandedMigrationsAreNotEdited(t *testing.T) {
	files, err := fs.ReadDir(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := fs.ReadFile(migrations, "migrations/"+f.Name())
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")))
		if got := hex.EncodeToString(sum[:]); landed[f.Name()] != got {
			t.Errorf("%s has the hash %s. A new migration is added to this list; a landed one stays as it was.", f.Name(), got)
		}
	}
	if len(files) != len(landed) {
		t.Errorf("%d migrations, %d in the list: a landed migration is never removed", len(files), len(landed))
	}
}

func TestFileURI(t *testing.T) {
	for _, v := range []struct {
		path    string
		windows bool
		want    string
	}{
		{`C:\ProgramData\Masala\masala.db`, true, "file:///C:/ProgramData/Masala/masala.db"},
		{`D:\Asha's data\50% off #1?\masala.db`, true, "file:///D:/Asha%27s%20data/50%25%20off%20%231%3F/masala.db"},
		{`C:\मसाला\masala.db`, true, "file:///C:/%E0%A4%AE%E0%A4%B8%E0%A4%BE%E0%A4%B2%E0%A4%BE/masala.db"},
		{`\\server\share\masala.db`, true, "file:////server/share/masala.db"},
		{"/var/lib/masala/masala.db", false, "file:///var/lib/masala/masala.db"},
		{`/tmp/a b?c#d%e\f/masala.db`, false, "file:///tmp/a%20b%3Fc%23d%25e%5Cf/masala.db"},
	} {
		if got := fileURI(v.path, v.windows); got != v.want {
			t.Errorf("%s: %s, want %s", v.path, got, v.want)
		}
	}
}

// TestOpen_OddPath opens books in a folder whose name needs every kind of escape.
func TestOpen_OddPath(t *testing.T) {
	name := "50% of मसाला #1&x"
	if runtime.GOOS != "windows" { // which forbids it
		name += "?mode=memory"
	}
	dir := filepath.Join(t.TempDir(), name)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "books.db")
	open(t, path).Close()
	if st, err := os.Stat(path); err != nil || st.Size() == 0 {
		t.Errorf("no file at %s: %v", path, err)
	}
}

func TestOpen_Pragmas(t *testing.T) {
	db := fresh(t)
	for _, c := range db.all {
		for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000"} {
			var got string
			if err := c.sql.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
				t.Errorf("%s is %s, %v; want %s on every connection", pragma, got, err, want)
			}
		}
	}
}

func TestOpen_AgainChangesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "books.db")
	open(t, path).Close()
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		open(t, path).Close()
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("opening the books again changed the file (%v)", err)
	}
}

// TestOpen_RefusesWhatIsNotOurs: such a file is refused with its reason and keeps
// every byte.
func TestOpen_RefusesWhatIsNotOurs(t *testing.T) {
	for _, v := range []struct {
		name string
		make func(t *testing.T, path string)
		code core.Code
	}{
		{"another program's database", func(t *testing.T, path string) { execute(t, path, `CREATE TABLE stamps (id INTEGER)`) }, core.CodeCorrupt},
		{"another program's empty database", func(t *testing.T, path string) { execute(t, path, `PRAGMA application_id = 7`) }, core.CodeCorrupt},
		{"a text file", func(t *testing.T, path string) {
			if err := os.WriteFile(path, bytes.Repeat([]byte("Haldi 40 kg\n"), 500), 0o600); err != nil {
				t.Fatal(err)
			}
		}, core.CodeCorrupt},
		{"a newer version", func(t *testing.T, path string) {
			open(t, path).Close()
			execute(t, path, `PRAGMA journal_mode = WAL`, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`)
		}, core.CodeVersion},
	} {
		t.Run(v.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "books.db")
			v.make(t, path)
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			db, err := Open(context.Background(), Options{Path: path})
			if err == nil {
				db.Close()
			}
			if got := core.CodeOf(err); got != v.code {
				t.Errorf("answers %s: %v; want %s", got, err, v.code)
			}
			got, err := os.ReadFile(path)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("the file was changed (%v)", err)
			}
		})
	}
}

func TestOpen_FolderMissing(t *testing.T) {
	_, err := Open(t.Context(), Options{Path: filepath.Join(t.TempDir(), "no", "books.db")})
	if core.CodeOf(err) != core.CodeUnavailable {
		t.Errorf("answers %v", err)
	}
}

func execute(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(Options{Path: path}))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}
