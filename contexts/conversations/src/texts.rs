//! Every word of this context, in both languages.

messages::texts! {
    // Why a row did not go in.
    pub too_long(bytes: u64, max_mb: usize) => "这一行有 {bytes} 字节，超过一条会话 {max_mb} MB 的上限。请检查文件是否缺少换行，每行放一条会话。", "This line has {bytes} bytes; one conversation may have {max_mb} MB. Check that the file has line ends: one conversation a line.";
    pub bad_encoding(at: usize, encoding: &str) => "第 {at} 字节起不是有效的 {encoding} 文字。请把整个文件另存为 UTF-8（或 GBK）后重新导入这些行。", "From byte {at} on this is not {encoding}. Save the whole file as UTF-8 (or GBK) and import these rows again.";
    pub nul(place: &str) => "{place}含有空字符（NUL）。文件可能损坏或被截断，请重新导出。", "There is a NUL character in: {place}. The file may be damaged; export it again.";
    pub not_json(why: &str) => "这一行不是有效的 JSON（{why}）。请检查引号、逗号和括号。", "This line is not JSON ({why}). Check quotation marks, commas and brackets.";
    pub not_an_object(what: &str) => "这一行是 {what}，不是一条会话。每行应是一个 JSON 对象：{{\"id\":…,\"source\":…,\"turns\":[…]}}。", "This line is {what}, not a conversation. Each line must be a JSON object: {{\"id\":…,\"source\":…,\"turns\":[…]}}.";
    pub truncated => "文件在这一行中间结束，这条会话不完整。请重新导出，再导入这一条。", "The file ends in the middle of this line. Export it again and import this conversation.";
    pub missing(field: &str) => "缺少 {field}。请补上这个字段，或在导入时给出默认值。", "{field} is missing. Add it, or give a default at import.";
    pub wrong_kind(field: &str, found: &str, wanted: &str) => "{field} 是 {found}，应为 {wanted}。", "{field} is {found}; it must be {wanted}.";
    pub bad_name(field: &str, value: &str, max: usize) => "{field} “{value}” 过长或含有控制字符。最多 {max} 个字符。", "{field} “{value}” is too long or has control characters. At most {max} characters.";
    pub bad_role(turn: usize, value: &str) => "第 {turn} 个话轮的角色是“{value}”。请写 customer、agent 或 system（客户、坐席、系统）。", "The role of turn {turn} is “{value}”. Write customer, agent or system.";
    pub bad_direction(value: &str) => "方向是“{value}”。请写 inbound 或 outbound（呼入、呼出）。", "The direction is “{value}”. Write inbound or outbound.";
    pub bad_time(value: &str, from: i16, to: i16) => "开始时间“{value}”无法识别。请写成 2026-03-02T09:15:00+08:00，年份在 {from}–{to} 之间。", "The time “{value}” cannot be read. Write it as 2026-03-02T09:15:00+08:00, with a year from {from} to {to}.";
    pub bad_offset(turn: usize, value: &str, days: f64) => "第 {turn} 个话轮的时间 t 是“{value}”。请写从会话开始算起的秒数，0 到 {days} 天之间。", "The time t of turn {turn} is “{value}”. Write seconds from the beginning of the conversation, from 0 to {days} days.";
    pub backwards(turn: usize, at: f64, before: f64) => "第 {turn} 个话轮的时间 {at} 秒早于前一个话轮的 {before} 秒。请按时间顺序排列话轮，或去掉 t。", "Turn {turn} begins at {at} s, before the turn before it ({before} s). Put the turns in order of time, or leave t out.";
    pub no_turns => "这条会话没有话轮。至少要有一个。", "This conversation has no turns. It needs at least one.";
    pub too_many_turns(n: usize, max: usize) => "这条会话有 {n} 个以上话轮，上限是 {max}。请拆成几条会话。", "This conversation has {n} turns or more; at most {max} are taken. Split it.";
    pub text_too_long(turn: usize, chars: usize, max: usize) => "第 {turn} 个话轮有 {chars} 个字符，上限是 {max}。请拆成几个话轮。", "Turn {turn} has {chars} characters; at most {max} are taken. Split it.";
    pub duplicate(id: &str, line: u64) => "编号“{id}”在第 {line} 行已经出现，那一条已采用。请给这一条另一个编号，或删除它。", "The id “{id}” stands on line {line} already, which was taken. Give this one another id, or remove it.";
    pub bad_header(columns: &str) => "首行缺少列：{columns}。请加上这些列名（中文或英文）再导入。", "The first row lacks columns: {columns}. Add these headings (Chinese or English) and import again.";
    pub too_many_columns(max: usize) => "这一行超过 {max} 列。请检查分隔符，或只导出需要的列。", "This row has more than {max} columns. Check the separator, or export only the columns you need.";
    pub wrong_columns(found: usize, wanted: usize) => "这一行有 {found} 列，首行有 {wanted} 列。含逗号或换行的文字请用双引号括起来。", "This row has {found} columns, the first row has {wanted}. Put text with commas or line ends in quotation marks.";
    pub bad_quote => "双引号没有成对。文字中的双引号请写两次（\"\"）。", "A quotation mark is never closed, or not doubled. Inside a quoted text write it twice (\"\").";
    pub sibling(line: u64) => "同一会话的第 {line} 行未能导入，整条会话都留下了，以免缺少话轮。请一起改好再导入。", "Line {line} of the same conversation was rejected; the whole conversation waits, so that it lacks no turn. Correct them together.";
    pub scattered(id: &str, rows: usize) => "会话“{id}”的各行相距超过 {rows} 行。请先按会话编号排序，再导入这些行。", "The rows of conversation “{id}” stand more than {rows} rows apart. Sort the file by conversation and import these rows again.";
    pub conflict(column: &str, one: &str, other: &str) => "同一会话的 {column} 前后不一：“{one}”与“{other}”。请统一后再导入。", "The {column} of one conversation differs between its rows: “{one}” and “{other}”. Make them equal.";
    pub unknown_agent(name: &str) => "没有工号或姓名为“{name}”的人员，本次导入不新建人员。请先建立，或打开“自动建立”。", "Nobody has the number or name “{name}”, and this import creates nobody. Add the person first, or switch creating on.";
    pub unknown_site(name: &str) => "没有名为“{name}”的职场，本次导入不新建。请先建立，或打开“自动建立”。", "There is no site “{name}”, and this import creates none. Add it first, or switch creating on.";
    pub unknown_queue(name: &str) => "没有名为“{name}”的队列，本次导入不新建。请先建立，或打开“自动建立”。", "There is no queue “{name}”, and this import creates none. Add it first, or switch creating on.";
    pub unknown_line(name: &str) => "没有名为“{name}”的业务线，本次导入不新建。请先建立，或打开“自动建立”。", "There is no line of business “{name}”, and this import creates none. Add it first, or switch creating on.";
}

messages::texts! {
    pub unreadable_file(why: &str) => "文件读取中断（{why}）。之前计数的会话已经导入；请检查文件后重新导入，已有的不会重复。", "The file could not be read further ({why}). What was counted is in; check the file and import it again: nothing is taken twice.";
    pub unknown_format => "无法识别文件格式。支持 JSON Lines（每行一个 JSON 对象）和 CSV（首行是列名，至少有 id、role、text）。", "The format is not recognised. JSON lines (one object a line) and CSV (first row with headings, at least id, role, text) are read.";
    pub import_stopped => "导入已停止。已计数的会话已经导入，重新导入同一文件会跳过它们。", "The import was stopped. What was counted is in; importing the same file again skips it.";
}
