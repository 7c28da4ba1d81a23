-- Listing deactivated users, who are few.
CREATE INDEX users_deactivated ON users (user_no, inserted_run)
 WHERE status = 'DEPROVISIONED' AND absent_since IS NULL;
