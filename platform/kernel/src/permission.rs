//! Permissions are code, roles are rows: each context declares what may be done in it, and which of the
//! shipped roles may do it by default.

use serde::{Deserialize, Serialize};

/// One thing that somebody may or may not do, `context.verb`. Contexts declare theirs as an enum and
/// convert it; the stable name is what a role's row keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Permission(pub &'static str);

/// The roles the product ships with. Installations may add their own beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 客服代表.
    Agent,
    /// 班组长.
    TeamLeader,
    /// 练兵师.
    DrillTrainer,
    /// 质培.
    QualitySpecialist,
    /// 排班与现场管理.
    Planner,
    /// 运营经理.
    Manager,
    /// 知识库管理员.
    KnowledgeEditor,
    /// 系统管理员.
    Administrator,
    /// 审计员.
    Auditor,
}

impl Role {
    /// All shipped roles, in the order in which lists show them.
    pub const ALL: [Role; 9] = [
        Role::Agent,
        Role::TeamLeader,
        Role::DrillTrainer,
        Role::QualitySpecialist,
        Role::Planner,
        Role::Manager,
        Role::KnowledgeEditor,
        Role::Administrator,
        Role::Auditor,
    ];

    /// The stable name kept in rows and used by imports.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Agent => "agent",
            Role::TeamLeader => "team_leader",
            Role::DrillTrainer => "drill_trainer",
            Role::QualitySpecialist => "quality_specialist",
            Role::Planner => "planner",
            Role::Manager => "manager",
            Role::KnowledgeEditor => "knowledge_editor",
            Role::Administrator => "administrator",
            Role::Auditor => "auditor",
        }
    }

    /// The role of a stable name.
    pub fn parse(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }
}
