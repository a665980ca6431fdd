-- Conversations where applicable and where shown, by week (its Monday), person and queue: every figure is by whole
-- weeks, and summing days for each page read four times as many rows. Kept in the transaction of the observations;
-- recounting them must give the same. Nil ids stand for “none”: they are part of the key.
CREATE TABLE uptake_week (
    week BIGINT NOT NULL,
    behaviour $ID NOT NULL,
    team $ID NOT NULL,
    person $ID NOT NULL,
    queue $ID NOT NULL,
    applicable BIGINT NOT NULL,
    shown BIGINT NOT NULL,
    PRIMARY KEY (week, behaviour, team, person, queue)
) $CLUSTERED;

-- Days count from a Thursday.
INSERT INTO uptake_week (week, behaviour, team, person, queue, applicable, shown)
SELECT day - (day + 3) % 7, behaviour, team, person, queue, SUM(applicable), SUM(shown)
FROM uptake_day GROUP BY 1, 2, 3, 4, 5;

DROP TABLE uptake_day;
