//! The binary: all of it is in the library, so that tests reach it.

/// The system's allocator costs an import of many small texts a third of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    intertie::cli::main()
}
