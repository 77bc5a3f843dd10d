-- When the order was placed and what it costs in all, in whole won, as its channel says; null where it does not.
alter table orders.sales_order
    add column ordered_at timestamptz,
    add column total      bigint;

alter table orders.line
    add column product_no text,
    add column quantity   integer,
    add column unit_price bigint,
    add column amount     bigint;

-- says: the change as it was understood, so that a change that comes late can be put in its place among the others; null
-- for what was not understood, and for what a jar before this migration wrote. released_at: when a parked change was
-- understood after all.
alter table orders.history
    add column says        text,
    add column released_at timestamptz;

create index history_parked on orders.history (id) where kind = 'PARKED';

-- Codes that operators explained, beside those that the readers know.
create table orders.code_mapping (
    channel    text        not null,
    code       text        not null,
    means      text        not null,
    changed_by text        not null,
    changed_at timestamptz not null,
    primary key (channel, code)
);

-- Malls whose lanes an operator chose at run time; it goes before the settings.
create table orders.mall_lanes (
    mall_id    text primary key,
    lanes      text        not null,
    changed_by text        not null,
    changed_at timestamptz not null
);
