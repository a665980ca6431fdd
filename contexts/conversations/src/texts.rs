//! Every word of this context, in both languages.

messages::texts! {
    // Why a row did not go in.
    pub too_long(bytes: u64, max_mb: usize) => "这一行有 {bytes} 字节，超过一条会话 {max_mb} MB 的上限。请检查文件是否缺少换行，每行放一条会话。", "This line has {bytes} bytes; one conversation may have {max_mb} MB. Check that the file has line ends: one conversation a line.";
    pub row_too_long(bytes: u64, max_mb: usize) => "这一行有 {bytes} 字节，超过表格一行 {max_mb} MB 的上限。请检查文件是否缺少换行，每行放一个话轮。", "This line has {bytes} bytes; a row of a table may have {max_mb} MB. Check that the file has line ends: one turn a row.";
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

messages::texts! {
    pub rebuilding_search => "重建会话全文索引", "Build the full-text index of conversations anew";
    pub indexing => "建立全文索引", "Index for full-text search";
    pub unknown_selection(name: &str) => "链接中的会话选择“{name}”无法识别。请从原页面重新进入。", "The selection “{name}” in this link is not known. Follow the link again from its page.";
    pub search_failed => "全文搜索暂时不可用，列表和筛选仍可使用。请稍后再试；如仍不行，请管理员重建索引。", "Full-text search does not work right now; the list and its filters do. Try again later; if it stays so, ask an administrator to rebuild the index.";
}

messages::texts! {
    // The list and the page of a conversation.
    pub conversations => "会话", "Conversations";
    pub conversations_lead => "客户与中心的每一次接触。筛选、全文搜索，点开看逐句对话。", "Every contact between customers and the centre. Filter, search the words, open one to read it turn by turn.";
    pub conversation_title(id: &str) => "会话 {id}", "Conversation {id}";
    pub no_conversations => "还没有会话", "No conversations yet";
    pub no_conversations_hint => "从文件导入，或通过接口写入。支持 JSON Lines 和 CSV。", "Import a file, or send them through the API. JSON Lines and CSV are supported.";
    pub began => "开始时间", "Started";
    pub agent => "坐席", "Agent";
    pub team => "班组", "Team";
    pub site => "职场", "Site";
    pub queue => "队列", "Queue";
    pub line_of_business => "业务线", "Line of business";
    pub channel => "渠道", "Channel";
    pub channel_voice => "电话", "Voice";
    pub channel_chat => "在线", "Chat";
    pub channel_email => "邮件", "E-mail";
    pub channel_sms => "短信", "Text message";
    pub channel_video => "视频", "Video";
    pub direction => "方向", "Direction";
    pub inbound => "呼入", "Inbound";
    pub outbound => "呼出", "Outbound";
    pub disposition => "小结", "Disposition";
    pub duration => "时长", "Length";
    pub turns => "话轮", "Turns";
    pub external_id => "编号", "Id";
    pub source => "来源", "Source";
    pub date => "有无日期", "Has a date";
    pub dated => "有日期", "With a date";
    pub undated => "没有日期", "Without a date";
    pub from_day => "从", "From";
    pub to_day => "到", "To";
    pub shortest => "最短时长", "Shortest";
    pub longest => "最长时长", "Longest";
    pub seconds => "秒", "s";
    pub search_words => "说过的话或编号", "Words or id";
    pub previous_one => "上一条", "Previous";
    pub next_one => "下一条", "Next";
    pub show_all => "显示全部", "Show all";
    pub facts => "基本信息", "Details";
    pub other_fields => "其他字段", "Other fields";
    pub imported_at => "导入时间", "Imported";
    pub found_by_search => "搜索命中", "found by your search";
    pub number_search => "您的角色看不到电话、证件与卡号，也不能按这些号码查找。请用其他词语，或请有权限的同事查找。", "Your role cannot see phone, identity and card numbers, nor search for them. Use other words, or ask somebody who can.";
    pub search_lags => "部分新会话还在建立全文索引，稍后才能搜到。", "Some new conversations are still being indexed; they can be found in a moment.";
    pub undated_hint => "没有日期的会话不计入按周的数据。重新导入时给出日期，即可计入。", "Conversations without a date do not count in weekly figures. Import them again with a date to count them.";
    pub undated_one => "这条会话没有日期，不计入按周的数据。", "This conversation has no date; it does not count in weekly figures.";
    pub undated_some(n: &str) => "{n} 条会话没有日期，不计入按周的数据。可以给出默认日期后重新导入同一文件。", "Without a date, and so not in weekly figures: {n} conversations. Import the same file again with a default date to count them.";
    pub masked_hint => "电话、证件和卡号已隐去，只留后四位。", "Phone, identity and card numbers are hidden except for their last four characters.";
    pub bad_filter(key: &str, value: &str) => "筛选条件 {key} 的值“{value}”无法识别。请改正或去掉它。", "The filter {key} has the value “{value}”, which cannot be read. Correct it or leave it out.";

}

messages::texts! {
    // Importing.
    pub import_conversations => "导入会话", "Import conversations";
    pub import_lead => "先预览再导入：有问题的行会说明原因并可下载，其余照常导入；来源和编号相同的不会重复。", "Preview first, then import. Rows with problems are listed with the reason and can be downloaded; the rest goes in. The same source and id is never imported twice.";
    pub first_import => "导入第一批会话", "Import your first conversations";
    pub first_import_detail => "导入后系统会逐条质检；会话里提到的人员、队列会自动建立。", "Every conversation is inspected as it comes in; the people and queues it names are created.";
    pub imports => "导入记录", "Imports";
    pub import_of(name: &str) => "导入 {name}", "Import of {name}";
    pub importing(name: &str) => "导入会话：{name}", "Importing conversations: {name}";
    pub no_imports => "还没有导入过", "Nothing imported yet";
    pub no_imports_hint => "选择一个文件，先预览再导入。", "Choose a file; you can preview it before it is imported.";
    pub file => "文件", "File";
    pub choose_file => "选择文件", "Choose a file";
    pub choose_a_file => "请选择一个文件。", "Choose a file.";
    pub file_hint => "JSON Lines 或 CSV；编码自动识别：UTF-8、UTF-16、GBK/GB18030。", "JSON Lines or CSV; UTF-8, UTF-16, GBK and GB 18030 are recognised.";
    pub upload_and_look => "上传并预览", "Upload and preview";
    pub upload_too_large(gb: usize) => "文件超过 {gb} GB。请用命令行 lianbing import conversations 导入大文件。", "The file is larger than {gb} GB. Use the command line for it: lianbing import conversations.";
    pub upload_broken(why: &str) => "上传没有完成（{why}）。什么都没有导入，请重新上传。", "The upload did not finish ({why}). Nothing was imported; upload it again.";
    pub upload_not_kept => "服务器无法保存上传的文件，磁盘可能已满。什么都没有导入；请联系管理员。", "The server could not keep the file; the disk may be full. Nothing was imported; tell an administrator.";
    pub format => "格式", "Format";
    pub format_jsonl => "JSON Lines（每行一条会话）", "JSON Lines (one conversation per line)";
    pub format_jsonl_hint => "每行一个对象：id、source、turns[{participant?, role, t?, text}]；可选 started_at、agent、site、queue、line_of_business、channel、direction、disposition、duration_s、fields。其他键原样保留。", "One object a line: id, source, turns[{participant?, role, t?, text}]; optionally started_at, agent, site, queue, line_of_business, channel, direction, disposition, duration_s, fields. Other keys are kept as they are.";
    pub format_csv => "CSV（每行一个话轮）", "CSV (one turn per row)";
    pub format_csv_hint => "首行是列名，中英文都可以；同一会话的行不必相邻，但相距不超过 10,000 行。不认识的列随话轮保留。", "The first row holds the headings, Chinese or English. Rows of one conversation need not be adjacent, but at most 10,000 rows apart. Unknown columns are kept with the turn.";
    pub encoding => "编码", "Encoding";
    pub recognised => "识别结果", "Recognised";
    pub columns_understood => "识别的列", "Recognised columns";
    pub columns_kept => "原样保留的列", "Columns kept as they are";
    pub first_conversations => "前几条会话", "First conversations";
    pub first_rejected => "前几条有问题的行", "First rows with problems";
}

messages::texts! {
    // Looking at a file, and the result.
    pub look_lead => "还没有导入。核对识别结果，给出缺少的内容，然后开始。", "Nothing is imported yet. Check what was recognised, fill in what is missing, then start.";
    pub import_options => "导入选项", "Options";
    pub default_source => "默认来源", "Default source";
    pub default_hint => "仅用于文件中没有写明的会话。", "Used only where the file says nothing.";
    pub default_date => "默认日期", "Default date";
    pub default_date_hint => "没有日期的会话不计入按周的数据。", "Conversations without a date do not count in weekly figures.";
    pub default_site => "默认职场", "Default site";
    pub default_queue => "默认队列", "Default queue";
    pub default_line => "默认业务线", "Default line of business";
    pub default_channel => "默认渠道", "Default channel";
    pub create_unknown => "自动建立不认识的人员、职场、队列和业务线", "Create people, sites, queues and lines of business that are not known yet";
    pub create_unknown_hint => "关闭后，含有不认识名字的会话会被拒绝。", "If switched off, conversations with unknown names are rejected.";
    pub bad_day(value: &str) => "“{value}”不是日期。请写成 2026-03-02。", "“{value}” is not a date. Write it like 2026-03-02.";
    pub look_again => "按选项重新预览", "Preview again with these options";
    pub start_import => "开始导入", "Start import";
    pub discard_file => "放弃这个文件", "Discard this file";
    pub stopping => "正在停止；已计数的会话保留。", "Stopping; what has been imported stays.";
    pub state => "状态", "State";
    pub state_prepared => "待确认", "Awaiting confirmation";
    pub state_running => "进行中", "Running";
    pub state_done => "完成", "Done";
    pub state_failed => "失败", "Failed";
    pub state_cancelled => "已停止", "Stopped";
    pub kilobytes => "KB", "KB";
    pub counted(good: &str, bad: &str) => "已导入 {good} 条，拒绝 {bad} 行", "{good} imported, {bad} rows rejected";
    pub result => "结果", "Result";
    pub added => "新增", "New";
    pub updated => "更新", "Updated";
    pub unchanged => "未变", "Unchanged";
    pub rejected => "拒绝", "Rejected";
    pub people_created => "新建人员", "People created";
    pub lines => "行数", "Lines";
    pub file_line => "行号", "Line";
    pub reason => "原因", "Reason";
    pub raw_row => "原文", "As written";
    pub rejected_rows => "被拒绝的行", "Rejected rows";
    pub rejected_shown(shown: &str, all: &str) => "显示前 {shown} 行；下载可得全部 {all} 行。", "The first {shown} are shown; the download has all {all}.";
    pub download_rejected => "下载被拒绝的行", "Download rejected rows";
    pub intake_too_many(n: usize, max: usize) => "一次请求有 {n} 条会话，上限是 {max}。请分批发送。", "One request has {n} conversations; at most {max} are taken. Send them in several requests.";
    pub intake_unreadable(why: &str) => "请求体不是 JSON 数组，也不是每行一个对象（{why}）。", "The body is neither a JSON array nor one object a line ({why}).";
}
