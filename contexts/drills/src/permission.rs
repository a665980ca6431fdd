//! What may be done with drills.

identity::permissions! {
    /// What may be done with topics, scenarios and rehearsals.
    pub enum DrillsPermission in "drills" {
        ViewTopics = "view_topics" ("查看练兵主题", "See drill topics") for [Agent: Own, TeamLeader: Units, DrillTrainer: Units, QualitySpecialist: Everything, Manager: Everything];
        RunTopics = "run_topics" ("安排练兵", "Run drill topics") for [TeamLeader: Units, DrillTrainer: Units, QualitySpecialist: Everything, Manager: Everything];
        Rehearse = "rehearse" ("陪练", "Rehearse") for [Agent: Own, TeamLeader: Own, DrillTrainer: Own, QualitySpecialist: Own, Planner: Own, Manager: Own, KnowledgeEditor: Own, Administrator: Own];
        /// One's own, and those of the people one trains. Practice is no figure to rank by: managers see their own only.
        SeeRehearsals = "see_rehearsals" ("查看陪练记录", "See rehearsals") for [Agent: Own, TeamLeader: Units, DrillTrainer: Units, QualitySpecialist: Everything, Planner: Own, Manager: Own, KnowledgeEditor: Own, Administrator: Own];
        EditScenarios = "edit_scenarios" ("编辑练兵脚本", "Edit scenarios") for [DrillTrainer: Everything, QualitySpecialist: Everything, Manager: Everything];
    }
}
