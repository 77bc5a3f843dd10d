-- The jar before this one may still run: what it writes and reads stays as it was, and columns that it does not know have
-- a default or are null.

-- Terms that a coupon keeps. Where amount is set, percent is 100 for the jar before this one, which knows percent only:
-- an amount is all of the price, capped.
alter table member.coupon
    add column amount        bigint check (amount > 0),
    add column cap           bigint check (cap > 0),
    add column minimum_order bigint not null default 0 check (minimum_order >= 0);

-- Append-only. Version 1 of a policy is what the platform's settings say, so rows begin with 2.
create table member.coupon_policy (
    id            uuid primary key,
    mall_id       varchar(40) not null,
    code          varchar(40) not null,
    version       integer     not null check (version > 1),
    percent       integer,
    amount        bigint,
    cap           bigint,
    minimum_order bigint      not null,
    days_valid    integer     not null,
    active_from   timestamptz not null,
    active_until  timestamptz,
    set_at        timestamptz not null,
    unique (mall_id, code, version),
    check ((percent is null) <> (amount is null))
);

alter table member.point_entry
    add column use_id         uuid,
    add column restoration_id uuid;
create index point_entry_by_use on member.point_entry (use_id) where use_id is not null;
-- What the expiry looks for; a lot leaves it with its last point.
create index point_lot_due on member.point_lot (expires_at) where rest > 0;

-- Who left. The member's row goes, and its personal data with it; a jar that does not know this table finds no member.
create table member.withdrawn_member (
    id           uuid primary key,
    mall_id      varchar(40) not null,
    signed_up_at timestamptz not null,
    withdrawn_at timestamptz not null
);
