PRAGMA application_id = 1767139685;
PRAGMA user_version = 3;
BEGIN;
CREATE TABLE meta(k TEXT PRIMARY KEY, v ANY NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES('db_uuid', x'0000000000000000000000000000000a');
INSERT INTO meta VALUES('demo', 0);
INSERT INTO meta VALUES('desk', 'residential');
INSERT INTO meta VALUES('made_at', 1000);
INSERT INTO meta VALUES('min_reader', 3);
INSERT INTO meta VALUES('min_writer', 3);
INSERT INTO meta VALUES('my_replica', 1);
INSERT INTO meta VALUES('zone', 'America/New_York');
CREATE TABLE replica(
  id INTEGER PRIMARY KEY,
  uuid BLOB NOT NULL UNIQUE CHECK(length(uuid) = 16),
  tag TEXT NOT NULL UNIQUE,
  max_seq INTEGER NOT NULL DEFAULT 0,
  head BLOB NOT NULL DEFAULT (zeroblob(32)) CHECK(length(head) = 32),
  max_hlc INTEGER NOT NULL DEFAULT 0,
  last_reference INTEGER NOT NULL DEFAULT 1000
) STRICT;
INSERT INTO replica VALUES(1, x'0000000000000000000000000000000a', 'A', 13, x'4896257d4e49e1150356f48a84a03e2c31bd43c22483b7e060cdf1dd420536f7', 393216008, 1007);
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
INSERT INTO event VALUES(1, 1, 1, 327680000, 3, x'000000000000000000000000000003e9', 'jdoe', x'00000000000000010000000000000000', 'application', 'open', '2026-11-21', NULL, '{"fields":{"opened":{"to":true},"reference":{"to":"A-1001"},"site":{"to":"12 Elm St"},"status":{"to":{"from":null,"to":"intake"}}},"on":"2026-11-21","playbook":"residential@1","salt":"6b7ee88756f2bada47a5222710f3568f","session":"00000000000000000000000000000001","uid":1}', x'5b8fbed15697e066b348495029ba116ca92cfaeacb85a8086de11d63437f856a', x'8453cf0e8d2fe628f44b7b37ba9f273314c166475943d3acbd16f1b50be16b7a');
INSERT INTO event VALUES(2, 1, 2, 327680001, 3, x'000000000000000000000000000003ea', 'asmith', x'00000000000000020000000000000000', 'application', 'open', '2026-11-21', NULL, '{"fields":{"number":{"to":"PGE-77"},"opened":{"to":true},"reference":{"to":"A-1002"}},"on":"2026-11-21","playbook":"residential@1","salt":"6b7ee88756f2bada47a5222710f3568f","session":"00000000000000000000000000000002","uid":2}', x'bf7051a507fd4d16d6a83d3755414ab11659f0e141d562c239d5c070329d7839', x'7dfdf2976bdc3ff9e4cf940a9ba776d81e83151c0acc9c7eff102789b31a9557');
INSERT INTO event VALUES(3, 1, 3, 327680002, 3, x'000000000000000000000000000003eb', 'jdoe', x'00000000000000010000000000000000', 'application', 'touch', '2026-11-21', NULL, '{"fields":{"note":{"to":"sent \"it\"\nJörg"},"status":{"base":["0000000000000000000000000000000a",1],"to":{"from":"intake","to":"submitted"}}},"on":"2026-11-21","playbook":"residential@1","salt":"6b7ee88756f2bada47a5222710f3568f","session":"00000000000000000000000000000001","uid":1}', x'01d687b944b9899f0db3eaddc00702bb54c54c6c0b02ff051e534905ee602010', x'33e601895d24c3fd258d174166435160f1dd6382d5760d1d578288d9d8691fc3');
INSERT INTO event VALUES(4, 1, 4, 327680003, 3, x'000000000000000000000000000003ec', 'jdoe', x'00000000000000010000000000000000', 'application', 'touch', '2026-11-21', NULL, '{"fields":{"ball":{"to":"utility"}},"on":"2026-11-21","playbook":"residential@1","salt":"6b7ee88756f2bada47a5222710f3568f","session":"00000000000000000000000000000001","uid":1}', x'3d87ffcf1ea1964be7faab7695b8eac5d0439b0ec683c9876da2e6cddce8f5f6', x'f1a93ab3ee7270ae181ea8cbf5f57e9012028c60b559db2301e9809b6e7d6d5f');
INSERT INTO event VALUES(5, 1, 5, 393216000, 3, x'000000000000000000000000000003ed', 'jdoe', x'00000000000000010000000000000000', 'application', 'undo', '2026-11-21', x'000000000000000000000000000003ec', '{"fields":{"ball":{"base":["0000000000000000000000000000000a",4]}},"on":"2026-11-21","playbook":"","salt":"10d4ece026f319552a45c2456b5ddb9d","session":"00000000000000000000000000000001","undoes":"000000000000000000000000000003ec","uid":1}', x'781edffe78769f5c891799b9b2e0b7a5ce32ab6dd1458e4e2f264f74e7c9160a', x'0f068da48f91695e7248e7ff255d7cf9c3457672ac93b1271d922941d2733cd9');
INSERT INTO event VALUES(6, 1, 6, 393216001, 3, x'000000000000000000000000000003ee', 'asmith', x'000000000000000a0000000000000000', 'application', 'import', '2026-11-21', NULL, '{"fields":{"import.portal":{"to":{"key":"K10","values":{"number":"N-10","site":"site 10"}}},"note":{"to":"from the file"},"number":{"to":"N-10"},"opened":{"to":true},"reference":{"to":"A-1003"},"site":{"to":"site 10"},"status":{"to":{"from":null,"to":"intake"}}},"on":"2026-11-21","playbook":"","salt":"6b7ee88756f2bada47a5222710f3568f","session":"00000000000000000000000000000002","uid":2}', x'ad96bba296b626cef384f1c4717c25f22b26e92635909961d86e970120b24588', x'36ec9acd1812ae75a57fedd7045132afe05d95e76ed5f8934d943fe2f48a7ea1');
INSERT INTO event VALUES(7, 1, 7, 393216002, 3, x'000000000000000000000000000003ee', 'asmith', x'000000000000000b0000000000000000', 'application', 'import', '2026-11-21', NULL, '{"fields":{"import.portal":{"to":{"key":"K11","values":{"number":"N-11","site":"site 11"}}},"note":{"to":"from the file"},"number":{"to":"N-11"},"opened":{"to":true},"reference":{"to":"A-1004"},"site":{"to":"site 11"},"status":{"to":{"from":null,"to":"intake"}}},"on":"2026-11-21","playbook":"","salt":"c925ac25412cc3f2ad20ddd4cd31d8a7","session":"00000000000000000000000000000002","uid":2}', x'7c223c13d33199be30e1ac7047c70f4a13b680c469cadf0335bc574cbd2863f6', x'bb6e95a9e4ff7d24b7de55b867a74d4ad80fb19d110fd32ff8192b9917e4c153');
INSERT INTO event VALUES(8, 1, 8, 393216003, 3, x'000000000000000000000000000003ee', 'asmith', x'000000000000000c0000000000000000', 'application', 'import', '2026-11-21', NULL, '{"fields":{"import.portal":{"to":{"key":"K12","values":{"number":"N-12","site":"site 12"}}},"note":{"to":"from the file"},"number":{"to":"N-12"},"opened":{"to":true},"reference":{"to":"A-1005"},"site":{"to":"site 12"},"status":{"to":{"from":null,"to":"intake"}}},"on":"2026-11-21","playbook":"","salt":"6b7ee88756f2bada47a5222710f3568f","session":"00000000000000000000000000000002","uid":2}', x'16b795fa2aff52084ca0bfab372437fd8ed6ba8579dbaa4303f324c75f55bd0e', x'1c6429dded405f8c13fc762b4ce9294285e2ec2228953a76218e9ef7aff61751');
INSERT INTO event VALUES(9, 1, 9, 393216004, 3, x'000000000000000000000000000003ef', 'bjones', x'00000000000000020000000000000000', 'application', 'touch', '2026-11-21', NULL, '{"fields":{"legal_hold":{"to":true}},"on":"2026-11-21","playbook":"residential@1","salt":"6b7ee88756f2bada47a5222710f3568f","session":"00000000000000000000000000000003","uid":3}', x'8cdcc1a93ef7db4475bf3d37b9fb43854a3a9e8dadce9a33ec73a62c1676f93c', x'2626ae245e9ac58932ae182b31edc8bfe653dbb3e36fee3c511474c1e8236306');
INSERT INTO event VALUES(10, 1, 10, 393216005, 3, x'000000000000000000000000000003f0', 'bjones', x'00000000000000020000000000000000', 'application', 'touch', '2026-11-21', NULL, '{"fields":{"legal_hold":{"base":["0000000000000000000000000000000a",9],"to":false}},"on":"2026-11-21","playbook":"residential@1","salt":"6b7ee88756f2bada47a5222710f3568f","session":"00000000000000000000000000000003","uid":3}', x'fc3deacf995bbc1f06951e0985895c804e2b2d4bdd042a39aae7a9f123c71844', x'5f16797eada1706ab72cdf34dd5e215f95a490349a9e242f13909d1f9b2ce907');
INSERT INTO event VALUES(11, 1, 11, 393216006, 3, x'000000000000000000000000000003f1', 'jdoe', x'00000000000000030000000000000000', 'application', 'open', '2026-11-21', NULL, '{"fields":{"address":{"to":"12 Oak St"},"meter_number":{"to":"M-4471"},"opened":{"to":true},"reference":{"to":"A-1006"},"zip":{"to":"97201"}},"on":"2026-11-21","playbook":"residential@1","salt":"6b7ee88756f2bada47a5222710f3568f","session":"00000000000000000000000000000001","uid":1}', x'ddaa228a8654be1a331243fb010aa1fea17ed6a5033c6b6ebb34ee437d51813e', x'218d0f6959466952bf7a4cb7b0a0519cf453b33e4274f4c1399196c46a7f7458');
INSERT INTO event VALUES(12, 1, 12, 393216007, 3, x'000000000000000000000000000003f2', 'jdoe', x'00000000000000040000000000000000', 'application', 'open', '2026-11-21', NULL, '{"fields":{"address":{"to":"12 Oak St"},"meter_number":{"to":"M-4471"},"opened":{"to":true},"reference":{"to":"A-1007"},"zip":{"to":"97201"}},"on":"2026-11-21","playbook":"residential@1","salt":"6b7ee88756f2bada47a5222710f3568f","session":"00000000000000000000000000000001","uid":1}', x'e5edcd25cca555def47aacfba57db23f049f66f8eb3b4b16c6be0a99408eeb49', x'd4e975157bc953eb5e38f4c5c597d643302c2e1d30498ab9d7bab571e4854743');
INSERT INTO event VALUES(13, 1, 13, 393216008, 3, x'000000000000000000000000000003f3', 'asmith', x'000000000000000b0000000000000000', 'application', 'touch', '2026-11-21', NULL, '{"fields":{"import.portal":{"base":["0000000000000000000000000000000a",7],"to":{"key":"K11","offers":{"site":"site 11, unit B"},"values":{"site":"site 11"}}}},"on":"2026-11-21","playbook":"residential@1","salt":"6b7ee88756f2bada47a5222710f3568f","session":"00000000000000000000000000000002","uid":2}', x'8fd44ea27fe19d85a73f684c8426d245e10eb569750516a989fffdd3f6cbb455', x'4896257d4e49e1150356f48a84a03e2c31bd43c22483b7e060cdf1dd420536f7');
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
INSERT INTO command VALUES(x'000000000000000000000000000003e9', 1, 1, 1, 'jdoe', x'00000000000000000000000000000001', 'open', NULL, 0, 'new: site status');
INSERT INTO command VALUES(x'000000000000000000000000000003ea', 2, 2, 2, 'asmith', x'00000000000000000000000000000002', 'open', NULL, 0, 'new: number');
INSERT INTO command VALUES(x'000000000000000000000000000003eb', 3, 3, 1, 'jdoe', x'00000000000000000000000000000001', 'touch', NULL, 0, 'A-1001: status note');
INSERT INTO command VALUES(x'000000000000000000000000000003ec', 4, 4, 1, 'jdoe', x'00000000000000000000000000000001', 'touch', NULL, 0, 'A-1001: ball');
INSERT INTO command VALUES(x'000000000000000000000000000003ed', 5, 5, 1, 'jdoe', x'00000000000000000000000000000001', 'undo', x'000000000000000000000000000003ec', 0, 'took back: A-1001: ball');
INSERT INTO command VALUES(x'000000000000000000000000000003ee', 6, 8, 2, 'asmith', x'00000000000000000000000000000002', 'import', NULL, 0, 'import of queue.csv');
INSERT INTO command VALUES(x'000000000000000000000000000003ef', 9, 9, 3, 'bjones', x'00000000000000000000000000000003', 'touch', NULL, 0, 'A-1002: legal_hold');
INSERT INTO command VALUES(x'000000000000000000000000000003f0', 10, 10, 3, 'bjones', x'00000000000000000000000000000003', 'touch', NULL, 0, 'A-1002: legal_hold');
INSERT INTO command VALUES(x'000000000000000000000000000003f1', 11, 11, 1, 'jdoe', x'00000000000000000000000000000001', 'open', NULL, 0, 'new: meter_number address zip');
INSERT INTO command VALUES(x'000000000000000000000000000003f2', 12, 12, 1, 'jdoe', x'00000000000000000000000000000001', 'open', NULL, 0, 'new: meter_number address zip');
INSERT INTO command VALUES(x'000000000000000000000000000003f3', 13, 13, 2, 'asmith', x'00000000000000000000000000000002', 'touch', NULL, 0, 'A-1004: import.portal');
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
INSERT INTO application VALUES(1, x'00000000000000010000000000000000', 4, 'A-1001', '', '12 Elm St', '', '', 'submitted', '', '', '', '', '', 0, NULL, NULL, 739941, 739941, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', 0, '', 0, 0, 'sent "it" Jörg');
INSERT INTO application VALUES(2, x'00000000000000020000000000000000', 3, 'A-1002', 'PGE-77', '', '', '', '', '', '', '', '', '', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', 0, '', 0, 0, '');
INSERT INTO application VALUES(3, x'000000000000000a0000000000000000', 1, 'A-1003', 'N-10', 'site 10', '', '', 'intake', '', '', '', '', '', 0, NULL, NULL, 739941, 739941, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', 0, '', 0, 0, 'from the file');
INSERT INTO application VALUES(4, x'000000000000000b0000000000000000', 2, 'A-1004', 'N-11', 'site 11', '', '', 'intake', '', '', '', '', '', 0, NULL, NULL, 739941, 739941, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', 0, '', 0, 0, 'from the file');
INSERT INTO application VALUES(5, x'000000000000000c0000000000000000', 1, 'A-1005', 'N-12', 'site 12', '', '', 'intake', '', '', '', '', '', 0, NULL, NULL, 739941, 739941, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', 0, '', 0, 0, 'from the file');
INSERT INTO application VALUES(6, x'00000000000000030000000000000000', 1, 'A-1006', '', '', '', '', '', '', '', '', '', '', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', 0, '', 0, 0, '');
INSERT INTO application VALUES(7, x'00000000000000040000000000000000', 1, 'A-1007', '', '', '', '', '', '', '', '', '', '', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', 0, '', 0, 0, '');
CREATE TABLE alias(
  number TEXT NOT NULL,
  subject BLOB NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY(number, subject, source)
) STRICT, WITHOUT ROWID;
INSERT INTO alias VALUES('a-1001', x'00000000000000010000000000000000', 'reference');
INSERT INTO alias VALUES('a-1002', x'00000000000000020000000000000000', 'reference');
INSERT INTO alias VALUES('a-1003', x'000000000000000a0000000000000000', 'reference');
INSERT INTO alias VALUES('a-1004', x'000000000000000b0000000000000000', 'reference');
INSERT INTO alias VALUES('a-1005', x'000000000000000c0000000000000000', 'reference');
INSERT INTO alias VALUES('a-1006', x'00000000000000030000000000000000', 'reference');
INSERT INTO alias VALUES('a-1007', x'00000000000000040000000000000000', 'reference');
INSERT INTO alias VALUES('n-10', x'000000000000000a0000000000000000', 'number');
INSERT INTO alias VALUES('n-11', x'000000000000000b0000000000000000', 'number');
INSERT INTO alias VALUES('n-12', x'000000000000000c0000000000000000', 'number');
INSERT INTO alias VALUES('pge-77', x'00000000000000020000000000000000', 'number');
CREATE TABLE imported(
  source TEXT NOT NULL,
  key TEXT NOT NULL,
  subject BLOB NOT NULL,
  "values" TEXT NOT NULL,
  PRIMARY KEY(source, key, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO imported VALUES('portal', 'K10', x'000000000000000a0000000000000000', '{"number":"N-10","site":"site 10"}');
INSERT INTO imported VALUES('portal', 'K11', x'000000000000000b0000000000000000', '{"site":"site 11"}');
INSERT INTO imported VALUES('portal', 'K12', x'000000000000000c0000000000000000', '{"number":"N-12","site":"site 12"}');
CREATE TABLE front(
  scope TEXT NOT NULL,
  place INTEGER NOT NULL,
  subject BLOB NOT NULL,
  PRIMARY KEY(scope, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE front_of(scope TEXT PRIMARY KEY, on_day TEXT NOT NULL, playbook TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE offer(
  source TEXT NOT NULL,
  key TEXT NOT NULL,
  subject BLOB NOT NULL,
  field TEXT NOT NULL,
  theirs TEXT NOT NULL,
  PRIMARY KEY(source, key, subject, field)
) STRICT, WITHOUT ROWID;
INSERT INTO offer VALUES('portal', 'K11', x'000000000000000b0000000000000000', 'site', '"site 11, unit B"');
CREATE TABLE likeness(
  mark INTEGER NOT NULL,
  subject BLOB NOT NULL,
  PRIMARY KEY(mark, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO likeness VALUES(-8506722643561571663, x'00000000000000030000000000000000');
INSERT INTO likeness VALUES(-8506722643561571663, x'00000000000000040000000000000000');
INSERT INTO likeness VALUES(-6310236247880567025, x'00000000000000030000000000000000');
INSERT INTO likeness VALUES(-6310236247880567025, x'00000000000000040000000000000000');
INSERT INTO likeness VALUES(721220486523253683, x'00000000000000030000000000000000');
INSERT INTO likeness VALUES(721220486523253683, x'00000000000000040000000000000000');
CREATE TABLE destination(
  name TEXT PRIMARY KEY,
  position INTEGER NOT NULL,
  tried TEXT NOT NULL,
  millis INTEGER,
  login TEXT NOT NULL,
  directory TEXT NOT NULL,
  exports INTEGER NOT NULL,
  applications INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX event_fold ON event(subject, hlc, replica, seq);
CREATE INDEX event_people ON event("of", subject) WHERE "of" <> 'application';
CREATE TRIGGER event_guard BEFORE INSERT ON event BEGIN
  SELECT RAISE(ABORT, 'intertie: writer too old, upgrade') WHERE NEW.wv < (SELECT v FROM meta WHERE k = 'min_writer');
  SELECT RAISE(ABORT, 'intertie: sequence gap') WHERE NEW.seq <> (SELECT max_seq + 1 FROM replica WHERE id = NEW.replica);
END;
CREATE TRIGGER event_adv AFTER INSERT ON event BEGIN
  UPDATE replica SET max_seq = NEW.seq, head = NEW.hash, max_hlc = max(max_hlc, NEW.hlc) WHERE id = NEW.replica;
END;
CREATE TRIGGER event_ro_u BEFORE UPDATE ON event WHEN NOT (
  NEW.body IS NULL AND NEW.pos = OLD.pos AND NEW.replica = OLD.replica AND NEW.seq = OLD.seq AND NEW.hlc = OLD.hlc
  AND NEW.wv = OLD.wv AND NEW.command = OLD.command AND NEW.actor = OLD.actor AND NEW.subject = OLD.subject AND NEW."of" = OLD."of"
  AND NEW.kind = OLD.kind AND NEW.on_day = OLD.on_day AND NEW.undoes IS OLD.undoes AND NEW.bhash = OLD.bhash AND NEW.hash = OLD.hash)
BEGIN SELECT RAISE(ABORT, 'intertie: the journal is append-only'); END;
CREATE TRIGGER event_ro_d BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'intertie: the journal is append-only'); END;
CREATE INDEX command_session ON command(session, first_pos);
CREATE INDEX command_person ON command(uid, first_pos);
CREATE INDEX command_undoes ON command(undoes, first_pos) WHERE undoes IS NOT NULL;
COMMIT;
