ALTER TABLE "user_goal_progress" ADD COLUMN "late_schedule" text;--> statement-breakpoint
ALTER TABLE "user_goal_progress" ADD COLUMN "late_grant_id" text;--> statement-breakpoint
ALTER TABLE "user_goal_progress" ADD COLUMN "grant_id" text;--> statement-breakpoint
ALTER TABLE "user_goal_progress" ADD COLUMN "grant_period" text;