//! Does anything come into the build that `deny.toml` does not allow? With cargo alone, no network.

#![allow(clippy::disallowed_methods, reason = "a test reads the package's own files")]

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

/// The lists of `deny.toml` that this test can hold without cargo-deny.
struct Lists {
    licences: Vec<String>,
    registries: Vec<String>,
    banned: Vec<String>,
    single: Vec<String>,
}

fn lists(text: &str) -> Lists {
    let file: toml::Table = text.parse().expect("deny.toml is TOML");
    let strings = |table: &str, key: &str| -> Vec<String> {
        let list = file[table][key].as_array().expect("a list");
        list.iter().map(|item| item.as_str().expect("a string").to_owned()).collect()
    };
    let (mut banned, mut single) = (Vec::new(), Vec::new());
    for entry in file["bans"]["deny"].as_array().expect("a list") {
        let name = entry["crate"].as_str().expect("a name").to_owned();
        if entry.get("deny-multiple-versions").is_some() { single.push(name) } else { banned.push(name) }
    }
    Lists { licences: strings("licenses", "allow"), registries: strings("sources", "allow-registry"), banned, single }
}

/// A package of the build: name, version, licence expression, where it comes from (ours: nowhere).
struct Package {
    name: String,
    version: String,
    licence: String,
    source: Option<String>,
}

fn faults(packages: &[Package], lists: &Lists) -> Vec<String> {
    let mut found = Vec::new();
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in packages {
        let name = format!("{} {}", package.name, package.version);
        versions.entry(&package.name).or_default().push(&package.version);
        if !is_allowed(&package.licence, &lists.licences) {
            found.push(format!("{name}: the licence `{}` is not in the list", package.licence));
        }
        if lists.banned.contains(&package.name) {
            found.push(format!("{name} is banned"));
        }
        if let Some(source) = &package.source
            && !lists.registries.iter().any(|registry| source == &format!("registry+{registry}"))
        {
            found.push(format!("{name} comes from {source}"));
        }
    }
    for name in &lists.single {
        let there = versions.get(name.as_str()).cloned().unwrap_or_default();
        if there.len() != 1 {
            found.push(format!("{name} must be there once, and is there as {there:?}"));
        }
    }
    found
}

/// An SPDX expression of which one choice is made of allowed licences only. `/` is the old `OR`.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ").replace(" WITH ", "+WITH+");
    let words: Vec<String> = spaced.split_whitespace().map(|word| word.replace("+WITH+", " WITH ")).collect();
    let mut at = 0;
    let result = any(&words, &mut at, allowed);
    result && at == words.len()
}

fn any(words: &[String], at: &mut usize, allowed: &[String]) -> bool {
    let mut result = all(words, at, allowed);
    while words.get(*at).is_some_and(|word| word == "OR") {
        *at += 1;
        result |= all(words, at, allowed);
    }
    result
}

fn all(words: &[String], at: &mut usize, allowed: &[String]) -> bool {
    let mut result = one(words, at, allowed);
    while words.get(*at).is_some_and(|word| word == "AND") {
        *at += 1;
        result &= one(words, at, allowed);
    }
    result
}

fn one(words: &[String], at: &mut usize, allowed: &[String]) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if word != "(" {
        return allowed.contains(word);
    }
    let result = any(words, at, allowed);
    let closed = words.get(*at).is_some_and(|word| word == ")");
    *at += usize::from(closed);
    result && closed
}

fn run(program: &str, args: &[&str]) -> Vec<u8> {
    let output = Command::new(program).args(args).current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo runs this test");
    assert!(output.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// What is built here. Crates of other systems were perhaps never downloaded, and `cargo deny` sees those.
fn packages() -> Vec<Package> {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let about = String::from_utf8(run(&rustc, &["-vV"])).expect("rustc prints text");
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc knows its host").to_owned();
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let text = run(&cargo, &["metadata", "--format-version=1", "--locked", "--offline", "--filter-platform", &host]);
    let metadata: Value = serde_json::from_slice(&text).expect("cargo prints JSON");
    let word = |package: &Value, key: &str| package[key].as_str().unwrap_or_default().to_owned();
    metadata["packages"]
        .as_array()
        .expect("metadata has packages")
        .iter()
        .map(|package| Package {
            name: word(package, "name"),
            version: word(package, "version"),
            licence: word(package, "license"),
            source: package["source"].as_str().map(ToOwned::to_owned),
        })
        .collect()
}

#[test]
fn only_what_is_allowed_is_built() {
    let lists = lists(&std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/deny.toml")).expect("deny.toml is there"));
    let packages = packages();
    assert!(packages.len() > 50, "only {} packages", packages.len());
    assert_eq!(faults(&packages, &lists), Vec::<String>::new());
}

#[test]
fn planted_packages_are_found() {
    let lists = Lists {
        licences: ["MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"].map(ToOwned::to_owned).to_vec(),
        registries: vec!["https://index".to_owned()],
        banned: vec!["openssl".to_owned()],
        single: vec!["crossterm".to_owned()],
    };
    let package = |name: &str, version: &str, licence: &str, source: Option<&str>| Package {
        name: name.to_owned(),
        version: version.to_owned(),
        licence: licence.to_owned(),
        source: source.map(ToOwned::to_owned),
    };
    let crossterm = || package("crossterm", "0.29.0", "MIT", Some("registry+https://index"));
    let with = |planted: Package| faults(&[crossterm(), planted], &lists);
    assert_eq!(with(package("us", "0.1.0", "MIT OR Apache-2.0", None)), Vec::<String>::new());
    assert!(with(package("a", "1", "GPL-3.0", None))[0].contains("not in the list"));
    assert!(with(package("openssl", "1", "MIT", None))[0].contains("banned"));
    assert!(with(package("a", "1", "MIT", Some("git+https://somewhere")))[0].contains("comes from"));
    assert!(with(package("crossterm", "0.28.0", "MIT", None))[0].contains("must be there once"));
    for (expression, expected) in [
        ("MIT/GPL-3.0", true),
        ("MIT AND GPL-3.0", false),
        ("(MIT OR GPL-3.0) AND Zlib", true),
        ("(GPL-2.0 OR GPL-3.0) AND MIT", false),
        ("Apache-2.0 WITH LLVM-exception OR GPL-3.0", true),
        ("Apache-2.0", false),
        ("(MIT", false),
        ("", false),
    ] {
        assert_eq!(is_allowed(expression, &lists.licences), expected, "{expression}");
    }
}
