-- One row per order; everybody who changes the order locks it. The number alone is not unique: two channels of one
-- mall may give out the same.
create table orders.sales_order (
    id       bigint generated always as identity primary key,
    mall_id  text not null,
    order_no text not null,
    channel  text not null,
    unique (mall_id, order_no, channel)
);

create table orders.line (
    order_id       bigint      not null references orders.sales_order,
    line_id        text        not null,
    status         text        not null,
    claim_kind     text,
    claim_stage    text,
    return_claimed boolean     not null,
    version        timestamptz not null,
    primary key (order_id, line_id)
);

-- What every part of every record did. The unique key lets a record that comes again be seen; the order is part of it,
-- because a topic made anew starts again at offset 0.
create table orders.history (
    id               bigint generated always as identity primary key,
    order_id         bigint      not null references orders.sales_order,
    stream           text        not null,
    stream_partition integer     not null,
    stream_offset    bigint      not null,
    part             integer     not null,
    kind             text        not null,
    reason           text,
    line_id          text,
    from_status      text,
    to_status        text,
    raw              text        not null,
    source_time      timestamptz,
    received_at      timestamptz not null,
    unique (order_id, stream, stream_partition, stream_offset, part)
);

create index history_of_order on orders.history (order_id, id);

-- Idempotency keys of orders that were handed in: hashes only.
create table orders.hand_in_key (
    scope      text primary key,
    body       text        not null,
    kept_until timestamptz not null
);

create index hand_in_key_by_end on orders.hand_in_key (kept_until);
