-- Ids that the platform makes are UUIDs of version 7 (RFC 9562, section 5.7). Those of deliveries are made here, because
-- one statement adds as many rows as a mall has endpoints, and only it knows how many. A default, so that the jar before
-- this one, which may still run, makes them too. PostgreSQL has uuidv7() only from 18 on.
create function member.uuid_v7() returns uuid language sql volatile parallel safe as $$
    -- 48 bits of milliseconds, and for the rest a random UUID of version 4, whose 0100 becomes 0111.
    select encode(
        set_bit(set_bit(
            overlay(uuid_send(gen_random_uuid())
                placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
                from 1 for 6),
            52, 1), 53, 1),
        'hex')::uuid
$$;
-- Rows that are there keep their ids: receivers know them.
alter table member.webhook_delivery alter column id set default member.uuid_v7();
