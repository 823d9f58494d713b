//! Which fields can be asked for, sorted by and completed? One table for all of it.

/// Fields whose values are few names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NameField {
    Utility,
    Status,
    Ball,
    Owner,
    Lane,
    Product,
    Program,
}

/// Fields of free text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TextField {
    Reference,
    Number,
    Customer,
    Site,
    Hold,
    Todo,
    Note,
    Project,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NumberField {
    /// In watts.
    Size,
    Score,
    Vip,
    Todos,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DayField {
    Due,
    /// The nearer of what we may lose and what we owe by law.
    Legal,
    /// What the other side owes by law.
    Owed,
    Promised,
    Expires,
    Goal,
    Install,
    Incentive,
    TodoDue,
    Entered,
    Touched,
}

impl DayField {
    /// Its days lie behind us, so a count of days in a query is an age.
    pub fn is_past(self) -> bool {
        matches!(self, DayField::Entered | DayField::Touched)
    }
}

/// What a row is or is not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flag {
    /// On hold, a legal hold too.
    Hold,
    LegalHold,
    Workable,
    /// Until a day, or until something arrives.
    Away,
    Escalated,
    Complaint,
    Vip,
}

impl Flag {
    pub const ALL: [(Flag, &'static str, &'static str); 7] = [
        (Flag::Hold, "hold", "on hold"),
        (Flag::LegalHold, "legal-hold", "on legal hold"),
        (Flag::Workable, "workable", "to be worked now"),
        (Flag::Away, "away", "away until a day, or until something arrives"),
        (Flag::Escalated, "escalated", "escalated"),
        (Flag::Complaint, "complaint", "a complaint"),
        (Flag::Vip, "vip", "VIP"),
    ];

    pub fn parse(name: &str) -> Option<Flag> {
        Flag::ALL.into_iter().find(|(_, known, _)| *known == name).map(|(flag, ..)| flag)
    }

    pub fn label(self) -> &'static str {
        Flag::ALL.into_iter().find(|(flag, ..)| *flag == self).map_or("", |(.., label)| label)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Name(NameField),
    Text(TextField),
    Number(NumberField),
    Day(DayField),
    /// `is:away`: the flags under a name.
    Is,
}

/// One field of the language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Field {
    pub name: &'static str,
    pub aliases: &'static [&'static str],
    pub kind: Kind,
    /// As the reading of a query says it.
    pub label: &'static str,
    /// What it asks for, for completion and docs.
    pub about: &'static str,
}

const fn field(name: &'static str, aliases: &'static [&'static str], kind: Kind, label: &'static str, about: &'static str) -> Field {
    Field { name, aliases, kind, label, about }
}

use Kind::{Day, Is, Name, Number, Text};

/// In the order in which completion offers them: what is asked for most comes first.
pub const FIELDS: &[Field] = &[
    field("utility", &[], Name(NameField::Utility), "utility", "its name, short name or alias"),
    field("status", &[], Name(NameField::Status), "status", "where it stands"),
    field("ball", &["waiting"], Name(NameField::Ball), "waiting on", "who must act next"),
    field("owner", &[], Name(NameField::Owner), "owner", "whose it is; me, or pool for nobody's"),
    field("due", &["follow-up", "look"], Day(DayField::Due), "we look", "the day on which we look again"),
    field("touched", &[], Day(DayField::Touched), "last touched", "the last touch; touched>14d: more than 14 days ago"),
    field("legal", &[], Day(DayField::Legal), "legal", "the nearest clock that is ours to keep"),
    field("kw", &["size"], Number(NumberField::Size), "size", "the size in kW; 500W, 1.2MW"),
    field("is", &[], Is, "is", "hold, legal-hold, workable, away, escalated, complaint, vip"),
    field("promised", &[], Day(DayField::Promised), "they said", "the day that they promised"),
    field("expires", &[], Day(DayField::Expires), "expires", "what runs out first: approval, permit, insurance"),
    field("goal", &[], Day(DayField::Goal), "goal", "the day that our own side wants"),
    field("entered", &[], Day(DayField::Entered), "in its status since", "since when it has its status; entered>10b: longer"),
    field("customer", &["contact"], Text(TextField::Customer), "customer", "the customer's name"),
    field("site", &[], Text(TextField::Site), "site", "the site"),
    field("project", &[], Text(TextField::Project), "project", "the project's own name or number"),
    field("lane", &[], Name(NameField::Lane), "lane", "utility, permit, incentive"),
    field("product", &[], Name(NameField::Product), "product", "what is installed"),
    field("program", &["programme"], Name(NameField::Program), "program", "the utility's program"),
    field("owed", &[], Day(DayField::Owed), "they owe", "the nearest clock that the other side must keep"),
    field("install", &[], Day(DayField::Install), "install", "the next install or inspection day"),
    field("incentive", &[], Day(DayField::Incentive), "incentive", "by when the incentive must be claimed"),
    field("todo-due", &[], Day(DayField::TodoDue), "to-do due", "the first to-do's day"),
    field("todo", &[], Text(TextField::Todo), "to-do", "words of the first to-do"),
    field("todos", &[], Number(NumberField::Todos), "to-dos", "how many to-dos are open"),
    field("note", &[], Text(TextField::Note), "last note", "words of the last note"),
    field("hold", &[], Text(TextField::Hold), "hold", "words of why it is on hold"),
    field("number", &["application"], Text(TextField::Number), "number", "the number that the utility gave"),
    field("ref", &["reference", "id"], Text(TextField::Reference), "reference", "our reference"),
    field("score", &["pts", "points"], Number(NumberField::Score), "points", "its points in the queue"),
    field("vip", &[], Number(NumberField::Vip), "VIP", "the VIP grade"),
];

/// The field of that name or alias.
pub fn find(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name || field.aliases.contains(&name))
}

pub fn of_kind(kind: Kind) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.kind == kind)
}
