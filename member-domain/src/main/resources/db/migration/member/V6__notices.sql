-- When somebody was last accepted or rejected. The jar before this one does not write it: a pass may come later for that.
alter table member.notice_progress add column finished_at timestamptz;
update member.notice_progress set finished_at = last_at;

-- What a campaign's rate is counted from: when it last began to send, null for its first call, and who had a result by then.
alter table member.notice_campaign
    add column counted_from     timestamptz,
    add column counted_finished bigint not null default 0;
