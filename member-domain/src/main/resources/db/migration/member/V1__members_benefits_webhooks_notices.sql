-- Benefits, deliveries and recipients point at members by (mall_id, member_id) without a foreign key: an event may come
-- before, after or without its member, and a batch insert must not fail as a whole for one of its rows.

create table member.member (
    id           uuid primary key,
    mall_id      varchar(40)  not null,
    login_id     varchar(64)  not null,
    name         varchar(80)  not null,
    email        varchar(254) not null,
    phone        varchar(15)  not null,
    signed_up_at timestamptz  not null,
    unique (mall_id, login_id)
);
-- Campaigns walk one mall's members by id.
create index member_by_mall on member.member (mall_id, id);

create table member.coupon (
    id             uuid primary key,
    mall_id        varchar(40) not null,
    member_id      uuid        not null,
    policy         varchar(40) not null,
    policy_version integer     not null,
    percent        integer     not null,
    days_valid     integer     not null,
    issued_at      timestamptz not null,
    expires_at     timestamptz not null,
    unique (mall_id, member_id, policy)
);

create table member.point_lot (
    id         uuid primary key,
    mall_id    varchar(40) not null,
    member_id  uuid        not null,
    source     varchar(40) not null,
    granted    bigint      not null check (granted > 0),
    rest       bigint      not null check (rest between 0 and granted),
    granted_at timestamptz not null,
    expires_at timestamptz not null,
    unique (mall_id, member_id, source)
);

create table member.point_entry (
    sequence  bigint generated always as identity primary key,
    lot_id    uuid        not null references member.point_lot,
    kind      varchar(10) not null,
    amount    bigint      not null,
    booked_at timestamptz not null
);
create index point_entry_by_lot on member.point_entry (lot_id);

create table member.webhook_endpoint (
    id              uuid primary key,
    mall_id         varchar(40) not null,
    url             text        not null,
    -- AES-256-GCM, never in clear
    secret          bytea       not null,
    registered_at   timestamptz not null,
    disabled_at     timestamptz,
    disabled_reason varchar(40)
);
create index webhook_endpoint_by_mall on member.webhook_endpoint (mall_id) where disabled_at is null;

create table member.webhook_delivery (
    id              uuid primary key default gen_random_uuid(),
    endpoint_id     uuid        not null references member.webhook_endpoint,
    mall_id         varchar(40) not null,
    member_id       uuid        not null,
    event_type      varchar(40) not null,
    body            text        not null,
    state           varchar(10) not null default 'PENDING',
    attempts        integer     not null default 0,
    last_status     integer,
    last_reason     varchar(60),
    next_attempt_at timestamptz,
    lease           bigint      not null default 0,
    leased_until    timestamptz not null default '-infinity',
    created_at      timestamptz not null default now(),
    ended_at        timestamptz,
    unique (endpoint_id, member_id, event_type)
);
create index webhook_delivery_next on member.webhook_delivery (next_attempt_at) where state = 'PENDING';
create index webhook_delivery_due on member.webhook_delivery (endpoint_id, next_attempt_at) where state = 'PENDING';
create index webhook_delivery_leased on member.webhook_delivery (endpoint_id, leased_until) where state = 'PENDING';
create index webhook_delivery_newest on member.webhook_delivery (endpoint_id, created_at desc);
create index webhook_delivery_by_member on member.webhook_delivery (mall_id, member_id);
create index webhook_delivery_ended on member.webhook_delivery (ended_at) where ended_at is not null;

create table member.notice_campaign (
    id           uuid primary key,
    mall_id      varchar(40),
    notice_year  integer     not null,
    channel      varchar(20) not null,
    template     varchar(50) not null,
    created_at   timestamptz not null,
    total        bigint,
    published    bigint      not null default 0,
    last_member  uuid,
    publish_done boolean     not null default false,
    lease        bigint      not null default 0,
    leased_until timestamptz not null default '-infinity'
);

create table member.notice_recipient (
    id          uuid        not null unique,
    campaign_id uuid        not null,
    member_id   uuid        not null,
    mall_id     varchar(40) not null,
    state       varchar(10) not null,
    code        varchar(100),
    begun_at    timestamptz not null,
    ended_at    timestamptz,
    primary key (campaign_id, member_id)
);
create index notice_recipient_by_state on member.notice_recipient (campaign_id, state);
create index notice_recipient_begun on member.notice_recipient (campaign_id, begun_at);

create table member.request_key (
    -- SHA-256 of caller, method, path and key
    scope      bytea primary key,
    body_hash  bytea       not null,
    created_id uuid        not null,
    created_at timestamptz not null
);
create index request_key_by_age on member.request_key (created_at);

create table member.outbox (
    sequence   bigint generated always as identity primary key,
    bucket     integer     not null,
    mall_id    varchar(40) not null,
    member_id  uuid        not null,
    event_id   uuid        not null,
    happened_at timestamptz not null,
    stored_at  timestamptz not null default now(),
    retry_at   timestamptz
);
create index outbox_by_bucket on member.outbox (bucket, sequence);
create index outbox_waiting on member.outbox (member_id) where retry_at is not null;

create table member.outbox_bucket (
    bucket       integer primary key,
    fence        bigint      not null default 0,
    leased_until timestamptz not null default '-infinity'
);
insert into member.outbox_bucket (bucket) select generate_series(0, 63);
