//! The server's own words.

use messages::{Text, texts};

/// The title of a problem by its HTTP status.
pub fn problem_title(status: u16) -> Text {
    match status {
        401 => Text::fixed("请先登录", "Sign in first"),
        403 => Text::fixed("请求被拒绝", "Request refused"),
        404 => Text::fixed("没有找到", "Not found"),
        409 => Text::fixed("内容已被更改", "Changed in the meantime"),
        413 => Text::fixed("内容太大", "Too large"),
        422 | 400 => Text::fixed("无法处理这个请求", "This request cannot be carried out"),
        429 => Text::fixed("请稍候", "Please wait"),
        500 => Text::fixed("系统出错了", "Something went wrong"),
        503 => Text::fixed("暂时不可用", "Not available right now"),
        _ => Text::fixed("请求未完成", "The request was not completed"),
    }
}

texts! {
    pub token_reads_only => "这个令牌只能读取。请在“我的账号”里创建可写入的令牌。", "This token only reads. Make one that writes under “My account”.";
    pub sign_in_needed => "请先登录，然后再试一次。您输入的内容没有丢失，可返回上一页。", "Sign in, then try again. Nothing you typed is lost: go back one page.";
    pub must_change_password => "请先设置自己的新密码，然后才能使用其他页面。", "Choose a new password first; you can use the other pages after that.";
    pub too_many_fields(n: usize, max: usize) => "表单有 {n} 个字段，最多 {max} 个。", "The form has {n} fields; at most {max} are read.";
    pub form_too_large => "表单内容太大。请缩短后再提交。", "The form is too large. Shorten it and send it again.";
    pub form_unreadable => "无法读取这个表单。请刷新页面后重新提交。", "The form cannot be read. Reload the page and send it again.";
    pub method_not_allowed => "这个地址不支持这种请求方法。", "This address does not take that method.";
    pub cross_site => "请求来自另一个网站，已拒绝。请从本系统的页面操作；如通过代理访问，请在配置里填写 public_address。", "The request came from another site and was refused. Use the pages of this system; behind a proxy, set public_address in the configuration.";
    pub too_large => "提交的内容超过了大小上限。请分成几份再提交。", "What was sent is larger than the limit. Send it in parts.";
    pub timed_out => "处理时间过长，已停止。请缩小范围后再试。", "This took too long and was stopped. Narrow it down and try again.";
    pub unreadable => "无法理解这个请求，请检查格式。", "The request cannot be understood; check its format.";
    pub bad_limit(limit: u32, max: u32) => "limit 为 {limit}，应在 1 到 {max} 之间。", "limit is {limit}; it must be between 1 and {max}.";
    pub bad_cursor => "cursor 无效。请使用上一页返回的 next，或去掉它从头开始。", "The cursor is not one this list gave out. Use the `next` of the page before, or leave it out to start over.";
    pub bad_body(line: usize, column: usize, why: &str) => "正文第 {line} 行第 {column} 列无法读取：{why}", "The body cannot be read at line {line}, column {column}: {why}";
    pub bad_query(why: &str) => "地址中的参数无法读取：{why}", "The query cannot be read: {why}";
    pub bad_idempotency_key(max: usize) => "Idempotency-Key 应为 1 到 {max} 个字符。", "An Idempotency-Key has 1 to {max} characters.";
    pub idempotency_key_reused => "这个 Idempotency-Key 已用于另一个请求。请为新的请求生成新的键。", "This Idempotency-Key was used for a different request. Make a new key for a new request.";

    pub sign_in => "登录", "Sign in";
    pub sign_in_lead => "从“能懂”到“会用”。", "From understood to used.";
    pub account_name => "账号", "Account";
    pub password => "密码", "Password";
    pub password_again => "再输入一次密码", "Repeat password";
    pub passwords_differ => "两次输入的密码不一样，请重新输入。", "The two passwords do not match; type them again.";
    pub set_up => "创建管理员", "Create the administrator account";
    pub set_up_lead => "这是第一次启动。请创建管理员账号，之后由管理员添加其他人。", "This is the first start. Create the administrator's account; the administrator then adds everybody else.";
    pub create => "创建并进入", "Create and sign in";
    pub password_hint => "至少 10 个字符；可以是一句容易记住的话。", "At least 10 characters; a sentence you can remember works well.";
    pub demo_enter => "以谁的身份进入？", "Who would you like to be?";
    pub demo_enter_lead => "这是演示中心：数据由程序生成，不含真实的人。点击一个角色即可进入，无需密码。", "This is the demo centre: all data is made up, and nobody in it is real. Click a role to enter; no password needed.";
    pub enter => "进入", "Enter";
    pub today => "今日", "Today";
    pub problem_reference(code: &str, request: &str) => "联系管理员时请提供：{code} · {request}", "When you ask an administrator, give: {code} · {request}";
    pub back_to_today => "回到今日", "Back to Today";
    pub first_accounts => "为同事建立账号、授予角色", "Add accounts and roles for your people";
    pub first_accounts_detail => "管理员看不到使用率与短板：请给质培、班组长等建账号，或在自己的账号上加一个角色。", "Administrators do not see uptake and gaps: add accounts for quality specialists and team leaders, or add a role to your own.";
    pub failed_jobs => "有后台任务失败", "Background jobs have failed";
    pub failed_jobs_detail => "打开查看原因和处理办法。", "Open them for the reason and what to do.";
    pub open => "打开", "Open";
    pub waiting => "等我处理", "Waiting for me";
    pub my_account => "我的账号", "My account";
    pub signed_in_where => "登录会话", "Login sessions";
    pub this_session => "当前", "This one";
    pub end_session => "退出", "Sign out";
    pub end_others => "退出其他登录", "Sign out everywhere else";
    pub session_ended => "已退出", "Signed out there";
    pub last_used => "最近使用", "Last used";
    pub since => "开始于", "Since";
    pub from_ip => "来自", "From";
    pub browser => "浏览器", "Browser";
    pub change_password => "修改密码", "Change password";
    pub old_password => "现在的密码", "Current password";
    pub new_password => "新密码", "New password";
    pub password_changed => "密码已修改，其他会话已结束", "Password changed; all other login sessions were ended";
    pub save => "保存", "Save";
    pub tokens => "接口令牌", "API tokens";
    pub tokens_empty => "还没有令牌。程序通过令牌访问接口；令牌的权限不超过您本人。", "No tokens yet. Programs use the API with a token; it can do no more than you can.";
    pub token_name => "用途", "Purpose";
    pub token_may_write => "可以写入", "Can write";
    pub token_create => "创建令牌", "Create token";
    pub token_once => "请现在复制这个令牌，之后不会再显示：", "Copy this token now; it will not be shown again:";
    pub token_revoke => "吊销", "Revoke";
    pub token_revoked => "令牌已吊销", "Token revoked";
    pub reads => "只读", "Read";
    pub reads_writes => "读写", "Read and write";
}
