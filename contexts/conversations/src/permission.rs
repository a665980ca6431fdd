//! What may be done with conversations, and by whom unless an installation says otherwise.

identity::permissions! {
    /// What may be done with conversations.
    pub enum ConversationsPermission in "conversations" {
        View = "view" ("查看会话", "See conversations") for [Agent: Own, TeamLeader: Units, DrillTrainer: Units, QualitySpecialist: Everything, Manager: Everything, Administrator: Everything];
        SeePersonalData = "see_personal_data" ("查看电话、证件与卡号", "See phone, identity and card numbers") for [QualitySpecialist: Everything];
        Export = "export" ("导出会话清单", "Export lists of conversations") for [TeamLeader: Units, QualitySpecialist: Everything, Manager: Everything];
        Import = "import" ("导入会话", "Import conversations") for [QualitySpecialist: Everything, Manager: Everything, Administrator: Everything];
    }
}
