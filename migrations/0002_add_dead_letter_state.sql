ALTER TABLE "dead_letter" ADD COLUMN "state" text DEFAULT 'open' NOT NULL;--> statement-breakpoint
ALTER TABLE "dead_letter" ADD COLUMN "settled_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "dead_letter_player" ON "dead_letter" USING btree ("namespace","user_id");--> statement-breakpoint
ALTER TABLE "dead_letter" ADD CONSTRAINT "dead_letter_state" CHECK ("dead_letter"."state" IN ('open', 'retried', 'discarded'));