//! What may be done with the running platform itself.

use identity::{IdentityPermission, PermissionDef};

identity::permissions! {
    /// What may be done with the audit log and the background jobs.
    pub enum PlatformPermission in "platform" {
        ViewAudit = "view_audit" ("查看审计日志", "See the audit log") for [Administrator: Everything, Auditor: Everything];
        ViewJobs = "view_jobs" ("查看后台任务", "See background jobs") for [Manager: Everything, Administrator: Everything];
        ManageJobs = "manage_jobs" ("取消后台任务", "Cancel background jobs") for [Administrator: Everything];
    }
}

/// The permissions of the platform's own pages, beside which the app puts those of the contexts.
pub const PERMISSIONS: fn() -> Vec<PermissionDef> = all;

fn all() -> Vec<PermissionDef> {
    IdentityPermission::DEFS.iter().chain(PlatformPermission::DEFS).cloned().collect()
}
