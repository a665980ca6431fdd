//! Every word of this context, in Chinese and English.

use messages::Text;

use crate::{
    improvement::{Cause, Ending, EntryKind, State, StepKind, rules::Act},
    verdict::{Note, Outcome},
};

messages::texts! {
    pub(crate) invalid => "有内容需要修改，见各项提示；您写的都在。", "Something needs to be changed; see the messages at the fields. What you wrote is kept.";
    pub(crate) changed_in_between => "您打开之后有人修改了它。您写的都在，请对照最新内容再提交。", "Somebody changed this after you opened it. What you wrote is kept; compare and send it again.";
    pub(crate) not_now(zh: &str, en: &str) => "它现在的状态是“{zh}”，这一步暂时不能做。请刷新页面看看下一步；结案要等约定的验证结论。", "It is now “{en}”, and this step cannot be taken. Reload the page for what is next; closing needs the agreed verdict.";
    pub(crate) not_yours => "这一步要由督办人或运营共同负责人来做，请联系他们。", "This step is for the supervisor or the partner in operations; ask them.";
    pub(crate) must_be_filled => "请填写。", "Please fill this in.";
    pub(crate) must_be_chosen => "请从列表中选择。", "Choose one from the list.";
    pub(crate) not_a_day(value: &str) => "“{value}”不是日期，请写成 2026-03-02。", "“{value}” is not a day; write it as 2026-03-02.";
    pub(crate) not_a_number(value: &str) => "“{value}”不是数字，请写成 85 或 5.5。", "“{value}” is not a number; write it as 85 or 5.5.";
    pub(crate) too_long(n: usize, most: usize) => "{n} 个字，最多 {most} 个，请写短一些。", "{n} characters; at most {most}. Make it shorter.";
    pub(crate) due_range(from: &str, to: &str) => "期限请选 {from} 到 {to} 之间的一天。", "Choose a due day from {from} to {to}.";
    pub(crate) supervises_oneself => "督办人不能是责任人自己，请另选一位。", "Nobody supervises themselves; choose somebody else.";
    pub(crate) target_range => "目标请填 1 到 100 之间的百分数。", "Give a target from 1 to 100 per cent.";
    pub(crate) worthwhile_range => "请填 1 到 50 个百分点。", "Give 1 to 50 points.";
    pub(crate) people_range(n: usize, most: usize) => "选了 {n} 人，请选 1 到 {most} 人。", "You chose {n} people; choose 1 to {most}.";
    pub(crate) people_beyond(n: usize) => "有 {n} 人不在您负责的范围内，请去掉。", "People who are not in your reach: {n}. Leave them out.";
    pub(crate) to_before_from => "结束日早于开始日，请改其中一个。", "The last day is before the first; change one of them.";
    pub(crate) reading_verdicts => "重新计算上线验证", "Reading the proof of improvements again";
    pub(crate) checking_improvements => "每日检查问题跟进：逾期、验证、回退", "The day's check of improvements: overdue, proof, relapse";
}

messages::texts! {
    pub(crate) improvements => "问题跟进", "Improvements";
    pub(crate) improvements_lead => "每个问题都有人负责、有人督办、有期限；只有真实通话的验证结论才能结案。", "Every problem has an owner, a supervisor and a due day. Only what live conversations prove closes it.";
    pub(crate) what_i_practise => "我在练的", "What I practise";
    pub(crate) what_i_practise_lead => "为您安排的练习和它在真实通话里的效果。比的是方法有没有用，不是给您打分。", "What was arranged for you to practise, and whether it shows in live conversations. It judges the method, not you.";
    pub(crate) board => "看板", "Board";
    pub(crate) list => "列表", "List";
    pub(crate) new_improvement => "新建问题跟进", "New improvement";
    pub(crate) open_improvement => "立项跟进", "Open an improvement";
    pub(crate) none_yet => "还没有问题跟进", "No improvements yet";
    pub(crate) none_yet_hint => "从短板列表里选一个影响大的，点“立项跟进”：人、指标和基线会自动带入。", "Choose a large gap in the list of gaps and open an improvement for it: people, measure and baseline come with it.";
    pub(crate) see_gaps => "看短板", "See the gaps";
    pub(crate) none_in_column => "没有", "none";
    pub(crate) more_in_list(n: usize) => "还有 {n} 个，见列表", "{n} more in the list";
    pub(crate) title => "标题", "Title";
    pub(crate) problem => "问题", "Problem";
    pub(crate) solution => "措施", "Solution";
    pub(crate) result => "结果", "Result";
    pub(crate) cause => "原因", "Cause";
    pub(crate) state_label => "状态", "State";
    pub(crate) due => "期限", "Due";
    pub(crate) owner => "责任人", "Owner";
    pub(crate) supervisor => "督办人", "Supervisor";
    pub(crate) partner => "运营共同负责人", "Partner in operations";
    pub(crate) agreed_by => "运营同意", "Agreed for operations";
    pub(crate) not_agreed_yet => "还没有同意", "not yet";
    pub(crate) behaviour => "行为点", "Behaviour";
    pub(crate) population => "人员", "People";
    pub(crate) people_count(n: usize) => "{n} 人", "{n} people";
    pub(crate) person => "人员", "Person";
    pub(crate) team => "班组", "Team";
    pub(crate) verdict => "验证结论", "Verdict";
    pub(crate) effect => "效果", "Effect";
    pub(crate) effect_points => "效果（百分点）", "Effect (points)";
    pub(crate) overdue => "已逾期", "Overdue";
    pub(crate) overdue_only => "只看逾期", "Overdue only";
    pub(crate) escalated => "已上报督办", "Escalated to the supervisor";
    pub(crate) escalated_twice => "已上报管理者", "Escalated to management";
    pub(crate) mine_only => "只看与我有关", "Mine only";
    pub(crate) open_state => "未结", "Open";
    pub(crate) rule_version(n: i64) => "规则第 {n} 版（已冻结）", "rule version {n} (frozen)";
    pub(crate) search_words => "标题、问题或姓名", "Title, problem or name";
}

messages::texts! {
    pub(crate) open_lead => "打开后，行为点规则、人员和过去 4 周的基线会冻结；规则以后怎么改，都按现在这一版验证。", "Once it is opened, rule, people and the baseline of the last 4 weeks are frozen: whatever happens to the rule, the proof uses it as it is now.";
    pub(crate) title_hint => "一句话：谁的什么做法要变成什么样。", "One line: who should do what from now on.";
    pub(crate) problem_hint => "现在是什么情况，客户感受到什么。", "What happens now, and what the customer notices.";
    pub(crate) solution_hint => "打算怎么做。原因是态度沟通就练、业务知识就上课、流程就改流程、系统就提需求。", "What will be done: drill attitude and communication, teach knowledge, change a process, ask for a change of the system.";
    pub(crate) result_hint => "做完以后写：变成了什么样。", "For later: what came of it.";
    pub(crate) partner_hint => "由谁代表运营同意并共同负责，通常是班组长。", "Who agrees for operations and owns it jointly, mostly the team's leader.";
    pub(crate) target => "目标使用率", "Target uptake";
    pub(crate) worthwhile => "值得的最小效果", "Smallest effect that matters";
    pub(crate) worthwhile_hint => "少于这么多个百分点的变化，就算真有也不值得。", "A change of fewer points would not be worth having, even if it is real.";
    pub(crate) points_unit => "个百分点", "points";
    pub(crate) after_weeks => "约定的验证时点", "Agreed look";
    pub(crate) after_weeks_hint => "练后满几周下结论。只有这一次能结案，提前看到的都是“目前”。", "After how many full weeks the verdict is given. Only this one closes; earlier readings say “so far”.";
    pub(crate) weeks_after(n: u16) => "练后 {n} 周", "{n} weeks after";
    pub(crate) week_after => "练后 1 周", "1 week after";
    pub(crate) people_hint => "结论至少要 3 个人练过才能下。", "A verdict takes at least 3 people who were drilled.";
    pub(crate) team_people => "按班组选", "By team";
    pub(crate) team_people_hint => "选了班组，就是今天在这个组的所有人；也可以再加个别人。", "A team stands for everybody who is in it today; single people can be added.";
    pub(crate) single_people => "按人选", "By person";
    pub(crate) single_people_hint => "每行一个工号或姓名。", "One employee number or name per line.";
    pub(crate) not_known_person(words: &str) => "没有工号或姓名是“{words}”的人，或有重名；请写工号。", "Nobody has the number or name “{words}”, or several do; write the number.";
    pub(crate) keep_it => "保存", "Save";
    pub(crate) saved => "已保存", "Saved";
    pub(crate) opened => "已立项，基线已冻结。下一步：请运营同意。", "Opened, and the baseline is frozen. Next: operations agree.";
    pub(crate) edit => "修改", "Edit";
    pub(crate) nobody => "（未选）", "(choose)";
    pub(crate) problem_of_gap(zh: &str, en: &str, who_zh: &str, who_en: &str, uptake: &str, n: &str, target: &str) => "{who_zh}的“{zh}”过去 4 周使用率 {uptake}（n={n}），低于目标 {target}。", "The uptake of “{en}” of {who_en} was {uptake} over the last 4 weeks (n={n}), below the target of {target}.";
    pub(crate) title_of_gap(zh: &str, en: &str, who_zh: &str, who_en: &str) => "{who_zh}：做到“{zh}”", "{who_en}: “{en}”";
    pub(crate) day_to_choose => "请选择日期。", "Choose a day.";
}

messages::texts! {
    pub(crate) facts => "概况", "Overview";
    pub(crate) measure => "冻结的指标", "The frozen measure";
    pub(crate) baseline => "立项时的使用率", "Uptake when opened";
    pub(crate) estimate => "估计使用率（经验贝叶斯）", "Estimate (empirical Bayes)";
    pub(crate) selection_weeks => "选出人员的周", "Weeks that selected";
    pub(crate) steps => "措施与练兵", "What is done";
    pub(crate) no_steps => "还没有措施", "Nothing is done yet";
    pub(crate) no_steps_hint => "同意之后，安排一次练兵、辅导或课程，或提出流程、知识、系统的改动。", "Once it is agreed, arrange a drill, coaching or a course, or ask for a change of process, knowledge or system.";
    pub(crate) drilled_of(n: usize, all: usize) => "已练 {n}/{all} 人", "{n} of {all} drilled";
    pub(crate) takes_effect(day: &str) => "{day} 起生效", "takes effect on {day}";
    pub(crate) no_day_yet => "生效日未定", "its day is not known yet";
    pub(crate) history => "经过与讨论", "History and discussion";
    pub(crate) say_something => "说一句", "Say something";
    pub(crate) send => "发表", "Send";
    pub(crate) the_system => "系统", "the system";
    pub(crate) next_step => "下一步", "Next";
    pub(crate) waits_for(zh: &str, en: &str) => "等待 {zh}", "Waiting for {en}";
    pub(crate) proof => "上线验证", "Proof";
    pub(crate) no_proof => "还没有验证", "No proof yet";
    pub(crate) no_proof_hint => "有人练过、并过完练后第一个整周，这里就会出现第一次读数。", "Once somebody was drilled and the first full week after it is over, the first reading appears here.";
    pub(crate) so_far => "目前", "so far";
    pub(crate) agreed_look => "约定的结论", "Agreed verdict";
    pub(crate) look => "时点", "Look";
    pub(crate) newest_weeks => "最近 4 周", "newest 4 weeks";
    pub(crate) how_computed => "怎么算出来的？", "How was this computed?";
    pub(crate) csv_behind => "下载背后的全部数据（CSV）", "Everything behind it (CSV)";
    pub(crate) conversations_after => "练后没做到的会话", "Missed after the drill";
    pub(crate) conversations_before => "立项时没做到的会话", "Missed when opened";
    pub(crate) drilled_side => "练过的人", "Drilled";
    pub(crate) compared_side => "还没练的人", "Not yet drilled";
    pub(crate) chart_drilled => "练过的人：每周使用率", "Drilled: uptake by week";
    pub(crate) chart_compared => "还没练的人：每周使用率", "Not yet drilled: uptake by week";
    pub(crate) chart_note => "竖线是练兵那一周；选出人员的周会自然回升，结论不用它们作基线。", "The vertical line marks the week of the drill. Weeks that selected people rise again by themselves, so the verdict does not use them as a baseline.";
    pub(crate) drill_mark(n: u64) => "练 {n} 人", "{n} drilled";
    pub(crate) read_at(at: &str, week: &str) => "{at} 计算，数据到 {week} 那一周", "computed {at}, data up to the week of {week}";
    pub(crate) interval(low: &str, high: &str) => "95% 区间 {low} 至 {high}", "95% interval {low} to {high}";
    pub(crate) more_needed(n: &str) => "还需约 {n} 个会话", "about {n} more conversations needed";
    pub(crate) before => "练前基线", "Baseline";
    pub(crate) after => "练后", "After";
    pub(crate) change => "变化", "Change";
    pub(crate) people => "人数", "People";
    pub(crate) conversations_n(n: &str) => "{n} 个会话", "{n} conversations";
    pub(crate) effect_hint => "练过的人的变化减去还没练的人同期的变化。", "The change of the drilled less the change of those not yet drilled in the same weeks.";
    pub(crate) other_round(n: i64) => "第 {n} 轮", "Round {n}";
    pub(crate) other_people(n: usize) => "另有 {n} 人，您无权查看姓名", "{n} more whose names you may not see";
    pub(crate) somebody => "（其他人员）", "(somebody else)";
}

messages::texts! {
    pub(crate) reason => "理由", "Reason";
    pub(crate) what_is_done => "做什么", "What is done";
    pub(crate) kind => "方式", "Way";
    pub(crate) from_day => "开始日", "First day";
    pub(crate) to_day => "结束日", "Last day";
    pub(crate) scenario => "练兵脚本", "Scenario";
    pub(crate) scenario_hint => "能练这个行为点的排在前面；也可以以后在练兵主题里再选。", "Those that practise this behaviour come first; it can also be chosen later in the topic.";
    pub(crate) effective_day => "生效日", "Takes effect on";
    pub(crate) effective_day_hint => "练兵以外的措施从哪天起生效；验证以这一天为界。还不知道就留空。", "From which day anything but a drill takes effect: the proof divides there. Leave it empty while it is not known.";
    pub(crate) drill_days_hint => "练兵方式要填；会建立一个练兵主题，每个人练过那天自动记下。", "For a drill: it opens a topic, and each person's day is recorded there.";
    pub(crate) done => "已完成", "Done";
    pub(crate) agree_lead => "您代表运营同意这个问题、指标和期限，并共同负责。", "You agree for operations with problem, measure and due day, and own it jointly.";
    pub(crate) step_lead => "安排一项措施。原因不同，办法不同。", "Arrange a step. Different causes call for different ways.";
    pub(crate) accept_lead => "验证结论是“有效”。结案后仍会每 4 周复看；效果消失会自动重新打开。", "The verdict is “worked”. Once closed it is watched every 4 weeks, and opens again by itself when the effect is gone.";
    pub(crate) again_lead => "结论不是“有效”。换个办法再来一轮：基线和规则仍用立项时冻结的，从今天起的措施重新验证。", "The verdict is not “worked”. Try something else: a new round from today, measured by the same frozen rule and baseline.";
    pub(crate) give_up_lead => "结论不是“有效”，并且不再继续。将以“未见效”结案，理由会留下。", "The verdict is not “worked” and nothing more will be tried. It closes as “not effective”, and the reason stays.";
    pub(crate) extend_lead => "会话还不够。把约定的时点推后；多看一次会略增误报，所以只能由督办人决定并写明理由。", "There were too few conversations. A later look is agreed; each further look makes a false alarm a little likelier, so the supervisor decides and says why.";
    pub(crate) withdraw_lead => "不再跟进。已经开始的练兵不受影响。", "It is not followed up any more. Drills that have begun go on.";
    pub(crate) reopen_lead => "重新打开：基线仍是立项时的，从今天起的措施重新验证。", "It opens again: the baseline stays that of its opening, and what is done from today on is verified anew.";
}

messages::texts! {
    pub(crate) drill_board => "练兵看板", "Drill board";
    pub(crate) drill_board_lead => "每个练兵周期从主题到真实通话的结论。只有约定的时点（带底色）能结案，灰字是“目前”。", "Every cycle from its topic to what live conversations say. Only the agreed look (on a ground) closes; those in grey are “so far”.";
    pub(crate) topic => "主题", "Topic";
    pub(crate) period => "时间", "Period";
    pub(crate) progress => "进度", "Progress";
    pub(crate) improvement => "问题跟进", "Improvement";
    pub(crate) no_improvement => "没有立项，不验证", "none: not verified";
    pub(crate) look_weeks(n: u16) => "{n} 周", "{n} wk";
    pub(crate) not_yet => "未到", "not yet";
    pub(crate) no_cycles => "还没有练兵周期", "No cycles yet";
    pub(crate) no_cycles_hint => "从问题跟进里安排练兵，练完几周后这里会说真实通话变了没有。", "Arrange a drill from an improvement; some weeks later you read here whether live conversations changed.";
    pub(crate) overdue_step => "逾期的一步", "Overdue step";
    pub(crate) topic_to_finish => "都练过了，待收尾", "all drilled: to be finished";
    pub(crate) topic_overdue => "到期还没练完", "the topic is overdue";
}

messages::texts! {
    pub(crate) today_due(title: &str) => "您负责的问题跟进快到期：{title}", "An improvement of yours is due: {title}";
    pub(crate) today_overdue(title: &str) => "您负责的问题跟进已逾期：{title}", "An improvement of yours is overdue: {title}";
    pub(crate) today_escalated(title: &str) => "您督办的问题跟进已逾期：{title}", "An improvement you supervise is overdue: {title}";
    pub(crate) today_managed(title: &str) => "逾期一周仍未处理：{title}", "Overdue for a week and not settled: {title}";
    pub(crate) today_agree(title: &str) => "等您代表运营同意：{title}", "Waits for you to agree: {title}";
    pub(crate) today_begin(title: &str) => "已同意，等您安排措施：{title}", "Agreed, and waits for a step: {title}";
    pub(crate) today_verdict(title: &str) => "验证结论出来了：{title}", "The verdict came in: {title}";
    pub(crate) today_relapsed(title: &str) => "效果消失，已重新打开：{title}", "The effect is gone and it opened again: {title}";
    pub(crate) today_practise(zh: &str, en: &str) => "您正在练“{zh}”", "You are practising “{en}”";
    pub(crate) today_practise_detail => "看看练了什么、在真实通话里有没有用上。", "See what is practised and whether it shows in live conversations.";
    pub(crate) owner_is(name: &str) => "责任人 {name}", "Owner: {name}";
    pub(crate) look_at_it => "去看", "Look";
    pub(crate) decide => "去定", "Decide";
}

messages::texts! {
    pub(crate) how_lead => "用这个问题自己的数字，一步一步说明结论怎么来的。", "Step by step, with the figures of this very improvement.";
    pub(crate) how_why => "为什么不能直接比前后", "Why before and after are not simply compared";
    pub(crate) how_why_body => "人是因为那几周做得差才被选出来的。差到被选出来的几周，多少有运气的成分；什么都不做，下几周也会自己回升。100 人里最差的 10 个，不练也会平均回升十几个点。所以下面的“简单前后对比”只给您参考，不作结论。", "People are chosen because some weeks went badly. Weeks bad enough to be chosen for are partly bad luck, and the next ones are better without anything being done: the worst 10 of 100 rise by more than ten points undrilled. So the plain before/after below is shown beside, and never the verdict.";
    pub(crate) how_plain(before: &str, after: &str, change: &str, regression: &str) => "简单对比：选出人员的几周 {before}，练后 {after}，相差 {change}；其中单凭自然回升就该有 {regression}。", "Plain: {before} in the weeks that selected, {after} after, a difference of {change}; of it {regression} was to be expected by itself.";
    pub(crate) how_weeks => "第一步：用哪些周", "Step 1: which weeks";
    pub(crate) how_weeks_body(selection: &str, baseline: &str, after: u16) => "选出人员的周是 {selection}，它们不进任何结果。基线用它们之前的 {baseline} 个整周，练后用练兵那一周之后的 {after} 个整周；练兵当周不算。", "The weeks that selected people are {selection}; they enter no outcome. The baseline is the {baseline} full weeks before them, the outcome the {after} full weeks after the week of the drill, which itself is left out.";
    pub(crate) how_drilled => "第二步：练过的人变了多少", "Step 2: how much the drilled changed";
    pub(crate) how_side(people: &str, before: &str, after: &str, change: &str) => "{people} 人：基线 {before}，练后 {after}，加权变化 {change}。", "{people} people: baseline {before}, after {after}, weighted change {change}.";
    pub(crate) how_compared => "第三步：同样几周里，还没练的人变了多少", "Step 3: how much those not yet drilled changed in the same weeks";
    pub(crate) how_compared_body => "旺季淡季、政策、天气对谁都一样。所以减去还没练的人同期的变化；比较的是选人时估计水平相当的人。", "Seasons, policies and weather are the same for everybody, so what those not yet drilled changed in the same weeks is taken off, read at people of equal estimate when they were selected.";
    pub(crate) how_effect => "第四步：效果和把握", "Step 4: the effect, and how sure it is";
    pub(crate) how_effect_body(effect: &str, low: &str, high: &str, se: &str, df: &str) => "效果 = 第二步 − 第三步 = {effect}。95% 区间 {low} 至 {high}（标准误 {se}，自由度 {df}；同一个人的会话互相关联，已按人聚类计算）。", "Effect = step 2 − step 3 = {effect}. 95% interval {low} to {high} (standard error {se}, {df} degrees of freedom; conversations of one person resemble each other, so it is clustered by person).";
    pub(crate) how_rule => "第五步：怎么得出结论", "Step 5: how the verdict follows";
    pub(crate) how_rule_body(worthwhile: &str) => "区间全在 0 以上是“有效”，全在 0 以下是“变差”；包含 0 而上端不到 {worthwhile} 是“没有变化”；其余是“会话不够”。", "All of the interval above 0 is “worked”, all below 0 “worse”; with 0 in it and its upper end below {worthwhile}, “no change”; everything else “not enough”.";
    pub(crate) how_looks => "为什么只有约定的时点能结案", "Why only the agreed look closes";
    pub(crate) how_looks_body => "1、2、4、8 周各看一次，看到好的就停，误报会成倍增加。所以事先约定一个时点，只有它能结案；8 周的读数用来看是否保持住。结案后每 4 周复看一次；结案那次可能碰巧偏高，所以只有新 4 周确实低于“打过折的”结案效果、且不再高于基线，才算回退。", "Whoever looks after 1, 2, 4 and 8 weeks and stops at the first good one multiplies false alarms. So one look is agreed beforehand and it alone closes; the eighth week shows whether it holds. A closed one is looked at every 4 weeks. The closing weeks may have been lucky, so it counts as a relapse only when four new weeks surely fall short of the discounted closing effect and are no longer surely above the baseline.";
    pub(crate) how_method => "方法与出处", "Method and sources";
    pub(crate) how_method_body => "按练兵周堆叠的双重差分（Callaway & Sant’Anna 2021；Goodman-Bacon 2021；Cengiz 等 2019），基线不足时用经验贝叶斯（Efron & Morris 1975），按人聚类的 CR2 标准误与 Satterthwaite 自由度（Bell & McCaffrey 2002；Pustejovsky & Tipton 2018），回退判断用 James–Stein 收缩（1961）。", "Differences in differences, stacked by the week of the drill (Callaway & Sant’Anna 2021; Goodman-Bacon 2021; Cengiz et al. 2019); empirical Bayes where a baseline is short (Efron & Morris 1975); CR2 standard errors clustered by person with Satterthwaite degrees of freedom (Bell & McCaffrey 2002; Pustejovsky & Tipton 2018); James–Stein shrinkage for relapse (1961).";
    pub(crate) how_notes => "这次要留意", "To be noted here";
    pub(crate) how_no_compared => "这次没有可以比较的人。", "There was nobody to compare with.";
    pub(crate) how_no_effect => "还没有可以计算的效果。", "There is no effect to compute yet.";
    pub(crate) group => "组", "Group";
    pub(crate) drill_week => "练兵周", "Week of the drill";
    pub(crate) before_weeks => "基线的周", "Baseline weeks";
    pub(crate) after_days => "练后的周", "Weeks after";
    pub(crate) before_n => "基线会话", "Baseline n";
    pub(crate) before_shown => "基线做到", "Baseline shown";
    pub(crate) after_n => "练后会话", "After n";
    pub(crate) after_shown => "练后做到", "After shown";
    pub(crate) baseline_used => "所用基线", "Baseline used";
    pub(crate) modelled => "基线为估计", "Modelled";
    pub(crate) weight => "权重", "Weight";
    pub(crate) difference => "差值", "Difference";
}

/// A state.
pub(crate) const fn state(state: State) -> Text {
    match state {
        State::Draft => Text::fixed("待同意", "To be agreed"),
        State::Agreed => Text::fixed("已同意", "Agreed"),
        State::InAction => Text::fixed("进行中", "In action"),
        State::UnderVerification => Text::fixed("验证中", "Under verification"),
        State::Closed => Text::fixed("已结案", "Closed"),
        State::Withdrawn => Text::fixed("已撤回", "Withdrawn"),
    }
}

/// A cause.
pub(crate) const fn cause_text(cause: Cause) -> Text {
    match cause {
        Cause::Attitude => Text::fixed("态度与沟通", "Attitude, communication"),
        Cause::Knowledge => Text::fixed("业务知识", "Business knowledge"),
        Cause::Process => Text::fixed("流程", "Process"),
        Cause::System => Text::fixed("系统", "System"),
    }
}

/// A step.
pub(crate) const fn step_kind(kind: StepKind) -> Text {
    match kind {
        StepKind::Drill => Text::fixed("练兵", "Drill"),
        StepKind::Coaching => Text::fixed("辅导", "Coaching"),
        StepKind::Course => Text::fixed("课程", "Course"),
        StepKind::Process => Text::fixed("流程改动", "Change of the process"),
        StepKind::Knowledge => Text::fixed("知识更新", "Change of knowledge"),
        StepKind::System => Text::fixed("系统需求", "System requirement"),
    }
}

/// How it ended.
pub(crate) const fn ending(how: Ending) -> Text {
    match how {
        Ending::Worked => Text::fixed("有效结案", "Closed: worked"),
        Ending::NotEffective => Text::fixed("未见效结案", "Closed: not effective"),
    }
}

/// What happened.
pub(crate) const fn entry(kind: EntryKind) -> Text {
    match kind {
        EntryKind::Opened => Text::fixed("立项，基线冻结", "Opened, baseline frozen"),
        EntryKind::Edited => Text::fixed("修改", "Edited"),
        EntryKind::Agreed => Text::fixed("运营同意", "Operations agreed"),
        EntryKind::Step => Text::fixed("安排措施", "A step was arranged"),
        EntryKind::Drilled => Text::fixed("有人练过，开始验证", "Somebody was drilled; verification begins"),
        EntryKind::Verdict => Text::fixed("验证结论出来", "The verdict came in"),
        EntryKind::Accepted => Text::fixed("接受结论，结案", "Verdict accepted, closed"),
        EntryKind::Again => Text::fixed("退回再做", "Sent back for another round"),
        EntryKind::GivenUp => Text::fixed("以未见效结案", "Closed as not effective"),
        EntryKind::Extended => Text::fixed("推后验证时点", "A later look was agreed"),
        EntryKind::Withdrawn => Text::fixed("撤回", "Withdrawn"),
        EntryKind::Relapsed => {
            Text::fixed("效果消失，自动重新打开", "The effect is gone: opened again by itself")
        }
        EntryKind::Reopened => Text::fixed("重新打开", "Opened again"),
        EntryKind::Escalated => Text::fixed("逾期上报", "Overdue: escalated"),
        EntryKind::Comment => Text::fixed("说", "Said"),
    }
}

/// What the conversations say.
pub(crate) const fn outcome(outcome: Outcome) -> Text {
    match outcome {
        Outcome::Worked => Text::fixed("有效", "Worked"),
        Outcome::NoChange => Text::fixed("没有变化", "No change"),
        Outcome::Worse => Text::fixed("变差", "Worse"),
        Outcome::NotEnough => Text::fixed("会话不够", "Not enough calls"),
    }
}

/// The button of an act.
pub(crate) const fn act(act: Act) -> Text {
    match act {
        Act::Agree => Text::fixed("同意", "Agree"),
        Act::Step => Text::fixed("安排措施", "Arrange a step"),
        Act::Accept => Text::fixed("接受结论并结案", "Accept and close"),
        Act::Again => Text::fixed("退回再做", "Another round"),
        Act::GiveUp => Text::fixed("以未见效结案", "Close as not effective"),
        Act::Extend => Text::fixed("推后验证时点", "Agree a later look"),
        Act::Withdraw => Text::fixed("撤回", "Withdraw"),
        Act::Reopen => Text::fixed("重新打开", "Open again"),
        Act::Drilled | Act::Relapse => Text::fixed("", ""),
    }
}

/// What an act means, above its form.
pub(crate) const fn act_lead(act: Act) -> Text {
    match act {
        Act::Agree => agree_lead(),
        Act::Step => step_lead(),
        Act::Accept => accept_lead(),
        Act::Again => again_lead(),
        Act::GiveUp => give_up_lead(),
        Act::Extend => extend_lead(),
        Act::Withdraw => withdraw_lead(),
        Act::Reopen => reopen_lead(),
        Act::Drilled | Act::Relapse => Text::fixed("", ""),
    }
}

/// What a reading rests on or lacks. `day` spells a day, `points` a difference of uptake.
pub(crate) fn note(note: &Note, day: impl Fn(kernel::Day) -> String, points: impl Fn(f64) -> String) -> Text {
    match note {
        Note::NobodyDrilled => Text::fixed("还没有人练过。", "Nobody was drilled yet."),
        Note::Waiting { people, until } => waiting(*people, &day(until.plus(6))),
        Note::Gone { people } => gone(*people),
        Note::NothingBefore { people } => nothing_before(*people),
        Note::NotCompared { people } => not_compared(*people),
        Note::FewPeople { people, needed } => few_people(*people, *needed),
        Note::ChosenByHand => Text::fixed(
            "人员是手工选的，练前 4 周按“选出人员的周”处理。",
            "People were chosen by hand; the four weeks before the drill count as those that selected them.",
        ),
        Note::ShortBaseline { weeks } => short_baseline(*weeks),
        Note::ModelledBaseline { people } => modelled_baseline(*people),
        Note::NothingToCompare { swing: Some(swing) } => nothing_to_compare(&points(*swing)),
        Note::NothingToCompare { swing: None } => Text::fixed(
            "没有可比较的人，也没有足够的历史来估计全中心的波动，因此不下结论。",
            "There is nobody to compare with, and too little history to tell how much the whole centre swings: no verdict.",
        ),
        Note::OthersDrilled { people } => others_drilled(*people),
        Note::MorePeople { people } => more_people(*people),
        Note::RuleChanged { conversations } => rule_changed(*conversations),
        Note::Left { people } => left(*people),
        Note::ForEverybody => Text::fixed(
            "这项措施改变了所有人的工作，没有“还没练的人”可比。",
            "What was done changes everybody's work, so nobody is left to compare with.",
        ),
        Note::NoConversations => Text::fixed(
            "练后没有任何相关会话：队列可能关闭了，或还没有导入。没有会话就没有结论。",
            "There was no such conversation afterwards: the queue may be closed, or an import is missing. Without conversations there is no verdict.",
        ),
    }
}

messages::texts! {
    waiting(people: u64, until: &str) => "{people} 人的练后周还没过完，要等到 {until}。", "The weeks after the drill of {people} people are not over; they end on {until}.";
    gone(people: u64) => "{people} 人练后没有相关会话（离开或换了工作），不计入。", "{people} people had no such conversation afterwards (they left or changed their work) and are left out.";
    nothing_before(people: u64) => "{people} 人练前会话太少（新人），不计入。", "{people} people are new, with too few conversations before their drill, and are left out.";
    not_compared(people: u64) => "{people} 人练的那几周里几乎人人都练了，没有人可比，不计入。", "{people} people are left out: in their weeks nearly everybody else was drilled too.";
    few_people(people: u64, needed: u64) => "只有 {people} 人练过，少于 {needed} 人下不了结论。", "Only {people} people were drilled; a verdict takes {needed}.";
    short_baseline(weeks: u64) => "选人之前只有 {weeks} 个整周的数据。", "There are only {weeks} full weeks before those that selected.";
    modelled_baseline(people: u64) => "{people} 人基线会话太少，用经验贝叶斯估计。", "The baseline of {people} people is modelled by empirical Bayes: they had too few conversations.";
    nothing_to_compare(swing: &str) => "没有可比较的人；区间已按全中心每周的波动（约 {swing}）放宽。", "There is nobody to compare with; the interval is widened by how much the whole centre swings ({swing}).";
    others_drilled(people: u64) => "{people} 人也练过同一行为点，不拿来比较。", "{people} others were drilled on the same behaviour and are not compared with.";
    more_people(people: u64) => "同样这些人再多会话也看不出来，还要再练约 {people} 人。", "More conversations of the same people would not do; about {people} more people would have to be drilled.";
    rule_changed(conversations: u64) => "规则后来改过；按立项时冻结的规则重新读了 {conversations} 个会话。", "The rule was changed since; {conversations} conversations were read again by the frozen one.";
    left(people: u64) => "{people} 人已离开，离开前的会话照算。", "{people} of its people have left; they count until they left.";
}
