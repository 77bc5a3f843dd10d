-- When somebody was last accepted or rejected. The jar before this one does not write it: a pass may come later for that.
alter table member.notice_progress add column finished_at timestamptz;
update member.notice_progress set finished_at = last_at;
