-- How far the pull of each mall's orders is. Everything up to the watermark is stored. The window and the cursor are of the
-- span that is being pulled, so that a long one goes on where it was after a pause, a crash, or in another instance.
-- version: whoever stores says which one it follows, so that of two pullers one moves on.
create table orders.pull (
    mall_id         text primary key,
    version         bigint      not null,
    watermark       timestamptz not null,
    window_from     timestamptz,
    window_to       timestamptz,
    window_pages    integer     not null,
    window_asked    integer     not null,
    cursor_from     timestamptz,
    cursor_sequence text,
    due_at          timestamptz not null,
    failures        integer     not null,
    failure         text,
    trace_id        text
);

-- Of ShedLock, whose manual names these columns: who is at what, in UTC.
create table orders.shedlock (
    name       varchar(64)  primary key,
    lock_until timestamp    not null,
    locked_at  timestamp    not null,
    locked_by  varchar(255) not null
);
