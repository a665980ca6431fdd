//! Every word of this context, in Chinese and English.

messages::texts! {
    pub(crate) uptake => "使用率", "Uptake";
    pub(crate) gaps => "短板", "Gaps";
    pub(crate) reinspecting => "按新规则重新质检全部会话", "Inspecting all conversations with the new rules";
    pub(crate) behaviours => "行为点", "Behaviours";
    pub(crate) behaviour => "行为点", "Behaviour";
    pub(crate) name => "姓名或名称", "Name";
    pub(crate) who => "人员或班组", "Person or team";
    pub(crate) person => "人员", "Person";
    pub(crate) team => "班组", "Team";
    pub(crate) site => "职场", "Site";
    pub(crate) queue => "队列", "Queue";
    pub(crate) line_of_business => "业务线", "Line of business";
    pub(crate) everything => "全部", "All";
    pub(crate) unknown => "（未知）", "(unknown)";
    pub(crate) kind => "对象", "Kind";
    pub(crate) order => "排序", "Order";
    pub(crate) rows_by => "查看维度", "Rows by";
    pub(crate) span => "时间跨度", "Time span";
    pub(crate) weeks(n: u16) => "{n} 个整周", "{n} full weeks";
    pub(crate) up_to_week_of => "截至周（选任一天）", "Up to the week of";
    pub(crate) lowest_first => "总使用率从低到高", "Lowest uptake first";
    pub(crate) highest_first => "总使用率从高到低", "Highest uptake first";
    pub(crate) low_end => "区间下限", "Interval from";
    pub(crate) high_end => "区间上限", "Interval to";
    pub(crate) export_xlsx => "导出 Excel", "Export Excel";
    pub(crate) export_csv => "导出 CSV", "Export CSV";
    pub(crate) rows_before => "上一页", "Previous page";
    pub(crate) rows_after => "下一页", "Next page";
    pub(crate) bad_value(key: &str, value: &str) => "“{key}”的值“{value}”不可用，请查看接口文档中的取值。", "“{value}” is not a value of “{key}”; see the API description.";
}

messages::texts! {
    pub(crate) uptake_lead(from: &str, to: &str) => "{from} 至 {to} 的整周。使用率 = 做到的会话 ÷ 该做的会话；点开任一格看背后的会话。", "Full weeks from {from} to {to}. Uptake = conversations where shown ÷ conversations that called for it. Click a cell for its conversations.";
    pub(crate) uptake_caption(period: &str) => "使用率地图，{period}", "Uptake map, {period}";
    pub(crate) uptake_empty => "这段时间还没有使用率", "No uptake in this period yet";
    pub(crate) uptake_empty_hint => "导入会话后，系统会用规则逐条质检，这里就会显示每个人每个行为点做到了多少。已经导入？请换一段时间或清除筛选。", "Once conversations are imported, every one is checked against the rules, and you see here how often each person shows each behaviour. Already imported? Choose another period or clear the filters.";
    pub(crate) import_conversations => "导入会话", "Import conversations";
    pub(crate) overall => "总使用率", "Overall uptake";
    pub(crate) overall_hint => "全部行为点合计：做到的次数 ÷ 该做的次数（每个会话每个行为点计一次），附 95% Wilson 区间。变化按各行为点上周与前一周之差加权。", "All behaviours together: times shown ÷ times called for (once per conversation and behaviour), with the 95% Wilson interval. The change compares the last week with the one before, weighted by behaviour.";
    pub(crate) gaps_hint => "使用率确实低于目标的“人（或班组）× 行为点”，误报率控制在 5%。", "A person (or team) and a behaviour with an uptake clearly below target; at most 5% of them are false alarms.";
    pub(crate) gaps_unit => "个", "gaps";
    pub(crate) last_four_weeks => "最近 4 个整周", "last 4 full weeks";
    pub(crate) all_time => "至今", "to date";
    pub(crate) impact_sum => "可改善会话", "Potential gain";
    pub(crate) impact_sum_hint => "如果每位员工的短板都补到目标，每周会有多少次“该做而没做”变成做到：（目标 − 估计使用率）× 每周会话数，按人合计。", "How many more times a week people would do what they miss now, if every personal gap were closed to target: (target − estimated uptake) × conversations a week, summed over people.";
    pub(crate) calls_a_week => "次/周", "conversations a week";
    pub(crate) inspected => "已质检会话", "Conversations inspected";
    pub(crate) inspected_hint => "已用现行规则逐条质检并保存结果的会话总数，不是抽样。", "Conversations checked against the current rules: all of them, not a sample.";
    pub(crate) conversations_unit => "条", "conversations";
    pub(crate) selected_shown(zh: &str, en: &str, who_zh: &str, who_en: &str) => "{who_zh}：做到“{zh}”的会话", "{who_en}: conversations where “{en}” was shown";
    pub(crate) selected_missed(zh: &str, en: &str, who_zh: &str, who_en: &str) => "{who_zh}：没做到“{zh}”的会话", "{who_en}: conversations where “{en}” was missed";
    pub(crate) selected_applicable(zh: &str, en: &str, who_zh: &str, who_en: &str) => "{who_zh}：该做“{zh}”的会话", "{who_en}: conversations where “{en}” was called for";
}

messages::texts! {
    pub(crate) gaps_lead(from: &str, to: &str) => "{from} 至 {to} 的整周里，谁的哪个行为点确实低于目标；影响最大的排最前。", "Who is clearly below target on what, in the full weeks from {from} to {to}. Largest impact first.";
    pub(crate) gaps_how_sure => "列在这里的，平均每 20 个里最多有 1 个只是碰巧（误报率 5%）；会话太少、说不准的不列。", "On average at most 1 in 20 of these is down to chance (5% false discoveries). Where there are too few conversations to tell, nothing is listed.";
    pub(crate) gaps_method => "对会话数不少于 20 的每个“人 × 行为点”做单侧精确二项检验，再用 Benjamini–Hochberg 法把误报率控制在 5%；人与班组分开检验。", "Every person × behaviour with 20 or more conversations is tested against its target (one-sided exact binomial); Benjamini–Hochberg keeps false discoveries at 5%. People and teams are tested separately.";
    pub(crate) gaps_empty => "没有能确定的短板", "No clear gaps";
    pub(crate) gaps_empty_hint => "最近 4 个整周里，没有谁的使用率能确定低于目标。也可能会话还太少；使用率地图显示全部数字。", "In the last 4 full weeks nobody's uptake is clearly below target, or there are too few conversations to tell. The uptake map shows every figure.";
    pub(crate) applicable => "该做的会话", "Applicable";
    pub(crate) applicable_hint => "至少出现一次该行为点时机的会话数（n）。", "Conversations with at least one occasion for the behaviour (n).";
    pub(crate) interval_hint => "做到 ÷ 该做；旁边是 95% Wilson 区间。", "Shown ÷ applicable; beside it the 95% Wilson interval.";
    pub(crate) target => "目标", "Target";
    pub(crate) target_hint => "期望的使用率；未设定时为 85%。", "The uptake you expect; 85% where none is set.";
    pub(crate) q => "q 值", "q";
    pub(crate) q_hint => "刚好会被列出的误报率；越小越确定，0.05 以下才列出。", "The false discovery rate at which this gap would just make the list. Smaller is surer; only 0.05 and below are listed.";
    pub(crate) impact => "影响（次/周）", "Impact (per week)";
    pub(crate) impact_hint => "（目标 − 估计使用率）× 每周该做的会话数：补到目标后每周多做到的次数。估计使用率用经验贝叶斯，会话少时向同伴靠拢。", "(target − estimated uptake) × conversations a week that call for it: how many more a week at target. With few conversations the estimate (empirical Bayes) leans towards the peers.";
    pub(crate) missed_calls => "没做到的会话", "Where it was missed";
    pub(crate) open_subject => "打开这个人或班组", "Open the person or team";
}

messages::texts! {
    pub(crate) rule_wrong(n: usize) => "规则有 {n} 处需要修改，见上方列表；您写的内容都在。", "Mistakes in the rule: {n}, listed above. What you wrote is kept.";
    pub(crate) examples_fail(n: usize) => "有 {n} 个样例不符合预期；全部通过后才能发布。", "Examples with another result than expected: {n}. All must pass before the rule can be published.";
    pub(crate) other_name(name: &str) => "规则文本里必须声明行为点“{name}”；名称不能改，请改回。", "The rule text must declare the behaviour “{name}”; a name cannot change, so put it back.";
    pub(crate) changed_in_between => "您打开之后有人修改了它。您写的都在，请对照后再保存。", "Somebody changed this after you opened it. What you wrote is kept; compare and save again.";
    pub(crate) no_draft => "没有可发布的草稿，请先保存草稿。", "There is no draft to publish; save one first.";
    pub(crate) still_reinspecting => "规则更新后正在重新质检会话，完成后数字才完整，请稍后再看。", "Conversations are being inspected again with a new rule. The figures are complete when that is done; look again later.";
    pub(crate) too_many_to_recount(limit: u64) => "规则已经改过，而需要按原规则重读的会话超过 {limit} 通；请缩短周期。", "The rule has changed since, and more than {limit} conversations would have to be read again by the earlier one. Choose fewer weeks.";
}

messages::texts! {
    pub(crate) shown => "做到", "Shown";
    pub(crate) missed => "没做到", "Missed";
    pub(crate) not_applicable => "不适用", "Not applicable";
    pub(crate) undecided => "无法判断（规则过于复杂）", "Undecided (the rule is too costly)";
    pub(crate) shown_of(shown: &str, all: &str) => "{all} 次中做到 {shown} 次", "{shown} of {all} times";
    pub(crate) nothing_applied => "这个会话里没有任何行为点的时机。", "No behaviour was called for in this conversation.";
    pub(crate) others_did_not_apply(n: usize) => "其余 {n} 个行为点在这里不适用。", "Not called for here: {n} other behaviours.";
    pub(crate) judged_right => "判得对", "Correct";
    pub(crate) judged_wrong => "判错了", "Wrong";
    pub(crate) marked_right => "已记为“判得对”。点另一个按钮可改。", "Marked as correct. Use the other button to change it.";
    pub(crate) marked_wrong => "已记为“判错了”。点另一个按钮可改。", "Marked as wrong. Use the other button to change it.";
}

messages::texts! {
    pub(crate) behaviours_lead => "可以从会话中听出来的具体做法。每个行为点是一条规则，用规则逐条质检所有会话。", "What a listener can hear people do. Each behaviour is a rule, and every conversation is checked against it.";
    pub(crate) no_behaviours => "还没有行为点", "No behaviours yet";
    pub(crate) no_behaviours_hint => "产品自带一套行为点，首次启动时装入；也可以自己写一条规则。", "The product comes with a set of behaviours, installed at the first start; you can also write a rule of your own.";
    pub(crate) title_or_name => "标题或名称", "Title or name";
    pub(crate) title => "标题", "Title";
    pub(crate) rule_name => "规则名", "Name";
    pub(crate) state => "状态", "State";
    pub(crate) live_version(n: i64) => "现行第 {n} 版", "live, version {n}";
    pub(crate) live_with_draft(n: i64, draft: i64) => "现行第 {n} 版，草稿第 {draft} 版", "live, version {n}; draft {draft}";
    pub(crate) draft_version(draft: i64) => "草稿第 {draft} 版，未发布", "draft {draft}, not published";
    pub(crate) retired => "已停用", "retired";
    pub(crate) uptake_four_weeks => "使用率（4 周）", "Uptake (4 weeks)";
    pub(crate) precision => "准确率", "Precision";
    pub(crate) precision_hint => "人工复核过的判断里，判得对的占多少，附 95% Wilson 区间；只算现行版本。", "Of the findings that people reviewed, the share that was correct, with the 95% Wilson interval; current version only.";
    pub(crate) examples => "样例", "Examples";
    pub(crate) examples_hint => "通过的样例 ÷ 全部样例；全部通过的规则才能发布。", "Examples that pass ÷ all examples; a rule can be published only when all pass.";
    pub(crate) new_behaviour => "新建行为点", "New behaviour";
    pub(crate) edit_rule => "编辑规则", "Edit rule";
    pub(crate) rule => "规则", "Rule";
    pub(crate) facts => "概况", "Overview";
    pub(crate) targets => "目标", "Targets";
    pub(crate) versions => "版本", "Versions";
    pub(crate) version => "版本", "Version";
    pub(crate) draft => "草稿", "Draft";
    pub(crate) live => "现行", "Live";
    pub(crate) past => "历史", "Past";
    pub(crate) published_at => "时间", "When";
    pub(crate) note => "说明", "Note";
    pub(crate) shown_calls => "做到的会话", "Where it was shown";
    pub(crate) not_reviewed => "还没有人复核。", "Not reviewed yet.";
    pub(crate) not_reviewed_by_you => "还没有人复核。打开会话即可标记“判得对”或“判错了”。", "Not reviewed yet. Open a conversation to mark findings as correct or wrong.";
    pub(crate) trend_title => "每周使用率", "Uptake by week";
    pub(crate) trend_note => "最近 12 个整周；阴影为 95% 置信区间，横线为目标。", "The last 12 full weeks; the band is the 95% interval, the line the target.";
    pub(crate) from_day(day: &str) => "{day} 起", "from {day}";
    pub(crate) target_default => "没有单独设定，按 85% 计。", "None set; the default of 85% applies.";
    pub(crate) valid_from => "生效日期", "Valid from";
    pub(crate) valid_from_hint => "留空为本周一。", "Leave empty for this Monday.";
    pub(crate) set_target => "设定目标", "Set target";
    pub(crate) target_set => "目标已设定。", "Target set.";
    pub(crate) bad_percent(typed: &str) => "“{typed}”不是 1 到 100 之间的百分数，请改成例如 85。", "“{typed}” is not a percentage from 1 to 100; write 85, for example.";
    pub(crate) bad_day(typed: &str) => "“{typed}”不是日期，请写成 2026-03-02。", "“{typed}” is not a date; write it like 2026-03-02.";
    pub(crate) reinspection_cancelled => "已请求停止重新质检；已质检的部分保留。", "Stop requested; what has been inspected stays.";
}

messages::texts! {
    pub(crate) editor_lead => "先试用：看样例是否通过，在真实会话里找到了什么、漏掉了什么；满意后保存草稿或发布。", "Try it first: see which examples pass, and what it finds and misses in real conversations. Then save a draft or publish.";
    pub(crate) rule_hint => "applies when 说明什么时候该做，shown when 说明怎样算做到。改名会被拒绝。", "“applies when” says when it is called for; “shown when” says what counts as doing it. The name cannot be changed.";
    pub(crate) examples_field_hint => "TOML：每个 [[example]] 有 lang、name、expect（shown、not_shown、not_applicable）和 turns。", "TOML: each [[example]] has lang, name, expect (shown, not_shown, not_applicable) and turns.";
    pub(crate) note_hint => "为什么改；会留在版本记录里。", "Why you are changing it; kept with the version.";
    pub(crate) try_it => "试用", "Try it";
    pub(crate) save_draft => "保存草稿", "Save draft";
    pub(crate) publish => "发布", "Publish";
    pub(crate) draft_saved => "草稿已保存。", "Draft saved.";
    pub(crate) published => "已发布，正在用新规则重新质检全部会话。", "Published. All conversations are being inspected with the new rule.";
    pub(crate) must_declare => "规则里要有一行“behaviour 名称 {”，名称用英文小写与下划线。", "The rule needs a line “behaviour NAME {”, with NAME in lower case and underscores.";
    pub(crate) name_taken(name: &str) => "行为点“{name}”已经有了，请换个名称，或去编辑它。", "The behaviour “{name}” already exists; choose another name, or edit that one.";
    pub(crate) examples_unreadable(why: &str) => "样例读不出来：{why}", "The examples cannot be read: {why}";
    pub(crate) failing_examples => "不符合预期的样例", "Examples that fail";
    pub(crate) somebody => "同事", "a colleague";
    pub(crate) place => "行:列", "Line:col";
    pub(crate) message => "问题", "What is wrong";
    pub(crate) expected => "应为", "Expected";
    pub(crate) example => "样例", "Example";
    pub(crate) mistakes => "需要修改", "Mistakes to fix";
    pub(crate) result => "结果", "Result";
    pub(crate) language => "语言", "Language";
    pub(crate) found => "实际", "Actual";
    pub(crate) words => "对话", "Dialogue";
    pub(crate) no_examples => "还没有样例；加几个，规则以后改动时它们会保证不出错。", "No examples yet; add some, and they keep later changes from breaking the rule.";
    pub(crate) matches => "做到", "Shown";
    pub(crate) misses => "该做而没做到", "Called for and missed";
    pub(crate) of_sample(n: usize, of: usize) => "试用的 {of} 个会话里有 {n} 个", "{n} of the {of} conversations tried";
    pub(crate) tried_on => "试用的会话：最近 4 周里这个行为点适用过的最新 40 个，加上所有会话中最新的 20 个。", "Tried on the 40 newest conversations of the last 4 weeks to which the behaviour applied, and on the 20 newest of all.";
    pub(crate) tried_line(failing: usize, all: usize, shown: usize, missed: usize) => "样例：{all} 个中 {failing} 个不符合预期。真实会话：做到 {shown} 个，该做而没做到 {missed} 个。", "Examples: {failing} of {all} differ from what is expected. Real conversations: shown in {shown}, missed in {missed}.";
    pub(crate) tried_well(all: usize, shown: usize, missed: usize) => "样例：{all} 个全部符合预期。真实会话：做到 {shown} 个，该做而没做到 {missed} 个。", "Examples: all {all} as expected. Real conversations: shown in {shown}, missed in {missed}.";
    pub(crate) see_results => "看结果", "See the results";
    pub(crate) editing(name: &str) => "编辑规则：{name}", "Edit rule: {name}";
}

messages::texts! {
    pub inspecting_new => "质检新到的会话", "Inspecting new conversations";
}

messages::texts! {
    pub(crate) praise(zh: &str, en: &str) => "做得最好：{zh}", "Doing best: {en}";
    pub(crate) praise_hint => "最近 4 个整周里，达到目标的行为点中 95% 区间下限最高的一个。", "Of the behaviours on target in the last 4 full weeks, the one with the highest lower end of its 95% interval.";
    pub(crate) own_gap(zh: &str, en: &str) => "我最值得练的：{zh}", "What would help you most: {en}";
    pub(crate) team_gap(zh: &str, en: &str, who_zh: &str, who_en: &str) => "{who_zh}：{zh}", "{who_en}: {en}";
    pub(crate) gap_detail(uptake: &str, target: &str, impact: &str) => "使用率 {uptake}，目标 {target}；补上后每周多做到 {impact} 次", "Uptake {uptake}, target {target}; closing the gap adds {impact} a week";
    pub(crate) draft_waits(zh: &str, en: &str) => "“{zh}”有草稿未发布", "“{en}” has an unpublished draft";
    pub(crate) precision_low(zh: &str, en: &str) => "“{zh}”的判断错得较多，请修改规则", "“{en}” is often wrong; improve its rule";
    pub(crate) go_on => "继续", "Continue";
}

/// Where a new rule begins: a small rule that works and explains itself.
pub(crate) const TEMPLATE: &str = r#"# 一条规则：什么时候该做（applies when），怎样算做到（shown when）。
# A rule: when it is called for (applies when), and what counts as done (shown when).
list zh_angry = "投诉", "太慢", /等了.{0,4}(天|小时)/
list zh_sorry = "抱歉", "对不起", "不好意思"

behaviour my_behaviour {
  title zh "先致歉" en "Apologises first"
  note zh "客户表达不满后，坐席先致歉。" en "After the customer complains, the agent apologises."
  must first
  applies when customer says any of zh_angry
  shown when agent says any of zh_sorry within 2 agent turns after it
}
"#;

/// Examples for [`TEMPLATE`].
pub(crate) const TEMPLATE_EXAMPLES: &str = r#"[[example]]
lang = "zh"
name = "致歉"
expect = "shown"
turns = [
  ["customer", "等了三天还没好，我要投诉。"],
  ["agent", "非常抱歉让您久等了。"],
]

[[example]]
lang = "zh"
name = "没有致歉"
expect = "not_shown"
turns = [
  ["customer", "等了三天还没好，我要投诉。"],
  ["agent", "请报一下手机号。"],
]

[[example]]
lang = "zh"
name = "没有不满"
expect = "not_applicable"
turns = [
  ["customer", "我想查一下话费。"],
  ["agent", "好的。"],
]
"#;
