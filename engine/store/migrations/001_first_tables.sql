-- Sentence: The first tables.
-- Floor: 1

-- Everything about the file itself: settings, floor, clean. Values are JSON.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- A folder that media paths start from.
CREATE TABLE source (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    folder TEXT NOT NULL UNIQUE
) STRICT;

-- Classes are archived, never deleted: ids and export indices are for ever.
CREATE TABLE class (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT    NOT NULL UNIQUE,
    colour       TEXT    NOT NULL,
    export_index INTEGER NOT NULL CHECK (export_index >= 0),
    archived     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX class_export_index ON class (export_index);

-- The columns from `annotations` on are kept up to date from other tables, so that a list needs no join.
CREATE TABLE item (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT    NOT NULL UNIQUE,
    sort_key    BLOB    NOT NULL,  -- bytes that sort as people sort names
    split       INTEGER NOT NULL,
    state       INTEGER NOT NULL DEFAULT 0,
    flagged     INTEGER NOT NULL DEFAULT 0,
    note        TEXT    NOT NULL DEFAULT '',
    truth_known INTEGER NOT NULL DEFAULT 0,  -- also when the truth is "nothing there"
    annotations INTEGER NOT NULL DEFAULT 0,
    missing     INTEGER NOT NULL DEFAULT 0,  -- at least one medium is missing
    width       INTEGER NOT NULL DEFAULT 0,  -- of the first medium
    height      INTEGER NOT NULL DEFAULT 0,
    round       INTEGER NOT NULL DEFAULT 0,  -- the number of the last round that asked for it
    score       REAL                         -- its acquisition score in that round
) STRICT;
-- Lists read the first index alone, counts the second.
CREATE INDEX item_order ON item (sort_key, name, split, state, flagged, missing);
CREATE INDEX item_counts ON item (split, state, flagged, missing, annotations);
CREATE INDEX item_truth ON item (split) WHERE truth_known = 1;

CREATE TABLE medium (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    item_id   INTEGER NOT NULL REFERENCES item (id),
    position  INTEGER NOT NULL,
    modality  INTEGER NOT NULL,
    source_id INTEGER REFERENCES source (id),
    path      TEXT    NOT NULL,
    hash      TEXT    NOT NULL DEFAULT '',
    width     INTEGER NOT NULL DEFAULT 0,
    height    INTEGER NOT NULL DEFAULT 0,
    missing   INTEGER NOT NULL DEFAULT 0,
    problem   TEXT    NOT NULL DEFAULT '',
    UNIQUE (item_id, position)
) STRICT;
CREATE INDEX medium_source ON medium (source_id);
CREATE INDEX medium_hash ON medium (hash) WHERE hash <> '';

CREATE TABLE model (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    round         INTEGER NOT NULL,
    checkpoint    TEXT    NOT NULL,
    config        TEXT    NOT NULL,
    labels        INTEGER NOT NULL,
    train_seconds REAL    NOT NULL,
    created_at    TEXT    NOT NULL,
    current       INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX model_current ON model (current) WHERE current = 1;

-- Labels: boxes in pixels, half-open, or the class of the whole item.
CREATE TABLE annotation (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    item_id    INTEGER NOT NULL REFERENCES item (id),
    class_id   INTEGER NOT NULL REFERENCES class (id),
    left_px    REAL,
    top_px     REAL,
    right_px   REAL,
    bottom_px  REAL,
    difficult  INTEGER NOT NULL,
    crowd      INTEGER NOT NULL,
    truncated  INTEGER NOT NULL,
    occluded   INTEGER NOT NULL,
    provenance INTEGER NOT NULL,
    author_id  INTEGER REFERENCES person (id),
    model_id   INTEGER REFERENCES model (id),
    score      REAL,
    round      INTEGER NOT NULL,
    CHECK ((left_px IS NULL) = (top_px IS NULL) AND (left_px IS NULL) = (right_px IS NULL)
           AND (left_px IS NULL) = (bottom_px IS NULL))
) STRICT;
CREATE INDEX annotation_item ON annotation (item_id);
CREATE INDEX annotation_class ON annotation (class_id, item_id);

-- Known answers, hidden from training.
CREATE TABLE truth (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    item_id    INTEGER NOT NULL REFERENCES item (id),
    class_id   INTEGER NOT NULL REFERENCES class (id),
    left_px    REAL,
    top_px     REAL,
    right_px   REAL,
    bottom_px  REAL,
    difficult  INTEGER NOT NULL,
    crowd      INTEGER NOT NULL,
    truncated  INTEGER NOT NULL,
    occluded   INTEGER NOT NULL
) STRICT;
CREATE INDEX truth_item ON truth (item_id);
CREATE INDEX truth_class ON truth (class_id);

-- What was done: never changed, never deleted.
CREATE TABLE event (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    at             TEXT    NOT NULL,  -- UTC, "2026-11-21T02:32:12.123Z"
    item_id        INTEGER NOT NULL REFERENCES item (id),
    person_id      INTEGER REFERENCES person (id),
    kind           INTEGER NOT NULL,
    reverts        INTEGER REFERENCES event (id),
    gesture        TEXT    NOT NULL,
    active_seconds REAL    NOT NULL,
    body           TEXT    NOT NULL  -- JSON: each annotation and the mark, before and after
) STRICT;
CREATE INDEX event_item ON event (item_id);
CREATE TRIGGER event_stays BEFORE UPDATE ON event BEGIN
    SELECT RAISE(ABORT, 'The event log is append-only.');
END;
CREATE TRIGGER event_remains BEFORE DELETE ON event BEGIN
    SELECT RAISE(ABORT, 'The event log is append-only.');
END;

CREATE TABLE round (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT,
    number             INTEGER NOT NULL UNIQUE,
    step               INTEGER NOT NULL,
    strategy           TEXT    NOT NULL,
    seed               INTEGER NOT NULL,  -- the bits of an unsigned number
    suggested_by       INTEGER REFERENCES model (id),
    model_id           INTEGER REFERENCES model (id),
    labels_at_training INTEGER NOT NULL,
    train_seconds      REAL    NOT NULL,
    select_seconds     REAL    NOT NULL,
    started_at         TEXT    NOT NULL,
    finished_at        TEXT    NOT NULL
) STRICT;

-- The frozen batch of a round.
CREATE TABLE query (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    round_id INTEGER NOT NULL REFERENCES round (id),
    item_id  INTEGER NOT NULL REFERENCES item (id),
    rank     INTEGER NOT NULL,
    score    REAL    NOT NULL,
    reasons  TEXT    NOT NULL,  -- JSON: [["entropy", 0.8], ...]
    control  INTEGER NOT NULL,
    UNIQUE (round_id, item_id)
) STRICT;
CREATE INDEX query_item ON query (item_id);

CREATE TABLE metric (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    model_id INTEGER NOT NULL REFERENCES model (id),
    split    INTEGER NOT NULL,
    name     TEXT    NOT NULL,
    class_id INTEGER REFERENCES class (id),
    value    REAL,  -- NULL where it is not a number
    low      REAL,
    high     REAL
) STRICT;
CREATE UNIQUE INDEX metric_key ON metric (model_id, split, name, ifnull(class_id, 0));

-- What models say; never labels.
CREATE TABLE prediction (
    id        INTEGER PRIMARY KEY,
    model_id  INTEGER NOT NULL REFERENCES model (id),
    item_id   INTEGER NOT NULL REFERENCES item (id),
    class_id  INTEGER NOT NULL REFERENCES class (id),
    left_px   REAL,
    top_px    REAL,
    right_px  REAL,
    bottom_px REAL,
    score     REAL NOT NULL
) STRICT;
CREATE INDEX prediction_item ON prediction (model_id, item_id);
CREATE INDEX prediction_class ON prediction (class_id);

CREATE TABLE policy_state (
    key        TEXT PRIMARY KEY,
    body       BLOB NOT NULL,
    updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Annotations by split and class, kept by the triggers below.
CREATE TABLE tally (
    split       INTEGER NOT NULL,
    class_id    INTEGER NOT NULL,
    annotations INTEGER NOT NULL,
    PRIMARY KEY (split, class_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER annotation_added AFTER INSERT ON annotation BEGIN
    UPDATE item SET annotations = annotations + 1 WHERE id = NEW.item_id;
    INSERT INTO tally (split, class_id, annotations)
        SELECT split, NEW.class_id, 1 FROM item WHERE id = NEW.item_id
        ON CONFLICT (split, class_id) DO UPDATE SET annotations = annotations + 1;
END;
CREATE TRIGGER annotation_removed AFTER DELETE ON annotation BEGIN
    UPDATE item SET annotations = annotations - 1 WHERE id = OLD.item_id;
    UPDATE tally SET annotations = annotations - 1
        WHERE class_id = OLD.class_id AND split = (SELECT split FROM item WHERE id = OLD.item_id);
END;
CREATE TRIGGER annotation_relabelled AFTER UPDATE OF class_id ON annotation WHEN OLD.class_id <> NEW.class_id BEGIN
    UPDATE tally SET annotations = annotations - 1
        WHERE class_id = OLD.class_id AND split = (SELECT split FROM item WHERE id = OLD.item_id);
    INSERT INTO tally (split, class_id, annotations)
        SELECT split, NEW.class_id, 1 FROM item WHERE id = NEW.item_id
        ON CONFLICT (split, class_id) DO UPDATE SET annotations = annotations + 1;
END;
CREATE TRIGGER item_moved AFTER UPDATE OF split ON item WHEN OLD.split <> NEW.split AND OLD.annotations > 0 BEGIN
    UPDATE tally SET annotations = annotations
            - (SELECT count(*) FROM annotation a WHERE a.item_id = NEW.id AND a.class_id = tally.class_id)
        WHERE split = OLD.split;
    INSERT INTO tally (split, class_id, annotations)
        SELECT NEW.split, class_id, count(*) FROM annotation WHERE item_id = NEW.id GROUP BY class_id
        ON CONFLICT (split, class_id) DO UPDATE SET annotations = annotations + excluded.annotations;
END;

CREATE TRIGGER medium_added AFTER INSERT ON medium BEGIN
    UPDATE item SET missing = max(missing, NEW.missing) WHERE id = NEW.item_id AND NEW.missing <> 0;
    UPDATE item SET width = NEW.width, height = NEW.height WHERE id = NEW.item_id AND NEW.position = 0;
END;
CREATE TRIGGER medium_missing AFTER UPDATE OF missing ON medium WHEN OLD.missing <> NEW.missing BEGIN
    UPDATE item SET missing = (SELECT max(missing) FROM medium WHERE item_id = NEW.item_id) WHERE id = NEW.item_id;
END;
CREATE TRIGGER medium_measured AFTER UPDATE OF width, height ON medium WHEN NEW.position = 0 BEGIN
    UPDATE item SET width = NEW.width, height = NEW.height WHERE id = NEW.item_id;
END;
