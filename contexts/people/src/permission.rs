//! What may be done here, and by whom.

identity::permissions! {
    /// What may be done with people and the structure of the centre.
    pub enum PeoplePermission in "people" {
        View = "view" ("查看人员", "See people") for [
            Agent: Own, TeamLeader: Units, DrillTrainer: Units, QualitySpecialist: Everything, Planner: Everything,
            Manager: Everything, Administrator: Everything, Auditor: Everything
        ];
        Edit = "edit" ("新增与修改人员、调动、离职", "Add, edit and move people") for [Manager: Everything, Administrator: Everything];
        Import = "import" ("导入人员", "Import people") for [Manager: Everything, Administrator: Everything];
        EditStructure = "edit_structure" ("修改组织、队列与技能", "Edit units, queues and skills") for [Manager: Everything, Administrator: Everything];
    }
}
