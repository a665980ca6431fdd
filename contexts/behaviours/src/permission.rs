//! What may be done with behaviours.

identity::permissions! {
    /// What may be done with behaviours and with what was observed of them.
    pub enum BehavioursPermission in "behaviours" {
        View = "view" ("查看行为点", "See behaviours") for [Agent: Everything, TeamLeader: Everything, DrillTrainer: Everything, QualitySpecialist: Everything, Planner: Everything, Manager: Everything, KnowledgeEditor: Everything, Administrator: Everything];
        Edit = "edit" ("编辑行为点规则", "Edit behaviours and their rules") for [QualitySpecialist: Everything, Manager: Everything, Administrator: Everything];
        SeeUptake = "see_uptake" ("查看使用率与短板", "See uptake and gaps") for [Agent: Own, TeamLeader: Units, DrillTrainer: Units, QualitySpecialist: Everything, Manager: Everything];
        Review = "review" ("复核判断", "Mark what was found as right or wrong") for [TeamLeader: Units, DrillTrainer: Units, QualitySpecialist: Everything, Manager: Everything];
    }
}
