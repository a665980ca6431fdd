//! Every word of this context, in Chinese and English.

messages::texts! {
    pub(crate) uptake => "使用率", "Uptake";
    pub(crate) gaps => "短板", "Gaps";
    pub(crate) behaviours => "行为点", "Behaviours";
    pub(crate) behaviour => "行为点", "Behaviour";
    pub(crate) name => "姓名或名称", "Name";
    pub(crate) who => "人员或班组", "Person or team";
    pub(crate) person => "人员", "Person";
    pub(crate) team => "班组", "Team";
    pub(crate) site => "职场", "Site";
    pub(crate) queue => "队列", "Queue";
    pub(crate) line_of_business => "业务线", "Line of business";
    pub(crate) everything => "全部", "Everything";
    pub(crate) unknown => "（未知）", "(unknown)";
    pub(crate) kind => "对象", "Kind";
    pub(crate) order => "排序", "Order";
    pub(crate) rows_by => "按什么看", "Rows by";
    pub(crate) span => "时间跨度", "Time span";
    pub(crate) weeks(n: u16) => "{n} 个整周", "{n} full weeks";
    pub(crate) up_to_week_of => "截至哪天所在的周", "Up to the week of";
    pub(crate) lowest_first => "总使用率从低到高", "Lowest uptake first";
    pub(crate) highest_first => "总使用率从高到低", "Highest uptake first";
    pub(crate) low_end => "区间下限", "Interval from";
    pub(crate) high_end => "区间上限", "Interval to";
    pub(crate) export_xlsx => "导出 Excel", "Export Excel";
    pub(crate) export_csv => "导出 CSV", "Export CSV";
    pub(crate) rows_before => "上一页", "Previous rows";
    pub(crate) rows_after => "下一页", "More rows";
    pub(crate) bad_value(key: &str, value: &str) => "“{key}”的值“{value}”不可用，请查看接口文档中的取值。", "“{value}” is no value for “{key}”; see the API description for those that are.";
}

messages::texts! {
    pub(crate) uptake_lead(from: &str, to: &str) => "{from} 至 {to} 的整周。使用率 = 做到的会话 ÷ 该做的会话；点开任一格看背后的会话。", "Full weeks from {from} to {to}. Uptake = conversations where shown ÷ conversations where applicable; open any cell for the conversations behind it.";
    pub(crate) uptake_caption(period: &str) => "使用率地图，{period}", "Uptake map, {period}";
    pub(crate) uptake_empty => "这段时间还没有可看的使用率", "There is no uptake to see for this time";
    pub(crate) uptake_empty_hint => "导入会话后，系统会用规则逐条质检，这里就会显示每个人每个行为点做到了多少。已经导入？请换一段时间或清除筛选。", "Once conversations are imported, every one is inspected by the rules, and here you see how often each person does each behaviour. Imported already? Choose another time or clear the filters.";
    pub(crate) import_conversations => "导入会话", "Import conversations";
    pub(crate) overall => "总使用率", "Overall uptake";
    pub(crate) overall_hint => "全部行为点合计：做到的次数 ÷ 该做的次数（每个会话每个行为点计一次），附 95% Wilson 区间。变化按各行为点上周与前一周之差加权。", "All behaviours together: times shown ÷ times applicable (once for each conversation and behaviour), with the 95 % Wilson interval. The change weighs each behaviour's difference between the last two weeks.";
    pub(crate) gaps_hint => "使用率确实低于目标的“人（或班组）× 行为点”，误报率控制在 5%。", "Person (or team) × behaviour with an uptake truly below target; 5 % of them at most are false alarms.";
    pub(crate) gaps_unit => "个", "gaps";
    pub(crate) last_four_weeks => "最近 4 个整周", "last 4 full weeks";
    pub(crate) all_time => "至今", "so far";
    pub(crate) impact_sum => "可改善会话", "Conversations to win";
    pub(crate) impact_sum_hint => "如果每位员工的短板都补到目标，每周会有多少次“该做而没做”变成做到：（目标 − 估计使用率）× 每周会话数，按人合计。", "If every person's gaps were closed to target, so many times a week something missed would be done: (target − estimated uptake) × conversations a week, summed over people.";
    pub(crate) calls_a_week => "次/周", "a week";
    pub(crate) inspected => "已质检会话", "Conversations inspected";
    pub(crate) inspected_hint => "已用现行规则逐条质检并保存结果的会话总数，不是抽样。", "Conversations inspected by the rules, every one of them, not a sample.";
    pub(crate) conversations_unit => "条", "conversations";
    pub(crate) selected_shown(zh: &str, en: &str, who_zh: &str, who_en: &str) => "{who_zh}：做到“{zh}”的会话", "{who_en}: conversations where “{en}” was shown";
    pub(crate) selected_missed(zh: &str, en: &str, who_zh: &str, who_en: &str) => "{who_zh}：没做到“{zh}”的会话", "{who_en}: conversations where “{en}” was missed";
    pub(crate) selected_applicable(zh: &str, en: &str, who_zh: &str, who_en: &str) => "{who_zh}：该做“{zh}”的会话", "{who_en}: conversations where “{en}” was called for";
}

messages::texts! {
    pub(crate) gaps_lead(from: &str, to: &str) => "{from} 至 {to} 的整周里，谁的哪个行为点确实低于目标；影响最大的排最前。", "Whose uptake of what is truly below target in the full weeks from {from} to {to}; the largest impact first.";
    pub(crate) gaps_how_sure => "列在这里的，平均每 20 个里最多有 1 个只是碰巧（误报率 5%）；会话太少、说不准的不列。", "Of those listed here, at most 1 in 20 on average is mere chance (5 % false discoveries); what rests on too few conversations is not listed.";
    pub(crate) gaps_method => "对会话数不少于 20 的每个“人 × 行为点”做单侧精确二项检验，再用 Benjamini–Hochberg 法把误报率控制在 5%；人与班组分开检验。", "Each person × behaviour with 20 conversations or more is tested against its target (exact one-sided binomial), and Benjamini–Hochberg keeps false discoveries at 5 %; people and teams are tested separately.";
    pub(crate) gaps_empty => "没有确实的短板", "No sure gaps";
    pub(crate) gaps_empty_hint => "最近 4 个整周里，没有谁的使用率能确定低于目标。也可能会话还太少；使用率地图显示全部数字。", "Nobody's uptake is surely below target in the last 4 full weeks. There may also be too few conversations; the uptake map has all figures.";
    pub(crate) applicable => "该做的会话", "Applicable";
    pub(crate) applicable_hint => "至少出现一次该行为点时机的会话数（n）。", "Conversations with at least one occasion for the behaviour (n).";
    pub(crate) interval_hint => "做到 ÷ 该做；旁边是 95% Wilson 区间。", "Shown ÷ applicable; beside it the 95 % Wilson interval.";
    pub(crate) target => "目标", "Target";
    pub(crate) target_hint => "期望的使用率；未设定时为 85%。", "The uptake that is expected; 85 % where none is set.";
    pub(crate) q => "q 值", "q";
    pub(crate) q_hint => "刚好会被列出的误报率；越小越确定，0.05 以下才列出。", "The false discovery rate at which it would just be listed; the smaller the surer, and only those up to 0.05 are.";
    pub(crate) impact => "影响（次/周）", "Impact (a week)";
    pub(crate) impact_hint => "（目标 − 估计使用率）× 每周该做的会话数：补到目标后每周多做到的次数。估计使用率用经验贝叶斯，会话少时向同伴靠拢。", "(target − estimated uptake) × applicable conversations a week: how many more a week at the target. The estimate is empirical Bayes: with few conversations it leans towards the peers.";
    pub(crate) missed_calls => "没做到的会话", "Conversations where missed";
    pub(crate) open_subject => "打开这个人或班组", "Open the person or team";
}

messages::texts! {
    pub(crate) rule_wrong(n: usize) => "规则有 {n} 处需要修改，逐条见下；您写的内容都在。", "The rule has {n} mistakes, listed below; what you wrote is kept.";
    pub(crate) examples_fail(n: usize) => "有 {n} 个样例不符合预期；全部通过后才能发布。", "{n} examples do not give what they should; the rule goes live when all pass.";
    pub(crate) other_name(name: &str) => "规则文本里必须声明行为点“{name}”；名称不能改，请改回。", "The rule text must declare the behaviour “{name}”; a name cannot change, so put it back.";
    pub(crate) changed_in_between => "您打开之后有人修改了它。您写的都在，请对照后再保存。", "Somebody changed this after you opened it. What you wrote is kept; compare and save again.";
    pub(crate) no_draft => "没有可发布的草稿，请先保存草稿。", "There is no draft to publish; save one first.";
}
