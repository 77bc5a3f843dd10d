-- Everything has a default: the jar before this one, which may still run, gives up what waits with the end of the endpoint.
alter table member.webhook_endpoint
    -- It was disabled, and deliveries to it may still be PENDING. They are given up in bites.
    add column giving_up     boolean not null default false,
    -- Both count only while failing_since says that it fails.
    add column failed_at     timestamptz,
    add column failed_millis bigint  not null default 0;

create index webhook_endpoint_giving_up on member.webhook_endpoint (disabled_at) where giving_up;
