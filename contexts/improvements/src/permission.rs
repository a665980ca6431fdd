//! What may be done with improvements.

identity::permissions! {
    /// What may be done with improvements and the proof of their effect.
    pub enum ImprovementsPermission in "improvements" {
        View = "view" ("查看问题跟进与上线验证", "See improvements and their proof") for [Agent: Own, TeamLeader: Units, DrillTrainer: Units, QualitySpecialist: Everything, Manager: Everything];
        Edit = "edit" ("提出和推进问题跟进", "Open improvements and act on them") for [TeamLeader: Units, DrillTrainer: Units, QualitySpecialist: Everything, Manager: Everything];
        Supervise = "supervise" ("督办：同意、结案、退回", "Supervise: agree, close, send back") for [Manager: Everything];
    }
}
