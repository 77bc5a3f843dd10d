-- The jar before this one may still run. What it inserts meets rows that are there and changes nothing; what it does to a
-- campaign of its own is taken over row by row. ADR 25 tells the rest.

alter table member.member add column notices_refused boolean not null default false;

alter table member.notice_campaign
    add column state            varchar(10) not null default 'PREPARING',
    add column template_version integer     not null default 1,
    -- Begun by the jar before this one: some of its rows were counted by nobody.
    add column adopted          boolean     not null default true,
    add column snapshot_last    uuid        not null default '00000000-0000-0000-0000-000000000000',
    add column snapshot_count   bigint      not null default 0,
    add column snapshot_done    boolean     not null default false,
    add column pass_last        uuid        not null default '00000000-0000-0000-0000-000000000000',
    -- null while requests are being published
    add column pass_ended_at    timestamptz,
    -- Not the lease of the jar before this one, whose publisher goes on by itself.
    add column step             bigint      not null default 0,
    add column step_until       timestamptz not null default '-infinity';

-- Rows change twice, and no index may change with them: so both changes stay on the row's page.
drop index member.notice_recipient_by_state;
drop index member.notice_recipient_begun;
alter table member.notice_recipient
    drop constraint notice_recipient_id_key,
    alter column begun_at drop not null,
    add column call_id  uuid,
    -- Times that the channel turned it down for the moment.
    add column attempts integer not null default 0,
    set (fillfactor = 50);

-- Calls to a channel. A call is open until all of its rows have a result or it cannot be looked up.
create table member.notice_call (
    call_id      uuid primary key,
    campaign_id  uuid        not null,
    channel      varchar(20) not null,
    members      uuid[]      not null,
    begun_at     timestamptz not null,
    -- 0: with its sender. Then it is looked up, by one instance at a time.
    lease        bigint      not null default 0,
    leased_until timestamptz not null,
    look_ups     integer     not null default 0,
    ended_at     timestamptz
);
create index notice_call_open on member.notice_call (leased_until) where ended_at is null;

-- Rows by how it stands with them, as sums over a few slots, so that calls at the same time do not wait for one counter.
create table member.notice_progress (
    campaign_id     uuid    not null,
    slot            integer not null,
    ready           bigint  not null default 0,
    sending         bigint  not null default 0,
    accepted        bigint  not null default 0,
    rejected        bigint  not null default 0,
    unknown         bigint  not null default 0,
    refused         bigint  not null default 0,
    no_contact_data bigint  not null default 0,
    withdrawn       bigint  not null default 0,
    first_at        timestamptz,
    last_at         timestamptz,
    primary key (campaign_id, slot)
) with (fillfactor = 20);

create table member.notice_template (
    code    varchar(50)  not null,
    version integer      not null,
    subject varchar(200) not null,
    body    text         not null,
    made_at timestamptz  not null,
    primary key (code, version)
);

-- Campaigns that are through, or whose requests the topic no longer keeps, are not begun again.
update member.notice_campaign c
set state = 'DONE', snapshot_done = true, pass_ended_at = now()
where publish_done
  and (created_at < now() - interval '7 days'
       or total <= (select count(*) from member.notice_recipient r
                    where r.campaign_id = c.id and r.state in ('ACCEPTED', 'REJECTED', 'UNKNOWN')));
insert into member.notice_progress (campaign_id, slot, accepted, rejected, unknown, first_at, last_at)
select campaign_id, 0, count(*) filter (where state = 'ACCEPTED'), count(*) filter (where state = 'REJECTED'),
       count(*) filter (where state = 'UNKNOWN'), min(begun_at), max(ended_at)
from member.notice_recipient group by campaign_id;
