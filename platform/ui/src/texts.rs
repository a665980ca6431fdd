//! The words of the shell and of the components.

messages::texts! {
    pub product => "练兵", "Lianbing";
    pub tagline => "发现短板 · 练到会 · 用真实通话验证", "Find the gap · drill it · prove it on live calls";
    pub skip_to_content => "跳到正文", "Skip to content";
    pub main_navigation => "主导航", "Main navigation";
    pub open_navigation => "打开导航", "Open navigation";
    pub breadcrumbs => "所在位置", "You are here";
    pub search => "搜索", "Search";
    pub search_conversations => "搜索会话：客户说的话、编号……", "Search conversations: words, id …";
    pub search_shortcut => "按 / 跳到搜索", "Press / to search";
    pub switch_language => "English", "中文";
    pub switch_language_label => "切换到英文", "Switch to Chinese";
    pub theme => "明暗", "Theme";
    pub theme_light => "浅色", "Light";
    pub theme_dark => "深色", "Dark";
    pub theme_auto => "跟随系统", "Match system";
    pub account => "我的账号", "My account";
    pub log_out => "退出登录", "Log out";
    pub user_menu => "用户菜单", "User menu";
    pub messages_region => "提示", "Messages";
    pub close => "关闭", "Close";
    pub cancel => "取消", "Cancel";
    pub demo_centre => "演示中心", "Demo centre";
    pub demo_note => "演示数据，可以随意试", "Sample data, try anything";
    pub keyboard_help => "键盘快捷键", "Keyboard shortcuts";
    pub key_search => "跳到搜索", "go to search";
    pub key_help => "打开这份说明", "open this list";
    pub key_rows => "下一行、上一行（会话页：下一个、上一个行为点），回车打开", "next and previous row, or behaviour of a conversation; Enter opens";
    pub key_answers => "会话页：所选行为点判得对、判错了", "in a conversation: the behaviour was judged right, wrong";
    pub key_neighbours => "会话页：下一条、上一条会话", "in a conversation: next and previous conversation";
    pub key_escape => "关闭", "close";
}

messages::texts! {
    pub group_today => "今日", "Today";
    pub group_listen => "发现", "Discover";
    pub group_improve => "改进", "Improve";
    pub group_manage => "管理", "Manage";
}

messages::texts! {
    pub none => "无", "None";
    pub colon => "：", ": ";
    pub not_known => "—", "–";
    pub yes => "是", "Yes";
    pub no => "否", "No";
    pub all => "全部", "All";
    pub actions => "操作", "Actions";
    pub more => "更多", "More";
    pub details => "详情", "Details";
    pub definition => "口径", "Definition";
    pub what_is_this => "这是什么？", "What is this?";
    pub required => "必填", "required";
    pub optional => "选填", "optional";
}

messages::texts! {
    pub filter => "筛选", "Filter";
    pub filter_fields => "筛选条件", "Filters";
    pub in_unit(unit: &str) => "（{unit}）", " ({unit})";
    pub as_linked => "按链接所选", "as in the link";
    pub apply => "应用", "Apply";
    pub clear_all => "全部清除", "Clear all";
    pub remove_filter(label: &str) => "去掉筛选：{label}", "Remove filter: {label}";
    pub from => "从", "from";
    pub to => "到", "to";
}

messages::texts! {
    pub columns => "列", "Columns";
    pub show_columns => "显示哪些列", "Columns to show";
    pub export => "导出", "Export";
    pub export_csv => "CSV（当前筛选与列）", "CSV (these filters and columns)";
    pub export_xlsx => "Excel（当前筛选与列）", "Excel (these filters and columns)";
    pub sort_by(label: &str) => "按{label}排序", "Sort by {label}";
    pub sorted_up => "升序", "ascending";
    pub sorted_down => "降序", "descending";
    pub rows_shown(shown: &str, total: &str) => "显示 {shown} 条，共 {total} 条", "{shown} of {total}";
    pub rows_total(total: &str) => "共 {total} 条", "{total} in total";
    pub rows_shown_only(shown: &str) => "显示 {shown} 条", "{shown} shown";
    pub next_page => "下一页", "Next page";
    pub first_page => "回到第一页", "First page";
    pub paging => "翻页", "Paging";
    pub no_match_title => "没有符合条件的内容", "Nothing matches";
    pub no_match_hint => "放宽或清除筛选条件后再试。", "Widen or clear the filters and try again.";
    pub export_too_many_rows(limit: &str) => "一次最多导出 {limit} 行。请先缩小筛选范围。", "At most {limit} rows can be exported at once. Narrow the filters first.";
}

messages::texts! {
    pub errors_title(n: usize) => "有 {n} 处需要修改，已填的内容都还在", "To fix: {n}. Everything you typed is still here";
    pub conflict_title => "您编辑期间，这里已被改动", "Somebody changed this while you were editing";
    pub conflict_by(who: &str, when: &str) => "{who} 于 {when} 保存了新版本。您填的内容一点没丢，仍在下面的表单里。", "{who} saved a newer version at {when}. Nothing you typed is lost: it is still in the form below.";
    pub conflict_field => "内容", "Field";
    pub conflict_theirs => "现在保存着的", "Saved now";
    pub conflict_yours => "您填的", "Yours";
    pub conflict_keep_mine => "仍用我的内容保存", "Save mine anyway";
    pub conflict_take_theirs => "放弃我的修改，看最新的", "Discard mine, show the latest";
    pub draft_found => "找到上次没保存的草稿。", "An unsaved draft was found.";
    pub draft_restore => "恢复草稿", "Restore it";
    pub draft_drop => "丢弃", "Discard";
    pub update_failed => "这部分没有更新：服务器没有应答或出错。页面上已有的内容仍然有效，请稍后重试。", "This part was not updated: the server did not answer, or failed. What you see may be out of date; try again shortly.";
    pub unsaved_warning => "还有没保存的内容。草稿已留在这台电脑上。", "There are unsaved changes. A draft is kept on this computer.";
}

messages::texts! {
    pub trend => "走势", "Trend";
    pub show_table => "看表格", "Show as a table";
    pub interval_95 => "95% 区间", "95% interval";
    pub interval_of(low: &str, high: &str) => "95% 区间 {low} – {high}", "95% interval {low} – {high}";
    pub sample_size(n: &str) => "n = {n}", "n = {n}";
    pub small_n(least: &str) => "样本不足 {least}，不作比较", "fewer than {least}: not compared";
    pub target => "目标", "Target";
    pub target_of(value: &str) => "目标 {value}", "target {value}";
    pub below_target => "低于目标", "below target";
    pub at_target => "达标", "on target";
    pub uncertain => "尚不能断定", "too early to tell";
    pub no_data => "无数据", "no data";
    pub change_up(points: &str) => "较上期升 {points}", "up {points} on the last period";
    pub change_down(points: &str) => "较上期降 {points}", "down {points} on the last period";
    pub change_none => "较上期持平", "unchanged";
    pub points(value: &str) => "{value} 个百分点", "{value} pp";
    pub period => "时段", "Period";
    pub value => "数值", "Value";
    pub count => "数量", "Count";
    pub row => "行", "Row";
    pub low => "下限", "Low";
    pub high => "上限", "High";
    pub centre_line => "中线", "Centre line";
    pub control_limits => "控制限", "Control limits";
    pub outside_limits => "超出控制限", "outside the limits";
    pub good_is_up => "越高越好", "higher is better";
    pub good_is_down => "越低越好", "lower is better";
    pub drill_down => "查看对应会话", "See conversations";
}

messages::texts! {
    pub role_customer => "客户", "Customer";
    pub role_agent => "客服", "Agent";
    pub role_system => "系统", "System";
    pub mark_applies => "适用时机", "Occasion";
    pub mark_shown => "做到", "Shown";
    pub mark_breach => "违反", "Breach";
    pub mark_missing => "应有未有", "Missing";
    pub mark_search => "搜索命中", "Search hit";
    pub mark_legend => "标记说明", "What the marks mean";
    pub transcript => "对话内容", "Transcript";
    pub turn_number(n: usize) => "第 {n} 轮", "turn {n}";
}

messages::texts! {
    pub progress_of(done: &str, total: &str) => "{done} / {total}", "{done} of {total}";
    pub progress_left(left: &str) => "预计还要 {left}", "about {left} left";
    pub progress_waiting => "排队中", "Waiting";
    pub progress_running => "进行中", "Running";
    pub progress_done => "已完成", "Done";
    pub progress_failed => "失败", "Failed";
    pub progress_cancelled => "已取消", "Cancelled";
    pub progress_leave => "可以离开这个页面，完成后会通知您。", "You can leave this page; you will be notified when it is done.";
    pub progress_reload => "刷新进度", "Refresh";
}

messages::texts! {
    pub urgency_now => "立即", "Now";
    pub urgency_today => "今天", "Today";
    pub urgency_week => "本周", "This week";
    pub urgency_later => "稍后", "Later";
    pub due_in(span: &str) => "剩 {span}", "{span} left";
    pub overdue_by(span: &str) => "逾期 {span}", "{span} overdue";
    pub days(n: i64) => "{n} 天", "{n} d";
    pub hours(n: i64) => "{n} 小时", "{n} h";
    pub minutes(n: i64) => "{n} 分钟", "{n} min";
    pub less_than_a_minute => "不到 1 分钟", "under a minute";
    pub today_nothing_title => "今天没有等着您的事", "Nothing is waiting for you today";
    pub today_nothing_hint => "有新的任务、到期或异常时会出现在这里。", "New tasks, deadlines and alerts will appear here.";
}
