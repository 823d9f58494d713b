//! Which applications could be the same as this one?

use crate::domain::application::Application;
use crate::domain::id::SubjectId;
use crate::domain::likeness::{Likeness, Traits};
use crate::domain::trouble::Trouble;
use crate::store::Store;

/// The likeliest first.
pub fn of(store: &Store, application: &Application) -> Result<Vec<(Application, Likeness)>, Trouble> {
    let mut found = of_traits(store, &Traits::of_application(application), usize::MAX)?;
    found.retain(|(other, _)| other.id != application.id);
    found.sort_by_key(|(_, likeness)| std::cmp::Reverse(likeness.points));
    Ok(found)
}

/// At most `limit` are looked at: each is a record read and folded.
pub fn of_traits(store: &Store, traits: &Traits, limit: usize) -> Result<Vec<(Application, Likeness)>, Trouble> {
    let mut subjects: Vec<SubjectId> = store.marked_alike(traits)?.into_iter().map(|(subject, _)| subject).collect();
    subjects.sort();
    subjects.dedup();
    let mut found = Vec::new();
    for subject in subjects.into_iter().take(limit) {
        let Some(application) = store.application(subject)? else { continue };
        if let Some(likeness) = traits.compare(&Traits::of_application(&application)) {
            found.push((application, likeness));
        }
    }
    Ok(found)
}
