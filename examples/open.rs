fn main() {
    let db = std::env::args().nth(1);
    let session = intertie::run::Session { database: db.map(Into::into), today: None };
    match intertie::run::open(&session) {
        Ok(ended) => std::process::exit(ended.code().into()),
        Err(failure) => { eprintln!("{} {:?}", failure.says(), failure.causes()); std::process::exit(failure.exit_code().into()) }
    }
}
