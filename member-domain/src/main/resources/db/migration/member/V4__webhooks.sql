-- Everything has a default, so that the jar before this one, which may still run, goes on: it adds endpoints for all types,
-- calls those that are paused, and signs with the newest secret.
alter table member.webhook_endpoint
    -- empty: all types
    add column types                 text[]  not null default '{}',
    -- signs beside the newest until then; encrypted as that is
    add column previous_secret       bytea,
    add column previous_secret_until timestamptz,
    -- how it has been answering, shared by all instances
    add column failures              integer not null default 0,
    add column pauses                integer not null default 0,
    add column failing_since         timestamptz,
    add column paused_until          timestamptz,
    -- Its row stays until its deliveries are purged; disabled_at is set with it.
    add column deleted_at            timestamptz;
