//! Every word of this context, in Chinese and English.

messages::texts! {
    pub(crate) invalid => "有内容需要修改，其余内容都已保留。", "Something needs correcting; everything else you typed is kept.";
    pub(crate) changed_in_between => "您打开之后有人修改了它。下面是现在保存的内容，您填写的也都在；请核对后再保存。", "Somebody changed this after you opened it. Below is what is stored now beside what you typed; compare them and save again.";
    pub(crate) stored_now(value: &str) => "现在保存的是：{value}", "stored now: {value}";
    pub(crate) must_be_filled => "请填写。", "Fill this in.";
    pub(crate) must_be_chosen => "请从列表中选择；所选项已不存在。", "Choose one from the list; this one does not exist.";
    pub(crate) too_long(n: usize, max: usize) => "有 {n} 个字，最多 {max} 个，请缩短。", "This has {n} characters; shorten it to {max} at most.";
    pub(crate) code_taken(code: &str) => "编码“{code}”已被使用，请换一个。", "The code “{code}” is taken; choose another.";
    pub(crate) name_taken(name: &str) => "名称“{name}”已存在，请换一个。", "The name “{name}” exists already; choose another.";
    pub(crate) number_taken(number: &str) => "工号“{number}”已被使用；请核对，或打开那位人员进行修改。", "The employee number “{number}” is taken; check it, or edit the person who has it.";
    pub(crate) zone_belongs_to_site => "时区属于职场或机构，班组跟随所在职场；请留空。", "The time zone belongs to the site or the organisation, and a team has that of its site; leave this empty.";
    pub(crate) zone_unknown(zone: &str) => "没有名为“{zone}”的时区；请写成 Asia/Shanghai 这样。", "There is no time zone “{zone}”; write it like Asia/Shanghai.";
    pub(crate) parent_missing => "请选择上级单元。", "Choose the unit above.";
    pub(crate) parent_kind => "职场直接属于机构，不能放在职场或班组下面。", "A site belongs to the organisation itself, not to a site or a team.";
    pub(crate) parent_cycle(name: &str) => "“{name}”在它自己下面，不能作为上级。", "“{name}” is below it and cannot be above it at the same time.";
    pub(crate) tree_too_deep(max: usize) => "组织最多 {max} 层，请选更高的上级。", "The tree may have {max} levels at most; choose a unit further up.";
    pub(crate) organisation_stays_open => "机构不能关闭。", "The organisation cannot be closed.";
    pub(crate) unit_below_open(name: &str) => "下级“{name}”在那天仍开放，请先关闭它。", "“{name}” below it is still open on that day; close it first.";
    pub(crate) unit_has_members(n: i64) => "那天起仍有 {n} 人属于它，请先把他们调走。", "{n} people still belong to it from that day on; move them first.";
    pub(crate) unit_closed_then(name: &str, day: &str) => "“{name}”在 {day} 已关闭，请选别的单元。", "“{name}” is closed on {day}; choose another unit.";
    pub(crate) ends_before_it_begins(to: &str, from: &str) => "最后一天 {to} 早于第一天 {from}，请核对。", "The last day {to} is before the first day {from}; check both.";
    pub(crate) reason_needs_last_day => "写了离职原因，请同时填写最后工作日。", "There is a reason for leaving, so give the last day of employment too.";
    pub(crate) not_employed_then(day: &str) => "此人在 {day} 不在职，请换一天或先修改在职日期。", "This person is not employed on {day}; choose another day or change the days of employment first.";
    pub(crate) level_range(level: u8) => "级别是 1 到 5，不能是 {level}。", "A level is 1 to 5, not {level}.";

    pub(crate) number => "工号", "Employee number";
    pub(crate) name => "姓名", "Name";
    pub(crate) site => "职场", "Site";
    pub(crate) team => "班组", "Team";
    pub(crate) team_role => "班组角色", "Role in the team";
    pub(crate) since => "入组日期", "In the team since";
    pub(crate) employed_from => "入职日期", "Employed from";
    pub(crate) employed_to => "最后工作日", "Last day of employment";
    pub(crate) leaving_reason => "离职原因", "Reason for leaving";
    pub(crate) line => "行号", "Line";
    pub(crate) reason => "原因", "Reason";
    pub(crate) file_empty => "文件里没有数据：第一行应是表头，下面至少一行。", "There are no rows in this file: the first line is the heading, with at least one line below it.";
    pub(crate) file_too_large(kb: usize, max: usize) => "文件有 {kb} KB，最大 {max} KB，请拆成几个。", "The file has {kb} KB; split it into parts of {max} KB at most.";
    pub(crate) file_too_many_rows(max: usize) => "超过 {max} 行，请拆成几个文件。", "There are more than {max} rows; split the file.";
    pub(crate) file_too_many_columns(line: u64, n: usize, max: usize) => "第 {line} 行有 {n} 列，最多 {max} 列；请检查分隔符。", "Line {line} has {n} columns, and {max} is the most; check what separates them.";
    pub(crate) file_cell_too_long(line: u64, max: usize) => "从第 {line} 行开始的一行里有超过 {max} 个字的单元格；可能少了一个引号。", "The row that begins on line {line} has a cell of more than {max} characters; a quotation mark may be left open.";
    pub(crate) file_not_text => "这不是可读的文本文件。请在表格软件里另存为 CSV 再上传。", "This is not a text file that can be read. Save the sheet as CSV and bring that.";
    pub(crate) file_unreadable(why: &str) => "文件读不出来：{why}", "The file cannot be read: {why}";
    pub(crate) column_missing(zh: &str, en: &str) => "没有指定“{zh}”是哪一列，请选择。", "No column is chosen for “{en}”; choose one.";
    pub(crate) column_twice(zh: &str, en: &str) => "“{zh}”被指定了不止一列，请只留一列。", "“{en}” is chosen for more than one column; keep one.";
    pub(crate) number_twice(number: &str, first: u64) => "工号“{number}”在第 {first} 行已出现，请只留一行。", "The number “{number}” stands on line {first} already; keep one of them.";
    pub(crate) not_a_day(typed: &str) => "“{typed}”不是日期，请写成 2026-03-02。", "“{typed}” is not a day; write it as 2026-03-02.";
    pub(crate) not_a_role(typed: &str) => "“{typed}”不是班组角色，请写“组长”或“组员”。", "“{typed}” is no role in a team; write “leader” or “member”.";
    pub(crate) leader_of_what => "写了组长，请同时填写班组。", "A leader needs a team; fill it in.";
    pub(crate) cell_error(column_zh: &str, column_en: &str, zh: &str, en: &str) => "{column_zh}：{zh}", "{column_en}: {en}";
}
