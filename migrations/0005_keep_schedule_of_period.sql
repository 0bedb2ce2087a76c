ALTER TABLE "user_goal_progress" ADD COLUMN "schedule" text;--> statement-breakpoint
ALTER TABLE "user_goal_progress" ADD COLUMN "late_schedule" text;--> statement-breakpoint
ALTER TABLE "user_goal_progress" ADD COLUMN "open_schedule" text;