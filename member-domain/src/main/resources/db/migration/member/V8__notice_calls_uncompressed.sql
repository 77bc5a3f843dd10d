-- Ids do not get smaller: to try took longer than to write them.
alter table member.notice_call alter column members set storage external;
