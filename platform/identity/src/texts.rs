//! The words of this part, in both languages.

use kernel::Role;
use messages::{Text, texts};

texts! {
    pub(crate) refused => "账号或密码不正确。请核对后重试；忘记密码请联系管理员重设。", "Wrong account or password. Check both and try again; if you forgot the password, ask an administrator to set a new one.";
    pub(crate) disabled => "该账号已停用。如需恢复，请联系管理员。", "This account is disabled. Ask an administrator to enable it.";
    pub(crate) too_many_attempts(seconds: i64) => "尝试次数过多，请在 {seconds} 秒后重试。", "Too many failed attempts. Try again in {seconds} s.";
    pub(crate) busy => "系统繁忙，请稍后再试。", "The system is busy. Try again in a moment.";
    pub(crate) already_set_up => "系统已完成初始化，请直接登录。", "This installation is already set up. Sign in.";
    pub(crate) account_name(max: usize) => "账号名须为 1 到 {max} 个可见字符。", "An account name has 1 to {max} visible characters.";
    pub(crate) name_taken(name: &str) => "账号“{name}”已存在，请换一个名称。", "There is already an account “{name}”. Choose another name.";
    pub(crate) password_too_short(n: usize, min: usize) => "密码有 {n} 个字符，至少需要 {min} 个。一句容易记住的话就很好。", "The password has {n} characters and needs at least {min}. A sentence that is easy to remember works well.";
    pub(crate) password_too_long(max: usize) => "密码不能超过 {max} 个字符。", "The password has more than {max} characters. Use a shorter one.";
    pub(crate) password_is_name => "密码不能与账号名相同。", "The password must not be the account name.";
    pub(crate) password_too_common => "这个密码太常见，容易被猜到，请换一个。", "This password is too common and easily guessed. Choose another.";
    pub(crate) wrong_password => "当前密码不正确。", "The current password is not correct.";
    pub(crate) unknown_role(role: &str) => "没有名为“{role}”的角色。", "There is no role “{role}”.";
    pub(crate) no_units(role: &str) => "角色“{role}”按组织单元授权，请至少选择一个单元。", "The role “{role}” is granted over units; choose at least one.";
    pub(crate) last_administrator => "这是最后一个可以管理整个系统的账号。请先设置另一位管理员。", "This is the last account that can administer everything. Make another administrator first.";
    pub(crate) changed => "内容已被他人修改。您填写的内容仍在，请核对最新内容后再保存。", "Somebody else changed this in the meantime. What you typed is still here; check the latest version, then save again.";
    pub(crate) role_name(name: &str) => "“{name}”不能作为角色代号，请只用小写字母、数字和下划线。", "“{name}” cannot be the name of a role. Use a–z, 0–9 and _.";
    pub(crate) role_title(max: usize) => "角色名称须为 1 到 {max} 个字符。", "A role needs a title of 1 to {max} characters.";
    pub(crate) role_name_taken(name: &str) => "角色“{name}”已存在，请换一个代号。", "There is already a role “{name}”. Choose another name.";
    pub(crate) unknown_permission(name: &str) => "没有名为“{name}”的权限。", "There is no permission “{name}”.";
    pub(crate) role_shipped => "内置角色不能修改。请新建一个角色。", "Built-in roles cannot be changed. Add a role of your own.";
    pub(crate) token_name(max: usize) => "令牌名称须为 1 到 {max} 个字符。", "A token needs a name of 1 to {max} characters.";
    pub(crate) token_expires => "到期时间已过，请选择更晚的时间。", "This expiry time is in the past. Choose a later one.";
    pub(crate) too_many_tokens(max: i64) => "该账号已有 {max} 个令牌，请先撤销不用的令牌。", "This account has {max} tokens. Revoke one first.";
}

/// The title of a shipped role, as every list, page and log-in button shows it.
pub const fn role_label(role: Role) -> Text {
    match role {
        Role::Agent => Text::fixed("客服代表", "Agent"),
        Role::TeamLeader => Text::fixed("班组长", "Team leader"),
        Role::DrillTrainer => Text::fixed("练兵师", "Drill trainer"),
        Role::QualitySpecialist => Text::fixed("质培", "Quality specialist"),
        Role::Planner => Text::fixed("排班与现场管理", "Planner"),
        Role::Manager => Text::fixed("运营经理", "Manager"),
        Role::KnowledgeEditor => Text::fixed("知识库管理员", "Knowledge editor"),
        Role::Administrator => Text::fixed("系统管理员", "Administrator"),
        Role::Auditor => Text::fixed("审计员", "Auditor"),
    }
}
