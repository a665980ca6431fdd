-- One row per conversation. Its words are in conversation_document; here is what lists filter and sort by.
CREATE TABLE conversation (
    id $ID NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    -- When it began, µs; NULL when not known.
    started_at BIGINT,
    -- What lists are ordered by: started_at, else the start of its day, else 0, so that undated ones come last.
    sort_at BIGINT NOT NULL,
    -- The business day of its site; NULL for an undated conversation, which no weekly figure counts.
    day BIGINT,
    site $ID,
    -- The team its first agent was in on that day.
    team $ID,
    person $ID,
    queue $ID,
    line_of_business $ID,
    channel TEXT,
    direction TEXT,
    disposition TEXT,
    duration_s BIGINT,
    turn_count BIGINT NOT NULL,
    agent_count BIGINT NOT NULL,
    lang TEXT NOT NULL,
    batch $ID NOT NULL,
    checksum $BYTES NOT NULL,
    version BIGINT NOT NULL,
    imported_at BIGINT NOT NULL
) $CLUSTERED;

CREATE UNIQUE INDEX conversation_identity ON conversation (source, external_id);
-- One index for each filter of the list, in the list's order: any one filter reads only the rows it shows.
CREATE INDEX conversation_by_time ON conversation (sort_at, id);
CREATE INDEX conversation_by_duration ON conversation ((COALESCE(duration_s, -1)), id);
CREATE INDEX conversation_by_person ON conversation (person, sort_at, id);
CREATE INDEX conversation_by_team ON conversation (team, sort_at, id);
CREATE INDEX conversation_by_site ON conversation (site, sort_at, id);
CREATE INDEX conversation_by_queue ON conversation (queue, sort_at, id);
CREATE INDEX conversation_by_line ON conversation (line_of_business, sort_at, id);
CREATE INDEX conversation_by_channel ON conversation (channel, sort_at, id);
CREATE INDEX conversation_by_direction ON conversation (direction, sort_at, id);
CREATE INDEX conversation_by_disposition ON conversation (disposition, sort_at, id);
CREATE INDEX conversation_by_batch ON conversation (batch, sort_at, id);

-- The transcript: one compressed document per conversation.
CREATE TABLE conversation_document (
    conversation $ID NOT NULL PRIMARY KEY,
    body $BYTES NOT NULL
);

-- The agents of a conversation that changed hands; the first one too. A conversation with one agent has
-- no row here: its person and team are in its own row.
CREATE TABLE conversation_participant (
    conversation $ID NOT NULL,
    participant TEXT NOT NULL,
    person $ID,
    team $ID,
    PRIMARY KEY (conversation, participant)
) $CLUSTERED;
CREATE INDEX conversation_participant_person ON conversation_participant (person, conversation);
CREATE INDEX conversation_participant_team ON conversation_participant (team, conversation);

-- Roll-up of dated conversations: day × queue × first agent. Zero ids stand for “none”.
CREATE TABLE conversation_day (
    day BIGINT NOT NULL,
    queue $ID NOT NULL,
    person $ID NOT NULL,
    conversations BIGINT NOT NULL,
    seconds BIGINT NOT NULL,
    PRIMARY KEY (day, queue, person)
) $CLUSTERED;

-- One import: a file, a stream, or a day of one source's arrivals through the API.
CREATE TABLE import_batch (
    id $ID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    options TEXT NOT NULL,
    format TEXT NOT NULL,
    encoding TEXT NOT NULL,
    state TEXT NOT NULL,
    bytes_total BIGINT,
    bytes_done BIGINT NOT NULL,
    lines_done BIGINT NOT NULL,
    -- How many chunks of the input are stored for good; a resumed import replays the input up to here.
    chunks_done BIGINT NOT NULL,
    added BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    undated BIGINT NOT NULL,
    people_created BIGINT NOT NULL,
    error_zh TEXT,
    error_en TEXT,
    account $ID,
    -- The job that runs an uploaded file.
    job $ID,
    started_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX import_batch_by_time ON import_batch (started_at, id);

-- What did not go in: its line, why, and its own text, shortened.
CREATE TABLE rejected_row (
    batch $ID NOT NULL,
    line BIGINT NOT NULL,
    code TEXT NOT NULL,
    reason_zh TEXT NOT NULL,
    reason_en TEXT NOT NULL,
    raw TEXT NOT NULL,
    PRIMARY KEY (batch, line)
);
