-- Schema 1. The journal (event) is the only primary data; application, alias and imported are its
-- fold and can be made again at any time. replica, command, front and meta are bookkeeping.
CREATE TABLE meta(k TEXT PRIMARY KEY, v ANY NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE replica(
  id INTEGER PRIMARY KEY,
  uuid BLOB NOT NULL UNIQUE CHECK(length(uuid) = 16),
  tag TEXT NOT NULL UNIQUE,
  max_seq INTEGER NOT NULL DEFAULT 0,
  head BLOB NOT NULL DEFAULT (zeroblob(32)) CHECK(length(head) = 32),
  max_hlc INTEGER NOT NULL DEFAULT 0,
  last_reference INTEGER NOT NULL DEFAULT 1000
) STRICT;

CREATE TABLE event(
  pos INTEGER PRIMARY KEY,
  replica INTEGER NOT NULL REFERENCES replica(id),
  seq INTEGER NOT NULL CHECK(seq > 0),
  hlc INTEGER NOT NULL CHECK(hlc > 0),
  wv INTEGER NOT NULL,
  command BLOB NOT NULL CHECK(length(command) = 16),
  actor TEXT NOT NULL,
  subject BLOB NOT NULL CHECK(length(subject) = 16),
  "of" TEXT NOT NULL,
  kind TEXT NOT NULL,
  on_day TEXT NOT NULL,
  undoes BLOB CHECK(undoes IS NULL OR length(undoes) = 16),
  body TEXT CHECK(body IS NULL OR (length(body) <= 262144 AND json_valid(body))),
  bhash BLOB NOT NULL CHECK(length(bhash) = 32),
  hash BLOB NOT NULL CHECK(length(hash) = 32),
  UNIQUE(replica, seq)
) STRICT;
CREATE INDEX event_fold ON event(subject, hlc, replica, seq);
CREATE INDEX event_people ON event("of", subject) WHERE "of" <> 'application';

CREATE TRIGGER event_guard BEFORE INSERT ON event BEGIN
  SELECT RAISE(ABORT, 'intertie: writer too old, upgrade') WHERE NEW.wv < (SELECT v FROM meta WHERE k = 'min_writer');
  SELECT RAISE(ABORT, 'intertie: sequence gap') WHERE NEW.seq <> (SELECT max_seq + 1 FROM replica WHERE id = NEW.replica);
END;
CREATE TRIGGER event_adv AFTER INSERT ON event BEGIN
  UPDATE replica SET max_seq = NEW.seq, head = NEW.hash, max_hlc = max(max_hlc, NEW.hlc) WHERE id = NEW.replica;
END;
-- Only a redaction may pass: the body goes, everything that the chain proves stays.
CREATE TRIGGER event_ro_u BEFORE UPDATE ON event WHEN NOT (
  NEW.body IS NULL AND NEW.pos = OLD.pos AND NEW.replica = OLD.replica AND NEW.seq = OLD.seq AND NEW.hlc = OLD.hlc
  AND NEW.wv = OLD.wv AND NEW.command = OLD.command AND NEW.actor = OLD.actor AND NEW.subject = OLD.subject AND NEW."of" = OLD."of"
  AND NEW.kind = OLD.kind AND NEW.on_day = OLD.on_day AND NEW.undoes IS OLD.undoes AND NEW.bhash = OLD.bhash AND NEW.hash = OLD.hash)
BEGIN SELECT RAISE(ABORT, 'intertie: the journal is append-only'); END;
CREATE TRIGGER event_ro_d BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'intertie: the journal is append-only'); END;

-- Commands, in the words of the undo line. An import's rows lie between first_pos and last_pos,
-- with other people's events among them.
CREATE TABLE command(
  id BLOB PRIMARY KEY CHECK(length(id) = 16),
  first_pos INTEGER NOT NULL,
  last_pos INTEGER NOT NULL,
  uid INTEGER NOT NULL,
  login TEXT NOT NULL,
  session BLOB NOT NULL CHECK(length(session) = 16),
  kind TEXT NOT NULL,
  undoes BLOB CHECK(undoes IS NULL OR length(undoes) = 16),
  unfinished INTEGER NOT NULL DEFAULT 0,
  did TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX command_session ON command(session, first_pos);
CREATE INDEX command_person ON command(uid, first_pos);
CREATE INDEX command_undoes ON command(undoes, first_pos) WHERE undoes IS NOT NULL;

-- One row of the queue. Days are counted from 0001-01-01 (day 1), times in minutes of the day,
-- flags are bits: 1 legal hold, 2 until activity, 4 escalated, 8 complaint. Text that is not known
-- is empty: reading a million rows leaves no time for parsing.
CREATE TABLE application(
  id INTEGER PRIMARY KEY,
  subject BLOB NOT NULL UNIQUE CHECK(length(subject) = 16),
  version INTEGER NOT NULL,
  reference TEXT NOT NULL,
  number TEXT NOT NULL,
  site TEXT NOT NULL,
  customer TEXT NOT NULL,
  utility TEXT NOT NULL,
  status TEXT NOT NULL,
  ball TEXT NOT NULL,
  owner TEXT NOT NULL,
  product TEXT NOT NULL,
  lane TEXT NOT NULL,
  project TEXT NOT NULL,
  size INTEGER NOT NULL,
  follow_up INTEGER,
  follow_up_minute INTEGER,
  entered INTEGER,
  touched INTEGER,
  promised INTEGER,
  expires INTEGER,
  goal INTEGER,
  cure_due INTEGER,
  install_on INTEGER,
  incentive_due INTEGER,
  todo_due INTEGER,
  todo_title TEXT NOT NULL,
  todos INTEGER NOT NULL,
  hold TEXT NOT NULL,
  flags INTEGER NOT NULL,
  vip INTEGER NOT NULL,
  last_note TEXT NOT NULL
) STRICT;

-- Numbers by which a record is found, folded for comparison; its own reference is one of them.
CREATE TABLE alias(
  number TEXT NOT NULL,
  subject BLOB NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY(number, subject, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX alias_subject ON alias(subject);

-- What the last import of a source left under a key. "values" is canonical JSON.
CREATE TABLE imported(
  source TEXT NOT NULL,
  key TEXT NOT NULL,
  subject BLOB NOT NULL,
  "values" TEXT NOT NULL,
  PRIMARY KEY(source, key, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX imported_subject ON imported(subject);

-- The first rows of the last full ranking, for the first frame.
CREATE TABLE front(
  scope TEXT NOT NULL,
  place INTEGER NOT NULL,
  subject BLOB NOT NULL,
  PRIMARY KEY(scope, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE front_of(scope TEXT PRIMARY KEY, on_day TEXT NOT NULL, playbook TEXT NOT NULL) STRICT, WITHOUT ROWID;
