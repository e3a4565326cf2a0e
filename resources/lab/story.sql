-- The lighthouse on Lab Island: a small database with a story in it. Everything here is invented.
--
-- Who kept the light, which ships were seen, which of them arrived, and what the wind did meanwhile. One night is
-- missing in the log; the sightings, the readings and a letter tell what happened. Look for it with SELECT.

PRAGMA page_size = 4096;

CREATE TABLE keepers (
    id      INTEGER PRIMARY KEY,
    name    TEXT NOT NULL,
    born    TEXT,               -- a date as text: SQLite has no type for dates
    until   TEXT                -- NULL: keeps the light still
);
INSERT INTO keepers VALUES
    (1, 'Aðalbjörg Quist', '1931-02-11', '1979-10-31'),
    (2, 'Tomasz O''Hara',  '1944-07-30', '1987-11-09'),
    (3, 'Inès Löwe',       '1958-12-01', NULL);

CREATE TABLE ships (
    name    TEXT PRIMARY KEY,
    flag    TEXT NOT NULL DEFAULT 'unknown',
    length  REAL CHECK (length > 0),
    cargo   TEXT
);
INSERT INTO ships VALUES
    ('Perseverance', 'Norway',  61.5, 'timber'),
    ('Gull',         'Ireland', 18.0, 'mail'),
    ('Octet',        'unknown', 24.5, NULL),
    ('Nadezhda',     'Latvia',  88.0, 'grain'),
    ('Half Close',   'Iceland', 31.2, 'herring');

CREATE TABLE sightings (
    id      INTEGER PRIMARY KEY,
    ship    TEXT NOT NULL REFERENCES ships (name),
    seen    TEXT NOT NULL,
    bearing INTEGER CHECK (bearing BETWEEN 0 AND 359),
    arrived TEXT,
    remark  TEXT NOT NULL DEFAULT ''
);
INSERT INTO sightings (ship, seen, bearing, arrived, remark) VALUES
    ('Gull',         '1987-11-05 06:40:00',  88, '1987-11-05 08:10:00', 'mail for the keeper'),
    ('Perseverance', '1987-11-06 22:15:00', 142, '1987-11-07 01:30:00', ''),
    ('Nadezhda',     '1987-11-08 17:05:00', 200, '1987-11-09 09:00:00', 'waited for daylight'),
    ('Octet',        '1987-11-08 23:50:00', 231, NULL,                  'eight short flashes, no answer'),
    ('Half Close',   '1987-11-09 05:20:00', 117, '1987-11-09 06:45:00', 'one lamp dark, the other lit'),
    ('Gull',         '1987-11-12 06:35:00',  90, '1987-11-12 08:05:00', 'brought the new keeper');

CREATE TABLE log (
    night   TEXT PRIMARY KEY,
    keeper  INTEGER NOT NULL REFERENCES keepers (id),
    entry   TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO log VALUES
    ('1987-11-05', 2, 'Clear. The Gull in the morning; letters, tea, a part for the lens.'),
    ('1987-11-06', 2, 'Rain from the south. Perseverance passed and came in.'),
    ('1987-11-07', 2, 'Nothing to be seen, and nobody to be heard.'),
    ('1987-11-09', 2, 'I write this by daylight, and it is my last entry.'),
    ('1987-11-12', 3, 'I have taken over. A page is cut out of this book.');

CREATE TABLE letters (
    id      INTEGER PRIMARY KEY,
    sender  TEXT,
    sent    TEXT,
    text    TEXT,
    seal    BLOB                -- the first octets of the stamp's picture
);
INSERT INTO letters VALUES
    (1, 'Tomasz O''Hara', '1987-11-09',
     'The lamp went out for an hour and I did not wake. Whoever flashed eight times waited for an answer.',
     x'89504e470d0a1a0a0000000d49484452'),
    (2, NULL, '1987-11-20', 'We saw your light go out and turned around. All eight of us are well. — the Octet',
     x'00ff'),
    (3, 'Inès Löwe', '1987-11-21', '', NULL);

CREATE TABLE readings (
    id      INTEGER PRIMARY KEY,
    taken   TEXT NOT NULL,
    wind    REAL,               -- metres a second
    light   INTEGER             -- 1: the lamp burnt; NULL: it was day
);
CREATE INDEX readings_taken ON readings (taken);

CREATE VIEW missing AS
    SELECT s.seen, s.ship, s.remark FROM sightings AS s WHERE s.arrived IS NULL;

CREATE VIEW nights AS
    SELECT date(s.seen) AS night, count(*) AS ships, l.entry
    FROM sightings AS s LEFT JOIN log AS l ON l.night = date(s.seen)
    GROUP BY date(s.seen) ORDER BY night;

CREATE TABLE changes (
    at      TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    what    TEXT NOT NULL
);
CREATE TRIGGER log_is_watched AFTER UPDATE ON log BEGIN
    INSERT INTO changes (what) VALUES ('the entry of ' || OLD.night || ' was changed');
END;
