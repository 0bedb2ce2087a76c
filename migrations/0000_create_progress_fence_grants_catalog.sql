CREATE TABLE "catalog_version" (
	"namespace" text NOT NULL,
	"version" text NOT NULL,
	"document" text NOT NULL,
	"seq" bigint,
	"stored_at" timestamp with time zone DEFAULT now() NOT NULL,
	"activated_at" timestamp with time zone,
	CONSTRAINT "catalog_version_namespace_version_pk" PRIMARY KEY("namespace","version")
);
--> statement-breakpoint
CREATE TABLE "dead_letter" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"shard" text NOT NULL,
	"namespace" text NOT NULL,
	"user_id" text NOT NULL,
	"applied" bigint NOT NULL,
	"payload" "bytea" NOT NULL,
	"error" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reward_grant" (
	"grant_id" text PRIMARY KEY NOT NULL,
	"namespace" text NOT NULL,
	"user_id" text NOT NULL,
	"challenge_id" text NOT NULL,
	"goal_id" text NOT NULL,
	"period" text,
	"reward_type" text NOT NULL,
	"reward_id" text NOT NULL,
	"quantity" double precision NOT NULL,
	"shard" text NOT NULL,
	"state" text NOT NULL,
	"attempts" integer NOT NULL,
	"next_attempt_at" timestamp with time zone,
	"last_error" text,
	"created_at" timestamp with time zone NOT NULL,
	"granted_at" timestamp with time zone,
	CONSTRAINT "reward_grant_state" CHECK ("reward_grant"."state" IN ('pending', 'granted', 'rejected', 'parked', 'cancelled'))
);
--> statement-breakpoint
CREATE TABLE "shard_fence" (
	"shard" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"epoch" bigint NOT NULL,
	"flush" bigint NOT NULL,
	"upto" bigint NOT NULL,
	"high" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "user_goal_progress" (
	"namespace" text NOT NULL,
	"user_id" text NOT NULL,
	"goal_id" text NOT NULL,
	"challenge_id" text NOT NULL,
	"status" text NOT NULL,
	"is_active" boolean NOT NULL,
	"raw" double precision,
	"baseline" double precision,
	"progress" double precision NOT NULL,
	"event_count" bigint NOT NULL,
	"period" text,
	"period_ends_at" timestamp with time zone,
	"round" integer NOT NULL,
	"assigned_at" timestamp with time zone,
	"completed_at" timestamp with time zone,
	"claimed_at" timestamp with time zone,
	"last_event_at" timestamp with time zone,
	"last_day" text,
	"late_period" text,
	"late_completed_at" timestamp with time zone,
	"late_reward_type" text,
	"late_reward_id" text,
	"late_quantity" double precision,
	"late_round" integer,
	"late_until" timestamp with time zone,
	"open_grant_id" text,
	"open_period" text,
	"open_completed_at" timestamp with time zone,
	"open_reward_type" text,
	"open_reward_id" text,
	"open_quantity" double precision,
	"open_round" integer,
	"open_started_at" timestamp with time zone,
	"open_until" timestamp with time zone,
	"shard" text NOT NULL,
	"applied" bigint NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "user_goal_progress_namespace_user_id_goal_id_pk" PRIMARY KEY("namespace","user_id","goal_id"),
	CONSTRAINT "user_goal_progress_status" CHECK ("user_goal_progress"."status" IN ('not_started', 'in_progress', 'completed', 'claimed'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX "catalog_version_seq" ON "catalog_version" USING btree ("namespace","seq");--> statement-breakpoint
CREATE INDEX "reward_grant_player" ON "reward_grant" USING btree ("namespace","user_id");--> statement-breakpoint
CREATE INDEX "reward_grant_unsettled" ON "reward_grant" USING btree ("shard","grant_id") WHERE "reward_grant"."state" IN ('pending', 'parked');