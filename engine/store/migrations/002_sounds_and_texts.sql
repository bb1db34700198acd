-- Sentence: Items may be sounds and texts as well as pictures.
-- Floor: 2

ALTER TABLE medium ADD COLUMN rate     INTEGER NOT NULL DEFAULT 0;  -- of a sound: frames a second, 0 = not known
ALTER TABLE medium ADD COLUMN channels INTEGER NOT NULL DEFAULT 0;
ALTER TABLE medium ADD COLUMN frames   INTEGER NOT NULL DEFAULT 0;
ALTER TABLE medium ADD COLUMN text     TEXT    NOT NULL DEFAULT '';  -- of a text, which has no file
ALTER TABLE item   ADD COLUMN seconds  REAL    NOT NULL DEFAULT 0;  -- of the first sound

CREATE TRIGGER medium_heard AFTER INSERT ON medium WHEN NEW.rate > 0 BEGIN
    UPDATE item SET seconds = CAST(NEW.frames AS REAL) / NEW.rate WHERE id = NEW.item_id AND seconds = 0;
END;
CREATE TRIGGER medium_timed AFTER UPDATE OF rate, frames ON medium WHEN NEW.rate > 0 BEGIN
    UPDATE item SET seconds = CAST(NEW.frames AS REAL) / NEW.rate WHERE id = NEW.item_id;
END;
