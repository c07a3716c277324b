-- What is in process of a batch, and what is with a customer of a dispatch, is never below
-- zero at the end of a day, either (R5, R7). Until now an Admin could date a completion or a
-- return to a day on which its material, or its goods, had been away: the one before was
-- reversed later. And challans rise with their days also when the clock was set back (R31).
-- The verifier looks at what is posted from here on.

-- +goose Up

INSERT INTO checked_since SELECT 'days', coalesce(max(id), 0) FROM document;
