-- Schema 6. Bookkeeping, no fold: a second index like that of schema 5, of the texts that events wrote into fields; both are
-- filled anew. Apart, because what somebody said is listed first, and the writes of one import are as many as its rows.
CREATE VIRTUAL TABLE written USING fts5(text, content='', detail='none', columnsize=0, prefix='2 3', tokenize='unicode61');

-- Notes in lists and notes with a day or an author of their own had been left out.
INSERT INTO words(words) VALUES('delete-all');
UPDATE words_upto SET position = 0;
