-- Schema 5. Bookkeeping, no fold: an index of the words of notes and messages, filled behind the work. Its rows are positions
-- of the journal; it keeps no text itself. Texts come folded (domain::text::fold), because that is how they are asked for.
-- detail=none: which event has a word is enough, the event tells where. secure-delete: a text that is forgotten leaves no
-- words behind.
CREATE VIRTUAL TABLE words USING fts5(text, content='', detail='none', columnsize=0, prefix='2 3', tokenize='unicode61');
INSERT INTO words(words, rank) VALUES('secure-delete', 1);

-- Up to which position of the journal the words are in the index.
CREATE TABLE words_upto(position INTEGER NOT NULL) STRICT;
INSERT INTO words_upto VALUES(0);
