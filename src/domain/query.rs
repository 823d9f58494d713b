//! QUERY of the command line: words that must all occur, and `utility:` `status:` `ball:` `owner:`.

/// A query, read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Query {
    /// Folded words; all must occur somewhere in the row.
    pub words: Vec<String>,
    pub utility: Option<String>,
    pub status: Option<String>,
    pub ball: Option<String>,
    pub owner: Option<String>,
}

impl Query {
    /// Reads a query. `Err` says which filter is unknown, empty, or given twice.
    pub fn read(text: &str) -> Result<Query, String> {
        let mut query = Query::default();
        for word in text.split_whitespace() {
            let Some((name, value)) = word.split_once(':') else {
                query.words.push(super::text::fold(word));
                continue;
            };
            let slot = match name {
                "utility" => &mut query.utility,
                "status" => &mut query.status,
                "ball" => &mut query.ball,
                "owner" => &mut query.owner,
                _ => return Err(format!("{name}: is no filter; the filters are utility:, status:, ball:, owner:")),
            };
            if value.is_empty() {
                return Err(format!("{name}: needs a value, as in {name}:VALUE"));
            }
            if slot.replace(super::text::fold(value)).is_some() {
                return Err(format!("{name}: is given twice; one value each"));
            }
        }
        Ok(query)
    }

    /// Whether a row passes. `utility` gets the utility's name, its short name and what the file
    /// said; `haystack` is the row's folded text.
    pub fn matches(&self, row: &Row<'_>) -> bool {
        let is = |wanted: &Option<String>, values: &[&str]| {
            wanted
                .as_ref()
                .is_none_or(|wanted| values.iter().any(|value| super::text::fold(value).replace(' ', "-") == wanted.replace(' ', "-")))
        };
        is(&self.utility, row.utility)
            && is(&self.status, &[row.status])
            && is(&self.ball, &[row.ball])
            && is(&self.owner, &[row.owner])
            && self.words.iter().all(|word| row.haystack.contains(word.as_str()))
    }
}

/// What a query looks at.
pub struct Row<'a> {
    pub utility: &'a [&'a str],
    pub status: &'a str,
    pub ball: &'a str,
    pub owner: &'a str,
    pub haystack: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_filters() {
        let row = Row {
            utility: &["Rocky Mountain Power", "RMP"],
            status: "deficiency",
            ball: "us",
            owner: "jdoe",
            haystack: "a-1042 jorg smith meter swap",
        };
        let passes = |text: &str| Query::read(text).map(|query| query.matches(&row));
        assert_eq!(passes(""), Ok(true));
        assert_eq!(passes("Jörg METER"), Ok(true));
        assert_eq!(passes("meter absent"), Ok(false));
        assert_eq!(passes("utility:rmp status:deficiency ball:us owner:jdoe swap"), Ok(true));
        assert_eq!(passes("utility:rocky-mountain-power"), Ok(true));
        assert_eq!(passes("utility:rm"), Ok(false));
        for (text, says) in [("kw:3", "no filter"), ("status:", "needs a value"), ("ball:us ball:ahj", "given twice")] {
            assert!(passes(text).is_err_and(|err| err.contains(says)), "{text}");
        }
    }
}
