-- Agents of a conversation that changed hands stand where lists have it, so that a page reads only the rows it shows.
ALTER TABLE conversation_participant ADD COLUMN sort_at BIGINT NOT NULL DEFAULT 0;
UPDATE conversation_participant SET sort_at = COALESCE((SELECT c.sort_at FROM conversation c WHERE c.id = conversation_participant.conversation), 0);
DROP INDEX conversation_participant_person;
DROP INDEX conversation_participant_team;
CREATE INDEX conversation_participant_person ON conversation_participant (person, sort_at, conversation);
CREATE INDEX conversation_participant_team ON conversation_participant (team, sort_at, conversation);

-- With the column itself behind its order, lengths are counted without reading rows.
DROP INDEX conversation_by_duration;
CREATE INDEX conversation_by_duration ON conversation ((COALESCE(duration_s, -1)), id, duration_s);
