-- Settings that the directory keeps, so that a call which names none does not bring back what they keep out.

CREATE TABLE settings (
    key   TEXT NOT NULL PRIMARY KEY,   -- see the table of settings; a newer engine may have put others here
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
